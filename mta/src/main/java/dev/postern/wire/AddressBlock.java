package dev.postern.wire;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/// Addresses that are counted as one.
///
/// @param bits of the prefix
/// @param prefix of an IPv4 address in the upper half, or the first 64 bits of an IPv6 one
public record AddressBlock(boolean ipv6, int bits, long prefix) {
    /// What one host has: an IPv4 address, or an IPv6 network of 64 bits, whose addresses any host in it may
    /// take at will (RFC 4291 §2.5.4).
    public static AddressBlock host(InetAddress address) {
        return of(address, 32, 64);
    }

    /// What one site has: 24 bits of IPv4, or 56 bits of IPv6 (RFC 6177 §2).
    public static AddressBlock site(InetAddress address) {
        return of(address, 24, 56);
    }

    /// What is around a site: 16 bits of IPv4, or 48 bits of IPv6.
    public static AddressBlock region(InetAddress address) {
        return of(address, 16, 48);
    }

    private static AddressBlock of(InetAddress address, int ipv4Bits, int ipv6Bits) {
        byte[] octets = address.getAddress();
        boolean ipv6 = octets.length > Integer.BYTES;
        int bits = ipv6 ? ipv6Bits : ipv4Bits;
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        long first = ipv6 ? buffer.getLong() : (long) buffer.getInt() << Integer.SIZE;
        return new AddressBlock(ipv6, bits, first & (-1L << (Long.SIZE - bits)));
    }
}
