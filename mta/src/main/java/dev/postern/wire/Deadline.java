package dev.postern.wire;

import java.time.Duration;

/// The moment by which something has to be done, on the monotonic clock; a value, passed down.
///
/// @param nanos a reading of `System.nanoTime()`
public record Deadline(long nanos) {
    /// The deadline that lies this far from now.
    public static Deadline after(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /// The time left; zero when it has passed.
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    /// Whether the moment has passed.
    public boolean passed() {
        return nanos - System.nanoTime() <= 0;
    }

    /// The moment so much later.
    public Deadline later(Duration time) {
        return new Deadline(nanos + time.toNanos());
    }

    /// The earlier of two.
    public Deadline orSooner(Deadline other) {
        return nanos - other.nanos <= 0 ? this : other;
    }
}
