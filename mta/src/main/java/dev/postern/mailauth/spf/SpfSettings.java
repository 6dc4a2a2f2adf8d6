package dev.postern.mailauth.spf;

import java.time.Duration;

/// The limits of a check that the standard leaves to the receiver (RFC 7208 §4.6.4).
///
/// @param voidLookUps how many terms may ask for what does not exist, before the record counts as
///     wrong; the standard recommends 2
/// @param time how long a check may take before it ends as a temporary error; the standard asks for
///     20 seconds at least
public record SpfSettings(int voidLookUps, Duration time) {
    /// What the standard recommends.
    public static final SpfSettings RECOMMENDED = new SpfSettings(2, Duration.ofSeconds(20));

    /// @throws IllegalArgumentException if a limit is negative, or the time not positive
    public SpfSettings {
        if (voidLookUps < 0) {
            throw new IllegalArgumentException(voidLookUps + " void look-ups");
        }
        if (!time.isPositive()) {
            throw new IllegalArgumentException("a check that may take " + time);
        }
    }
}
