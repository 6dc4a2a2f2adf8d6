package dev.postern.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.Optional;

/// Addresses that are counted as one.
///
/// @param bits of the prefix: 1 to 32 for IPv4, 1 to 64 for IPv6
/// @param prefix of an IPv4 address in the upper half, or the first 64 bits of an IPv6 one; no bits beyond the prefix
public record AddressBlock(boolean ipv6, int bits, long prefix) implements Comparable<AddressBlock> {
    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 64;
    private static final int IPV6_OCTETS = 16;

    private static final Comparator<AddressBlock> ORDER = Comparator.comparing(AddressBlock::ipv6)
            .thenComparing(AddressBlock::prefix, Long::compareUnsigned)
            .thenComparingInt(AddressBlock::bits);

    /// @throws IllegalArgumentException if there are no such blocks
    public AddressBlock {
        if (bits < 1 || bits > (ipv6 ? IPV6_BITS : IPV4_BITS) || (prefix & ~mask(bits)) != 0) {
            throw new IllegalArgumentException("no block of addresses: " + Long.toHexString(prefix) + "/" + bits);
        }
    }

    /// What one host has: an IPv4 address, or an IPv6 network of 64 bits, whose addresses any host in it may
    /// take at will (RFC 4291 §2.5.4).
    public static AddressBlock host(InetAddress address) {
        return of(address, IPV4_BITS, IPV6_BITS);
    }

    /// What one site has: 24 bits of IPv4, or 56 bits of IPv6 (RFC 6177 §2).
    public static AddressBlock site(InetAddress address) {
        return of(address, 24, 56);
    }

    /// What is around a site: 16 bits of IPv4, or 48 bits of IPv6.
    public static AddressBlock region(InetAddress address) {
        return of(address, 16, 48);
    }

    /// The block of so many bits that an address lies in.
    ///
    /// @param bits 1 to 32, or for an IPv6 address 1 to 64
    public static AddressBlock around(InetAddress address, int bits) {
        return of(address, bits, bits);
    }

    /// What a text like `192.0.2.0/24`, `192.0.2.7`, `2001:db8::/56` or `2001:db8::1` is, the last one with the 64
    /// bits of its host; empty if it is none, or has bits beyond its prefix.
    public static Optional<AddressBlock> parse(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = literal(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return address.map(AddressBlock::host);
        }
        String digits = text.substring(slash + 1);
        if (address.isEmpty() || !digits.matches("[1-9][0-9]?")) {
            return Optional.empty();
        }
        int bits = Integer.parseInt(digits);
        boolean ipv6 = address.get().getAddress().length > Integer.BYTES;
        if (bits > (ipv6 ? IPV6_BITS : IPV4_BITS)) {
            return Optional.empty();
        }
        AddressBlock block = around(address.get(), bits);
        return block.first().equals(address.get()) ? Optional.of(block) : Optional.empty();
    }

    /// The platform also reads `10`, `10.1` and names of interfaces, which nobody means here.
    private static Optional<InetAddress> literal(String text) {
        if (!text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
            return Ipv6Text.parse(text);
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException notAddress) {
            return Optional.empty(); // the exception is how the platform says "no"
        }
    }

    private static AddressBlock of(InetAddress address, int ipv4Bits, int ipv6Bits) {
        byte[] octets = address.getAddress();
        boolean ipv6 = octets.length > Integer.BYTES;
        int bits = ipv6 ? ipv6Bits : ipv4Bits;
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        long first = ipv6 ? buffer.getLong() : (long) buffer.getInt() << Integer.SIZE;
        return new AddressBlock(ipv6, bits, first & mask(bits));
    }

    private static long mask(int bits) {
        return -1L << (Long.SIZE - bits);
    }

    /// Whether an address lies in it.
    public boolean contains(InetAddress address) {
        return address.getAddress().length > Integer.BYTES == ipv6 && around(address, bits).prefix == prefix;
    }

    /// The first address in it.
    public InetAddress first() {
        byte[] octets = ipv6
                ? ByteBuffer.allocate(IPV6_OCTETS).putLong(prefix).array()
                : ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) (prefix >>> Integer.SIZE))
                        .array();
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 octets", e);
        }
    }

    /// IPv4 before IPv6, by the first address, larger blocks first.
    @Override
    public int compareTo(AddressBlock other) {
        return ORDER.compare(this, other);
    }

    /// As {@link #parse} reads it: an IPv4 address alone, any other block with its number of bits.
    @Override
    public String toString() {
        String address = first().getHostAddress();
        return !ipv6 && bits == IPV4_BITS ? address : address + "/" + bits;
    }
}
