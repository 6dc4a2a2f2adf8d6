package dev.postern.feedback;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// The time that a report is about, in whole seconds.
///
/// @param begin its first second, not before 1970
/// @param end its last second, not before the first, and before the year 10000
public record ReportPeriod(Instant begin, Instant end) {
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    /// @throws IllegalArgumentException if it ends before it begins, or is out of bounds
    public ReportPeriod {
        begin = begin.truncatedTo(ChronoUnit.SECONDS);
        end = end.truncatedTo(ChronoUnit.SECONDS);
        if (begin.isBefore(Instant.EPOCH) || end.isAfter(LAST)) {
            throw new IllegalArgumentException("a period out of bounds: " + begin + " to " + end);
        }
        if (end.isBefore(begin)) {
            throw new IllegalArgumentException("a period that ends at " + end + ", before it begins at " + begin);
        }
    }
}
