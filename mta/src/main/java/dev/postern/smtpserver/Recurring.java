package dev.postern.smtpserver;

import dev.postern.event.Event;
import dev.postern.event.Events;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Something that may happen a thousand times a second, and is told at once when it begins and then as a number, at
/// most every ten seconds.
///
/// Touched by many threads; `lock` guards every field that changes.
///
/// @param <T> what is known of one time
final class Recurring<T> {
    /// How often it is told.
    static final Duration PERIOD = Duration.ofSeconds(10);

    private final Telling<T> telling;
    private final Events events;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable T latest;
    private long toldAt;
    private long untold;
    private long total;

    /// How it is told.
    @FunctionalInterface
    interface Telling<T> {
        /// The event.
        ///
        /// @param latest what is known of the last time
        /// @param times how often it has happened since it was told last
        /// @param total how often it has happened since the server was started
        Event of(T latest, long times, long total);
    }

    Recurring(Telling<T> telling, Events events, LongSupplier nanoTime) {
        this.telling = telling;
        this.events = events;
        this.nanoTime = nanoTime;
        this.toldAt = nanoTime.getAsLong() - PERIOD.toNanos();
    }

    /// It has happened.
    void happened(T what) {
        lock.lock();
        try {
            latest = what;
            untold++;
            total++;
            tellIfDue();
        } finally {
            lock.unlock();
        }
    }

    /// Tells what has not been told, if it is time; to be called now and then.
    void sweep() {
        lock.lock();
        try {
            tellIfDue();
        } finally {
            lock.unlock();
        }
    }

    private void tellIfDue() {
        T last = latest;
        long now = nanoTime.getAsLong();
        if (last != null && now - toldAt >= PERIOD.toNanos()) {
            events.emit(telling.of(last, untold, total));
            latest = null;
            untold = 0;
            toldAt = now;
        }
    }
}
