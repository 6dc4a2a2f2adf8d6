package dev.postern.certificates;

import java.time.Duration;
import java.time.Instant;

/// When to tell that a certificate ends: when a quarter of its life is left, and then each time when a quarter of
/// what was left has passed, at least once a day and at most once an hour.
///
/// @param from and
/// @param until when it is valid
record ExpiryNotice(Instant from, Instant until) {
    private static final Duration LEAST = Duration.ofHours(1);
    private static final Duration MOST = Duration.ofDays(1);
    private static final int PART = 4;

    /// The moment from which on it is told for the first time.
    Instant first() {
        return until.minus(Duration.between(from, until).dividedBy(PART));
    }

    /// The moment of the next time after one.
    Instant after(Instant told) {
        Duration pause = Duration.between(told, until).dividedBy(PART);
        if (pause.compareTo(LEAST) < 0) {
            pause = told.isBefore(until) ? LEAST : MOST;
        }
        return told.plus(pause.compareTo(MOST) > 0 ? MOST : pause);
    }
}
