package dev.postern.dns.client;

import java.time.Duration;

/// How long answers are kept, and how many.
///
/// @param octets roughly how much memory the answers may take, 0 or more; 0 keeps none
/// @param floor an answer is kept at least this long, whatever its time to live
/// @param ceiling an answer is kept at most this long
/// @param negativeCeiling "there is nothing" is kept at most this long (RFC 2308 §5)
/// @param failure how long a failure is kept, 0 to 5 s
public record CacheSettings(long octets, Duration floor, Duration ceiling, Duration negativeCeiling, Duration failure) {
    private static final Duration MAX_FAILURE = Duration.ofSeconds(5);

    /// @throws IllegalArgumentException if a bound is negative, the floor above a ceiling, or failures are kept for
    /// too long
    public CacheSettings {
        if (octets < 0 || floor.isNegative() || failure.isNegative() || failure.compareTo(MAX_FAILURE) > 0) {
            throw new IllegalArgumentException("octets " + octets + ", floor " + floor + ", failure " + failure);
        }
        if (floor.compareTo(ceiling) > 0 || floor.compareTo(negativeCeiling) > 0) {
            throw new IllegalArgumentException("a floor above its ceiling: " + floor);
        }
    }

    /// 16 MiB, 5 s to one day, "nothing" up to 15 minutes, failures for one second.
    public static CacheSettings usual() {
        return new CacheSettings(
                16L << 20, Duration.ofSeconds(5), Duration.ofDays(1), Duration.ofMinutes(15), Duration.ofSeconds(1));
    }
}
