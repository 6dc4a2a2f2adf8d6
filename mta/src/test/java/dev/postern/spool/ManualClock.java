package dev.postern.spool;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that a test sets; used by any number of threads.
public final class ManualClock implements InstantSource {
    private final AtomicReference<Instant> now;

    /// A clock that stands at a time.
    public ManualClock(Instant start) {
        this.now = new AtomicReference<>(start);
    }

    /// A clock that stands at noon of 1 June 2026.
    public static ManualClock atNoon() {
        return new ManualClock(Instant.parse("2026-06-01T12:00:00Z"));
    }

    /// Moves the clock on, or back.
    public void advance(Duration by) {
        now.updateAndGet(time -> time.plus(by));
    }

    @Override
    public Instant instant() {
        return now.get();
    }
}
