package dev.postern.smtpserver;

/// How many sessions there may be at once.
///
/// @param inAll in all
/// @param perAddress from one IPv4 address, or one IPv6 network of 64 bits, whose addresses any host in it may
///     take at will (RFC 4291 §2.5.4)
/// @param perNetwork from one IPv4 network of 24 bits, or one IPv6 site of 56 bits (RFC 6177)
/// @param perRegion from one IPv4 network of 16 bits, or one IPv6 network of 48 bits
public record CensusLimits(int inAll, int perAddress, int perNetwork, int perRegion) {
    /// @throws IllegalArgumentException if one is below 1
    public CensusLimits {
        if (inAll < 1 || perAddress < 1 || perNetwork < 1 || perRegion < 1) {
            throw new IllegalArgumentException("a limit below 1");
        }
    }

    /// Limits in all and for an address only.
    public static CensusLimits of(int inAll, int perAddress) {
        return new CensusLimits(inAll, perAddress, inAll, inAll);
    }
}
