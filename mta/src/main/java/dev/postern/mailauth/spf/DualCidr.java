package dev.postern.mailauth.spf;

/// How many leading bits of an address have to agree, for each family.
///
/// @param ip4 0 to 32
/// @param ip6 0 to 128
/// @rfc 7208 §5.6
public record DualCidr(int ip4, int ip6) {
    static final int IP4_BITS = 32;
    static final int IP6_BITS = 128;

    /// All bits, which is meant where none is written.
    public static final DualCidr WHOLE = new DualCidr(IP4_BITS, IP6_BITS);

    /// @throws IllegalArgumentException if an address has fewer bits
    public DualCidr {
        if (ip4 < 0 || ip4 > IP4_BITS || ip6 < 0 || ip6 > IP6_BITS) {
            throw new IllegalArgumentException("/" + ip4 + "//" + ip6);
        }
    }
}
