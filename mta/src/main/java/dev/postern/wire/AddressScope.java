package dev.postern.wire;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/// How far an IP address reaches (RFC 6890): a host on the Internet never has to be reached by one that is not
/// public.
public enum AddressScope {
    /// Any other unicast address.
    PUBLIC("public"),
    /// `0.0.0.0/8` and `::`.
    UNSPECIFIED("unspecified"),
    /// `127.0.0.0/8` and `::1`.
    LOOPBACK("loopback"),
    /// `169.254.0.0/16` and `fe80::/10`.
    LINK_LOCAL("link-local"),
    /// RFC 1918, RFC 6598 (shared by carriers), `fec0::/10` and `fc00::/7` (RFC 4193).
    PRIVATE("private"),
    /// `224.0.0.0/4` and `ff00::/8`.
    MULTICAST("multicast"),
    /// `240.0.0.0/4`, the broadcast address included.
    RESERVED("reserved");

    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};
    private static final byte[] COMPATIBLE = new byte[12];
    private static final byte[] NAT64 = {0, 0x64, (byte) 0xFF, (byte) 0x9B, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final byte[] SIX_TO_FOUR = {0x20, 0x02};
    private static final int IP4_OCTETS = 4;

    private final String words;

    AddressScope(String words) {
        this.words = words;
    }

    /// The scope of an address; one that carries an IPv4 address (mapped, compatible, NAT64, 6to4) has the scope of
    /// that.
    public static AddressScope of(InetAddress address) {
        return switch (address) {
            case Inet4Address ip4 -> of4(ip4.getAddress());
            case Inet6Address ip6 -> of6(ip6);
            default -> RESERVED;
        };
    }

    /// The same address, as IPv4 where IPv6 only maps it (RFC 4291 §2.5.5.2).
    public static InetAddress unmapped(InetAddress address) {
        byte[] octets = address.getAddress();
        if (!startsWith(octets, MAPPED)) {
            return address;
        }
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(octets, MAPPED.length, octets.length));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("four octets are an address", impossible);
        }
    }

    private static AddressScope of6(Inet6Address address) {
        byte[] octets = address.getAddress();
        if (address.isAnyLocalAddress()) {
            return UNSPECIFIED;
        }
        if (address.isLoopbackAddress()) {
            return LOOPBACK;
        }
        Optional<byte[]> carried = carried(octets);
        if (carried.isPresent()) {
            return of4(carried.get());
        }
        int first = octets[0] & 0xFF;
        int second = octets[1] & 0xC0;
        if (first == 0xFF) {
            return MULTICAST;
        }
        if (first == 0xFE && second == 0x80) {
            return LINK_LOCAL;
        }
        boolean siteLocal = first == 0xFE && second == 0xC0;
        boolean uniqueLocal = (first & 0xFE) == 0xFC;
        return siteLocal || uniqueLocal ? PRIVATE : PUBLIC;
    }

    private static Optional<byte[]> carried(byte[] octets) {
        if (startsWith(octets, MAPPED) || startsWith(octets, COMPATIBLE) || startsWith(octets, NAT64)) {
            return Optional.of(Arrays.copyOfRange(octets, octets.length - IP4_OCTETS, octets.length));
        }
        return startsWith(octets, SIX_TO_FOUR)
                ? Optional.of(Arrays.copyOfRange(octets, SIX_TO_FOUR.length, SIX_TO_FOUR.length + IP4_OCTETS))
                : Optional.empty();
    }

    private static boolean startsWith(byte[] octets, byte[] prefix) {
        return octets.length > prefix.length && Arrays.equals(octets, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static AddressScope of4(byte[] octets) {
        int first = octets[0] & 0xFF;
        int second = octets[1] & 0xFF;
        return switch (first) {
            case 0 -> UNSPECIFIED;
            case 10 -> PRIVATE;
            case 100 -> second >= 64 && second < 128 ? PRIVATE : PUBLIC;
            case 127 -> LOOPBACK;
            case 169 -> second == 254 ? LINK_LOCAL : PUBLIC;
            case 172 -> second >= 16 && second < 32 ? PRIVATE : PUBLIC;
            case 192 -> second == 168 ? PRIVATE : PUBLIC;
            default -> first >= 240 ? RESERVED : first >= 224 ? MULTICAST : PUBLIC;
        };
    }

    @Override
    public String toString() {
        return words;
    }
}
