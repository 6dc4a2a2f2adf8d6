package dev.postern.app.config;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Host;
import dev.postern.wire.Endpoint;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;

/// Addresses, hosts and ports as the configuration and the command line write them; names are never
/// looked up here.
public final class Endpoints {
    private static final String UNIX = "unix:";

    private Endpoints() {}

    /// A host with a port.
    public record HostAndPort(Host host, int port) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /// An address and a port: `192.0.2.1:25`, `[2001:db8::1]:25`.
    public static Optional<Endpoint.Inet> inet(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            return Optional.empty();
        }
        String address = text.substring(0, colon);
        boolean bracketed = address.startsWith("[") && address.endsWith("]");
        if (!bracketed && address.indexOf(':') >= 0) {
            return Optional.empty();
        }
        Optional<InetAddress> literal = literal(bracketed ? address.substring(1, address.length() - 1) : address);
        Optional<Integer> port = port(text.substring(colon + 1));
        return literal.isEmpty() || port.isEmpty()
                ? Optional.empty()
                : Optional.of(new Endpoint.Inet(literal.get(), port.get()));
    }

    static Optional<Endpoint> listening(String text) {
        return inet(text).map(Endpoint.class::cast);
    }

    /// An address and a port, or `unix:PATH`, relative to a folder.
    public static Optional<Endpoint> any(String text, Path folder) {
        return text.startsWith(UNIX) && text.length() > UNIX.length()
                ? Optional.of(new Endpoint.Unix(folder.resolve(text.substring(UNIX.length()))))
                : listening(text);
    }

    /// A port, 0 to 65535.
    public static Optional<Integer> port(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(Integer.parseInt(text)).filter(port -> port <= 65535);
    }

    /// A host name, or an address with or without brackets.
    public static Optional<Host> host(String text) {
        String inner = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        Optional<InetAddress> literal = literal(inner);
        return literal.isPresent()
                ? literal.map(Host.AddressLiteral::new)
                : DomainName.parse(text).filter(DomainName::isHostName).map(Host.Domain::new);
    }

    /// A host with or without a port.
    public static Optional<HostAndPort> hostAndPort(String text, int otherwise) {
        int colon = text.lastIndexOf(':');
        Optional<Host> whole = host(text);
        if (whole.isPresent() || colon < 1) {
            return whole.map(host -> new HostAndPort(host, otherwise));
        }
        Optional<Host> host = host(text.substring(0, colon));
        Optional<Integer> port = port(text.substring(colon + 1)).filter(p -> p > 0);
        return host.isEmpty() || port.isEmpty()
                ? Optional.empty()
                : Optional.of(new HostAndPort(host.get(), port.get()));
    }

    /// An address with a port put behind it.
    public static String withPort(String address, int port) {
        return address.indexOf(':') >= 0 && !address.startsWith("[")
                ? "[" + address + "]:" + port
                : address + ":" + port;
    }

    private static Optional<InetAddress> literal(String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> "0123456789abcdefABCDEF:.%".indexOf(c) >= 0)) {
            return Optional.empty();
        }
        boolean dottedQuad = text.chars().filter(c -> c == '.').count() == 3;
        if (!dottedQuad && text.indexOf(':') < 0) {
            return Optional.empty(); // ofLiteral would take 25 for 0.0.0.25
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty(); // the exception is how ofLiteral says "no"
        }
    }
}
