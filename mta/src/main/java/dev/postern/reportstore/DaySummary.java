package dev.postern.reportstore;

import dev.postern.dns.DomainName;
import dev.postern.feedback.AggregateRow;
import dev.postern.mailauth.dmarc.DmarcRecord;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/// What was seen of one domain on one day, as far as it is not settled yet.
///
/// @param day the day, in UTC
/// @param domain whose policy it was
/// @param record that policy as it was seen last
/// @param begin from when on it was counted: the begin of the day, or the end of what was settled before
/// @param rows each kind of messages once
/// @param beyond how many messages more there were that stand in no row, since there would have been too many
public record DaySummary(
        LocalDate day, DomainName domain, DmarcRecord record, Instant begin, List<AggregateRow> rows, long beyond) {
    public DaySummary {
        rows = List.copyOf(rows);
    }

    /// How many messages it is about.
    public long messages() {
        return rows.stream().mapToLong(AggregateRow::count).sum() + beyond;
    }
}
