package dev.postern.transport;

import java.time.Duration;

/// How long sessions are kept and how long a next hop is looked for.
///
/// @param transactions the most of one session
/// @param idle the longest time a session is kept between two; servers commonly close after some minutes
/// @param unasked the longest idle time after which a session is used without asking whether its server still answers
/// @param hops the most hosts that are tried in one attempt
/// @param patience how long one attempt goes on trying further hosts; the first is always tried
public record SessionBounds(int transactions, Duration idle, Duration unasked, int hops, Duration patience) {
    private static final int STANDARD_TRANSACTIONS = 100;
    private static final int STANDARD_HOPS = 10;

    /// @throws IllegalArgumentException if a number is below one or a time not positive
    public SessionBounds {
        if (transactions < 1
                || hops < 1
                || idle.isNegative()
                || idle.isZero()
                || unasked.isNegative()
                || patience.isNegative()
                || patience.isZero()) {
            throw new IllegalArgumentException("the bounds of a session must be positive, and a time not negative");
        }
    }

    /// 100 transactions, 30 seconds idle, asked after two of them, 10 hosts, 5 minutes.
    public static SessionBounds standard() {
        return new SessionBounds(
                STANDARD_TRANSACTIONS,
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                STANDARD_HOPS,
                Duration.ofMinutes(5));
    }
}
