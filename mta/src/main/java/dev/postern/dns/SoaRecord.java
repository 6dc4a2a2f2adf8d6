package dev.postern.dns;

import java.time.Duration;
import java.util.Optional;

/// The start of a zone's authority (RFC 1035 §3.3.13), without the times of its secondary servers.
///
/// @param primary the name server where the zone is changed, empty for the root name "."
/// @param serial the version of the zone, 0 to 2^32-1
/// @param minimum how long "there is nothing" may be kept, where the record's own time to live is not shorter (RFC
/// 2308 §4)
public record SoaRecord(Optional<DomainName> primary, long serial, Duration minimum) {
    private static final long MAX_SERIAL = 0xFFFF_FFFFL;

    /// @throws IllegalArgumentException if a number is out of its range
    public SoaRecord {
        if (serial < 0 || serial > MAX_SERIAL || minimum.isNegative()) {
            throw new IllegalArgumentException("serial " + serial + ", minimum " + minimum);
        }
    }
}
