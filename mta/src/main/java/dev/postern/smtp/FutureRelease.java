package dev.postern.smtp;

import java.time.Instant;

/// When a message may leave us at the earliest.
///
/// @spec https://www.rfc-editor.org/rfc/rfc4865 RFC 4865 §4
public sealed interface FutureRelease {
    /// The longest interval, in seconds (RFC 4865 §5: nine digits).
    long MAX_SECONDS = 999_999_999;

    /// Some time after it was taken.
    ///
    /// @param seconds 1 to {@link #MAX_SECONDS}
    record HoldFor(long seconds) implements FutureRelease {
        /// @throws IllegalArgumentException if the interval has none or more than nine digits
        public HoldFor {
            if (seconds < 1 || seconds > MAX_SECONDS) {
                throw new IllegalArgumentException("an interval of " + seconds + " seconds");
            }
        }
    }

    /// At a time.
    record HoldUntil(Instant time) implements FutureRelease {}

    /// The value of HOLDFOR or HOLDUNTIL (RFC 4865 §3).
    default String value() {
        return switch (this) {
            case HoldFor(long seconds) -> Long.toString(seconds);
            case HoldUntil(Instant time) -> time.toString();
        };
    }

    /// When a message that is taken now may leave.
    default Instant after(Instant taken) {
        return switch (this) {
            case HoldFor(long seconds) -> taken.plusSeconds(seconds);
            case HoldUntil(Instant time) -> time.isBefore(taken) ? taken : time;
        };
    }
}
