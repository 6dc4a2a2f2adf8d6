package dev.postern.mailauth;

import java.time.Duration;

/// How much one check may ask of DNS, whatever DNS answers and however slowly.
///
/// @param questions how many questions, 1 to 1000
/// @param time how long it may ask, above 0; a question that began in time is waited for
public record DnsAllowance(int questions, Duration time) {
    /// More questions than any of our checks has, within the time that RFC 7208 §4.6.4 asks for.
    public static final DnsAllowance USUAL = new DnsAllowance(150, Duration.ofSeconds(20));

    private static final int MOST_QUESTIONS = 1000;

    /// @throws IllegalArgumentException if a bound is out of its range
    public DnsAllowance {
        if (questions < 1 || questions > MOST_QUESTIONS || !time.isPositive()) {
            throw new IllegalArgumentException(questions + " questions within " + time);
        }
    }
}
