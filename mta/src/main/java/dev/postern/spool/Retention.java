package dev.postern.spool;

import java.time.Duration;

/// How long decisions are kept: the oldest go first when either bound is passed.
///
/// @param time counted from when the queue or session id was handed out, more than zero
/// @param records how many calls of {@link SpoolChange.Explain} are remembered, at least 1
public record Retention(Duration time, long records) {
    private static final Duration WEEK = Duration.ofDays(7);
    private static final long MILLION = 1_000_000;

    /// @throws IllegalArgumentException if a bound leaves nothing
    public Retention {
        if (!time.isPositive() || records < 1) {
            throw new IllegalArgumentException("decisions kept for " + time + ", at most " + records);
        }
    }

    /// A week, a million records.
    public static Retention byDefault() {
        return new Retention(WEEK, MILLION);
    }
}
