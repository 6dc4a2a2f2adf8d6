package dev.postern.queue;

import java.time.Duration;
import java.time.Instant;

/// Keeps to so many a minute, evenly spread; after a silence some may go at once. Not for use by several threads at
/// once.
///
/// It is the token bucket told by time (the generic cell rate algorithm): all it knows is when the bucket will be full.
final class Pace {
    private final Duration interval;
    private final Duration tolerance;
    private Instant full = Instant.EPOCH;

    /// @param perMinute 1 or more
    /// @param atOnce how many after a silence, 1 or more
    Pace(int perMinute, int atOnce) {
        this.interval = Duration.ofMinutes(1).dividedBy(perMinute);
        this.tolerance = interval.multipliedBy(atOnce - 1L);
    }

    /// As many after a silence as belong to one second.
    static Pace of(int perMinute) {
        return new Pace(perMinute, Math.max(1, perMinute / 60));
    }

    /// When the next may go: now, or later.
    Instant next(Instant now) {
        Instant known = full(now);
        return known.isAfter(now.plus(tolerance)) ? known.minus(tolerance) : now;
    }

    /// How many may go now.
    int free(Instant now) {
        Duration room = Duration.between(full(now), now).plus(tolerance);
        return room.isNegative() ? 0 : (int) room.dividedBy(interval) + 1;
    }

    /// When the bucket will be full, not before now. A clock that was set back makes that later than can be: then
    /// what went before is forgotten.
    private Instant full(Instant now) {
        return full.isAfter(now) && !full.isAfter(now.plus(tolerance).plus(interval.multipliedBy(2))) ? full : now;
    }

    /// One that went does not count.
    void takeBack() {
        full = full.minus(interval);
    }

    /// One goes.
    void take(Instant now) {
        full = full(now).plus(interval);
    }
}
