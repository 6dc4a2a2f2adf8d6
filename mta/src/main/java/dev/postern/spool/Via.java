package dev.postern.spool;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Host;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The host through which an operator sends a message, in place of the usual next hop.
///
/// @param host where it is; a domain is looked up by A and AAAA only
/// @param port 1 to 65535
/// @param proven whether it must prove by its certificate that it is the one; else TLS is used where it is offered
public record Via(Host host, int port, boolean proven) {
    private static final int SMTP = 25;
    private static final Pattern TEXT = Pattern.compile("([^\\[\\]:]+|\\[[^\\[\\]]+\\])(?::([0-9]{1,5}))?");
    private static final Pattern DOTTED = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern DIGITS = Pattern.compile("[0-9.]+");
    private static final String IPV6 = "IPv6:";

    /// @throws IllegalArgumentException if the port is none
    public Via {
        if (port < 1 || port > 0xFFFF) {
            throw new IllegalArgumentException("port " + port);
        }
    }

    /// Reads what {@link #toString} writes, an IPv6 address also without its mark.
    ///
    ///     via     = host [":" port]           ; 25 if none is given
    ///     host    = domain / IPv4 / "[" IPv4 "]" / "[" ["IPv6:"] IPv6 "]"
    ///
    /// @return empty if the text is none
    public static Optional<Via> parse(String text, boolean proven) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int port = Optional.ofNullable(matcher.group(2)).map(Integer::valueOf).orElse(SMTP);
        return port < 1 || port > 0xFFFF
                ? Optional.empty()
                : host(matcher.group(1)).map(host -> new Via(host, port, proven));
    }

    private static Optional<Host> host(String text) {
        if (text.startsWith("[")) {
            return literal(text.substring(1, text.length() - 1));
        }
        return DIGITS.matcher(text).matches()
                ? literal(text)
                : DomainName.parse(text).map(Host.Domain::new);
    }

    private static Optional<Host> literal(String text) {
        boolean six = text.regionMatches(true, 0, IPV6, 0, IPV6.length());
        String address = six ? text.substring(IPV6.length()) : text;
        if (!DOTTED.matcher(address).matches() && (address.indexOf(':') < 0 || address.indexOf('%') >= 0)) {
            return Optional.empty(); // ofLiteral would take 25 for 0.0.0.25
        }
        try {
            return Optional.of(new Host.AddressLiteral(InetAddress.ofLiteral(address)));
        } catch (IllegalArgumentException no) {
            return Optional.empty(); // the exception is how ofLiteral says "no"
        }
    }

    /// Such as `relay.example:25`, `[192.0.2.1]:25` or `[IPv6:2001:db8:0:0:0:0:0:1]:25`.
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
