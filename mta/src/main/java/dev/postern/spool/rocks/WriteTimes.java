package dev.postern.spool.rocks;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// How long the committer's synced writes have taken of late. Told by the committer, read by any
/// thread; each field is volatile, and a reader who finds them of two writes errs by one write.
final class WriteTimes {
    private static final long REMEMBERED = TimeUnit.SECONDS.toNanos(5);

    /// The weight of the write that came last.
    private static final double WEIGHT = 0.25;

    private final LongSupplier nanoTime;
    private volatile boolean writing;
    private volatile long began;
    private volatile long ended;
    private volatile double usual;

    WriteTimes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.ended = nanoTime.getAsLong() - REMEMBERED;
    }

    /// A write begins.
    void begin() {
        began = nanoTime.getAsLong();
        writing = true;
    }

    /// It is over, well or not.
    void end() {
        long now = nanoTime.getAsLong();
        double before = now - ended >= REMEMBERED ? 0 : usual;
        usual = before + WEIGHT * (now - began - before);
        ended = now;
        writing = false;
    }

    /// How long a write takes: as long as those of late have, or the one under way already does; zero where there was
    /// none within five seconds.
    Duration now() {
        long now = nanoTime.getAsLong();
        long underWay = writing ? Math.max(0, now - began) : 0;
        long late = now - ended >= REMEMBERED ? 0 : (long) usual;
        return Duration.ofNanos(Math.max(underWay, late));
    }
}
