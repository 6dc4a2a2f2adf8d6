package dev.postern.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/// IP addresses from text in their strict forms, never by a look-up.
public final class IpText {
    private static final Pattern DOTTED_QUAD = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
    private static final Pattern COLON_FORM = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

    private static final int IP4_OCTETS = 4;
    private static final int IP6_OCTETS = 16;

    private IpText() {}

    /// The IPv4 address that a dotted quad is; empty for anything else, short forms and leading zeros included.
    public static Optional<Inet4Address> ip4(String text) {
        if (!DOTTED_QUAD.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Inet4Address.ofLiteral(text));
        } catch (IllegalArgumentException outOfRange) {
            return Optional.empty(); // the exception is how the platform says "no"
        }
    }

    /// The IPv6 address that a text is, without zone identifier; one that maps an IPv4 address stays an IPv6 address.
    public static Optional<Inet6Address> ip6(String text) {
        if (text.indexOf(':') < 0 || !COLON_FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ip6(Inet6Address.ofLiteral(text)));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty(); // the exception is how the platform says "no"
        }
    }

    /// The address that a text is, of either family.
    public static Optional<InetAddress> ip(String text) {
        return text.indexOf(':') < 0 ? ip4(text).map(a -> a) : ip6(text).map(a -> a);
    }

    private static Inet6Address ip6(InetAddress address) {
        byte[] octets = address.getAddress();
        if (octets.length == IP4_OCTETS) {
            byte[] mapped = new byte[IP6_OCTETS];
            int start = IP6_OCTETS - IP4_OCTETS;
            mapped[start - 2] = (byte) 0xFF;
            mapped[start - 1] = (byte) 0xFF;
            System.arraycopy(octets, 0, mapped, start, octets.length);
            octets = mapped;
        }
        return ip6(octets);
    }

    /// The IPv6 address of 16 octets; one that maps an IPv4 address stays an IPv6 address.
    ///
    /// @throws IllegalArgumentException if there are not 16 octets
    public static Inet6Address ip6(byte[] octets) {
        try {
            return Inet6Address.getByAddress(null, octets, -1);
        } catch (UnknownHostException wrongLength) {
            throw new IllegalArgumentException("an IPv6 address of " + octets.length + " octets", wrongLength);
        }
    }
}
