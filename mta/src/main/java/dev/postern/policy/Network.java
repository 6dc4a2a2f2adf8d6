package dev.postern.policy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/// A block of addresses in CIDR form, IPv4 or IPv6 (RFC 4632 §3.1, RFC 4291 §2.3).
///
/// IPv4-mapped IPv6 (`::ffff:0:0/96`) is the same as IPv4, on both sides of a comparison.
///
/// @param first the first address of the block
/// @param bits the length of the prefix, 0 to 32 or 128
public record Network(InetAddress first, int bits) {
    private static final int MAPPED_PREFIX = 96;

    /// @throws IllegalArgumentException with a sentence, if the prefix is too long or the address has bits beyond it
    public Network {
        int width = first.getAddress().length * Byte.SIZE;
        if (bits < 0 || bits > width) {
            throw new IllegalArgumentException("a prefix of " + bits + " bits; it has 0 to " + width);
        }
        if (hasBitsBeyond(first.getAddress(), bits)) {
            throw new IllegalArgumentException(
                    first.getHostAddress() + " is not the first address of a /" + bits + " network");
        }
    }

    /// The network that a text like `192.0.2.0/24`, `2001:db8::/32` or `192.0.2.7` is; empty if it is none.
    public static Optional<Network> parse(String text) {
        try {
            return Optional.of(of(text));
        } catch (IllegalArgumentException notNetwork) {
            return Optional.empty(); // the exception is how `of` says "no"
        }
    }

    /// The network that a text is.
    ///
    /// @throws IllegalArgumentException with a sentence that says what is wrong with it
    public static Network of(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        InetAddress address = address(literal);
        int width = address.getAddress().length * Byte.SIZE;
        if (slash < 0) {
            return new Network(address, width);
        }
        int bits = prefix(text.substring(slash + 1));
        boolean mapped = address instanceof Inet4Address && literal.indexOf(':') >= 0;
        return new Network(address, mapped ? bits - MAPPED_PREFIX : bits);
    }

    /// The platform also reads `10`, `10.1` and `[::1]` as addresses, which nobody means in a list of networks.
    private static InetAddress address(String literal) {
        boolean shortened = literal.indexOf(':') < 0
                && literal.chars().filter(c -> c == '.').count() != 3;
        try {
            if (!shortened && !literal.startsWith("[")) {
                return InetAddress.ofLiteral(literal);
            }
        } catch (IllegalArgumentException notAddress) {
            throw new IllegalArgumentException("'" + literal + "' is no IP address", notAddress);
        }
        throw new IllegalArgumentException("'" + literal + "' is no IP address");
    }

    private static int prefix(String digits) {
        if (digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("'" + digits + "' is no prefix length");
        }
        return Integer.parseInt(digits);
    }

    /// Whether an address lies in it.
    public boolean contains(InetAddress address) {
        byte[] given = address.getAddress();
        byte[] own = first.getAddress();
        return given.length == own.length && samePrefix(own, given, bits);
    }

    private static boolean samePrefix(byte[] one, byte[] other, int bits) {
        int whole = bits / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (one[i] != other[i]) {
                return false;
            }
        }
        int rest = bits % Byte.SIZE;
        return rest == 0 || (one[whole] ^ other[whole]) >> (Byte.SIZE - rest) == 0;
    }

    private static boolean hasBitsBeyond(byte[] address, int bits) {
        for (int bit = bits; bit < address.length * Byte.SIZE; bit++) {
            if ((address[bit / Byte.SIZE] >> (Byte.SIZE - 1 - bit % Byte.SIZE) & 1) != 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return first.getHostAddress() + "/" + bits;
    }
}
