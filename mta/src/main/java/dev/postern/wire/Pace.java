package dev.postern.wire;

import java.time.Duration;

/// The slowest that content may come: a peer may be silent for a while, in all as much as what it has sent allows.
///
/// One that sends an octet now and then is never silent for long, and is too slow all the same.
///
/// @param stall the longest time without any octet, and the time by which the least rate may be missed (RFC 5321
///     §4.5.3.2.8: 3 minutes are the client's, so a server should allow 5)
/// @param octetsPerSecond the least rate, 1 or more
public record Pace(Duration stall, long octetsPerSecond) {
    /// A rate that any link keeps, and nobody who wants to hold a session: 200 octets a second.
    public static final long SLOWEST = 200;

    private static final double NANOS = 1e9;

    /// @throws IllegalArgumentException if one is not positive
    public Pace {
        if (!stall.isPositive() || octetsPerSecond < 1) {
            throw new IllegalArgumentException("a pace of " + stall + " and " + octetsPerSecond + "/s");
        }
    }

    /// How long so many octets may take in all.
    public Duration allowed(long octets) {
        return stall.plusNanos((long) (octets * NANOS / octetsPerSecond));
    }

    /// How long may still be waited.
    ///
    /// @param octets how many have come
    /// @param waited how long was waited for them, in nanoseconds
    /// @return nanoseconds; not positive where nothing is left
    long left(long octets, long waited) {
        return Math.min(allowed(octets).toNanos() - waited, stall.toNanos());
    }
}
