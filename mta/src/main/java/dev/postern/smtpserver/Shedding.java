package dev.postern.smtpserver;

import dev.postern.pressure.Level;
import java.time.Duration;

/// How little is borne from clients that say nothing when others want their room.
///
/// @param least what the time-out for commands shrinks to when the server is overloaded; the times without a
///     transaction and for one shrink in the same proportion
/// @param silence how long a client must have been silent before its room is given to another
public record Shedding(Duration least, Duration silence) {
    private static final double QUARTER = 0.25;

    /// 10 seconds, 1 second.
    public static Shedding byDefault() {
        return new Shedding(Duration.ofSeconds(10), Duration.ofSeconds(1));
    }

    /// @throws IllegalArgumentException if one is not positive
    public Shedding {
        if (!least.isPositive() || !silence.isPositive()) {
            throw new IllegalArgumentException("a time of " + least + ", of " + silence);
        }
    }

    /// The part of its times that a session still has: all of them when the server is calm (RFC 5321 §4.5.3.2), a
    /// quarter when it is busy, but never less than what is left when it is overloaded.
    ///
    /// @param command the time-out for commands
    /// @return above 0, at most 1
    double share(Level level, Duration command) {
        double smallest = Math.min(1, (double) least.toNanos() / command.toNanos());
        return switch (level) {
            case CALM -> 1;
            case BUSY -> Math.max(QUARTER, smallest);
            case OVERLOADED -> smallest;
        };
    }
}
