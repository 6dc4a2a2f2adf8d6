package dev.postern.reportstore;

import dev.postern.dns.DomainName;
import java.time.Instant;
import java.time.LocalDate;

/// What became of the observations of a domain on a day.
///
/// @param until up to when they are settled
/// @param count how many messages or sessions they are about
/// @param fate whether a report was sent
/// @param words of a report that was sent its id and whom it went to, else why there is none
public record Settlement(LocalDate day, DomainName domain, Instant until, long count, Fate fate, String words) {
    /// Whether there is a report.
    public enum Fate {
        /// It is in our queue or beyond.
        SENT,
        /// There will be none.
        DROPPED
    }

    /// What became of a summary.
    public static Settlement of(DaySummary<?, ?> summary, Instant until, Fate fate, String words) {
        return new Settlement(summary.day(), summary.domain(), until, summary.all(), fate, words);
    }
}
