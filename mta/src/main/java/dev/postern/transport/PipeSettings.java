package dev.postern.transport;

import java.time.Duration;

/// How a program takes messages.
///
/// @param command what is run for each recipient
/// @param timeLimit the longest it may run; then it is killed with all that it started
public record PipeSettings(PipeCommand command, Duration timeLimit) {
    /// @throws IllegalArgumentException if the time is not positive
    public PipeSettings {
        if (timeLimit.isNegative() || timeLimit.isZero()) {
            throw new IllegalArgumentException("a time limit of " + timeLimit);
        }
    }
}
