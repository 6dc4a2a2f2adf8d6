package dev.postern.queue;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// A wait that grows from turn to turn.
///
/// @param first the first wait, more than zero
/// @param factor how much longer each wait is than the one before, 1 or more
/// @param most the longest wait, not less than the first
/// @param jitter the part of a wait by which it is made longer or shorter at random, 0 to 0.9
public record BackOff(Duration first, double factor, Duration most, double jitter) {
    private static final double MAX_JITTER = 0.9;

    /// @throws IllegalArgumentException if a number is out of its range
    public BackOff {
        if (!first.isPositive() || most.compareTo(first) < 0) {
            throw new IllegalArgumentException("a wait that grows from " + first + " to " + most);
        }
        if (!(factor >= 1) || !(jitter >= 0 && jitter <= MAX_JITTER)) {
            throw new IllegalArgumentException("factor " + factor + ", jitter " + jitter);
        }
    }

    /// The wait after so many turns, without jitter.
    ///
    /// @param turns 1 for the first wait; less counts as 1
    public Duration after(int turns) {
        double millis = first.toMillis() * Math.pow(factor, Math.max(0, turns - 1));
        return millis >= most.toMillis() ? most : Duration.ofMillis(Math.max(1, (long) millis));
    }

    /// The wait that something of this age has come to, without jitter: what {@link #after} would
    /// give had it been tried at each turn since it came.
    public Duration atAge(Duration age) {
        double millis = age.toMillis() * (factor - 1);
        if (millis >= most.toMillis()) {
            return most;
        }
        return millis <= first.toMillis() ? first : Duration.ofMillis((long) millis);
    }

    /// A wait made longer or shorter at random.
    public Duration spread(Duration wait, RandomGenerator random) {
        double part = jitter == 0 ? 0 : random.nextDouble(-jitter, jitter);
        return Duration.ofMillis(Math.max(1, (long) (wait.toMillis() * (1 + part))));
    }
}
