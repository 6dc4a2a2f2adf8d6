package dev.postern.reportstore;

import dev.postern.dns.DomainName;
import dev.postern.feedback.ReportPeriod;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/// What was seen of one domain on one day, as far as it is not settled yet.
///
/// @param day the day, in UTC
/// @param domain whose policy it was
/// @param about what is known of the domain by all of it
/// @param begin from when on it was counted: the begin of the day, or the end of what was settled before
/// @param tally what was counted
public record DaySummary<P, R>(LocalDate day, DomainName domain, P about, Instant begin, Tally<R> tally) {
    /// Each kind once.
    public List<R> rows() {
        return tally.rows();
    }

    /// How many there were that stand in no row.
    public long beyond() {
        return tally.beyond();
    }

    /// The time that a report on it is about, whose last second is the one before its end.
    ///
    /// @param until its end
    public ReportPeriod period(Instant until) {
        Instant last = until.minusSeconds(1);
        return new ReportPeriod(begin, last.isBefore(begin) ? begin : last);
    }

    /// How many there were.
    public long all() {
        return tally.all();
    }
}
