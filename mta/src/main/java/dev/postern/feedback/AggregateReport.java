package dev.postern.feedback;

import java.util.List;

/// A DMARC aggregate report: what a receiver saw of the mail of a domain.
///
/// @param metadata who made it, and what time it is about
/// @param policy the policy that was found
/// @param rows at least one
/// @spec https://www.rfc-editor.org/rfc/rfc9990 RFC 9990
public record AggregateReport(ReportMetadata metadata, PolicyPublished policy, List<AggregateRow> rows) {
    /// @throws IllegalArgumentException if there is no row
    public AggregateReport {
        rows = List.copyOf(rows);
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("a report without a row");
        }
    }

    /// How many messages it is about.
    public long messages() {
        return rows.stream().mapToLong(AggregateRow::count).sum();
    }
}
