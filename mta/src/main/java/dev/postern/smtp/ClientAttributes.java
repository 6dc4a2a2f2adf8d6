package dev.postern.smtp;

import dev.postern.dns.IpText;
import dev.postern.wire.Ipv6Text;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What XCLIENT or XFORWARD tells of another server's client.
///
/// @param values by attribute, decoded; empty where the other server does not know (`[UNAVAILABLE]`,
///     `[TEMPUNAVAIL]`)
public record ClientAttributes(Map<ClientAttribute, Optional<String>> values) {
    private static final String IPV6 = "IPV6:";
    private static final int MAX_PORT = 0xFFFF;

    /// @throws IllegalArgumentException if one is no value of its attribute
    public ClientAttributes {
        values = Map.copyOf(values);
        values.forEach((attribute, value) -> {
            if (value.isPresent() && !attribute.admits(value.get())) {
                throw new IllegalArgumentException("no value of " + attribute);
            }
        });
    }

    /// The names that XCLIENT has, as EHLO announces them.
    public static String namesOfXClient() {
        return names(ClientAttributeReader.XCLIENT);
    }

    /// The names that XFORWARD has, as EHLO announces them.
    public static String namesOfXForward() {
        return names(ClientAttributeReader.XFORWARD);
    }

    private static String names(Set<ClientAttribute> attributes) {
        return attributes.stream().sorted().map(Enum::name).collect(Collectors.joining(" "));
    }

    /// Nothing.
    public static ClientAttributes none() {
        return new ClientAttributes(Map.of());
    }

    /// These, and those of before that they do not tell of.
    public ClientAttributes over(ClientAttributes before) {
        Map<ClientAttribute, Optional<String>> both = new EnumMap<>(ClientAttribute.class);
        both.putAll(before.values);
        both.putAll(values);
        return new ClientAttributes(both);
    }

    /// Whether nothing is told.
    public boolean isEmpty() {
        return values.isEmpty();
    }

    /// The value of an attribute; empty where it is not known or not told.
    public Optional<String> value(ClientAttribute attribute) {
        return values.getOrDefault(attribute, Optional.empty());
    }

    /// The address that an attribute tells; empty where it is not known or not told.
    public Optional<InetAddress> address(ClientAttribute attribute) {
        return value(attribute).flatMap(ClientAttributes::address);
    }

    /// The port that an attribute tells; 0 where it is not known or not told.
    public int port(ClientAttribute attribute) {
        return value(attribute)
                .map(ClientAttributes::port)
                .orElseGet(OptionalInt::empty)
                .orElse(0);
    }

    /// All of it for the log, in lower case, in the order of the names; what is not known is `unavailable`.
    public Map<String, String> words() {
        Map<String, String> words = new TreeMap<>();
        values.forEach((attribute, value) ->
                words.put(attribute.name().toLowerCase(Locale.ROOT), value.orElse("unavailable")));
        return words;
    }

    /// `address = IPv4-address-literal / "IPV6:" IPv6-address` (XCLIENT_README)
    static Optional<InetAddress> address(String text) {
        return text.regionMatches(true, 0, IPV6, 0, IPV6.length())
                ? Ipv6Text.parse(text.substring(IPV6.length()))
                : IpText.ip4(text).map(ipv4 -> ipv4);
    }

    /// A port, 0 to 65535.
    static OptionalInt port(String digits) {
        OptionalLong number = digits.length() <= 5 ? Decimal.parse(digits) : OptionalLong.empty();
        return number.isEmpty() || number.getAsLong() > MAX_PORT
                ? OptionalInt.empty()
                : OptionalInt.of((int) number.getAsLong());
    }
}
