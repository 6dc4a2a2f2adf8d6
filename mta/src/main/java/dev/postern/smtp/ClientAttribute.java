package dev.postern.smtp;

import dev.postern.dns.DomainName;
import java.util.Locale;
import java.util.Optional;

/// Something that XCLIENT or XFORWARD tells of another server's client, by its name on the wire.
///
/// @spec https://www.postfix.org/XCLIENT_README.html XCLIENT
/// @spec https://www.postfix.org/XFORWARD_README.html XFORWARD
public enum ClientAttribute {
    /// The client's name in DNS.
    NAME,
    /// The client's address: IPv4, or IPv6 with `IPV6:` before it.
    ADDR,
    /// The client's TCP port.
    PORT,
    /// SMTP or ESMTP.
    PROTO,
    /// The name that the client gave.
    HELO,
    /// The user that the client has logged in as.
    LOGIN,
    /// The address that the client has connected to.
    DESTADDR,
    /// The TCP port that the client has connected to.
    DESTPORT,
    /// How the other server names the message.
    IDENT,
    /// LOCAL or REMOTE: where the message has come into the site.
    SOURCE;

    private static final int MAX_OCTETS = 255;

    /// The attribute of this name, whatever its case; empty if there is none.
    static Optional<ClientAttribute> parse(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        for (ClientAttribute attribute : values()) {
            if (attribute.name().equals(upper)) {
                return Optional.of(attribute);
            }
        }
        return Optional.empty();
    }

    /// Whether a text, decoded, is a value of it.
    boolean admits(String value) {
        if (value.isEmpty() || Text.octets(value) > MAX_OCTETS || Text.hasControl(value)) {
            return false;
        }
        return switch (this) {
            case NAME -> DomainName.parse(value).filter(DomainName::isHostName).isPresent();
            case ADDR, DESTADDR -> ClientAttributes.address(value).isPresent();
            case PORT, DESTPORT -> ClientAttributes.port(value).isPresent();
            case PROTO -> value.equalsIgnoreCase("SMTP") || value.equalsIgnoreCase("ESMTP");
            case HELO -> value.chars().allMatch(c -> c > ' ' && c < 0x7F);
            case LOGIN, IDENT -> true;
            case SOURCE -> value.equalsIgnoreCase("LOCAL") || value.equalsIgnoreCase("REMOTE");
        };
    }
}
