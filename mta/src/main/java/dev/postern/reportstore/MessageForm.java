package dev.postern.reportstore;

import dev.postern.feedback.AggregateRow;
import dev.postern.mailauth.dmarc.DmarcRecord;
import java.util.List;
import java.util.Optional;

/// Messages in the name of a domain, by how they were judged (RFC 9990).
public final class MessageForm implements LedgerForm<DmarcRecord, AggregateRow> {
    /// The policy that was seen last holds.
    @Override
    public DmarcRecord merge(DmarcRecord before, DmarcRecord seen) {
        return seen;
    }

    @Override
    public long count(AggregateRow row) {
        return row.count();
    }

    @Override
    public AggregateRow counted(AggregateRow row, long count) {
        return new AggregateRow(
                row.source(), Math.min(count, AggregateRow.MOST), row.evaluated(), row.identifiers(), row.results());
    }

    @Override
    public Optional<AggregateRow> coarse(AggregateRow row) {
        return Optional.empty();
    }

    @Override
    public String aboutText(DmarcRecord about) {
        return LedgerLine.coded(about.toString());
    }

    @Override
    public Optional<DmarcRecord> about(List<String> words) {
        return DmarcRecord.parse(LedgerLine.decoded(words.getFirst()));
    }

    @Override
    public String rowText(AggregateRow row) {
        return RowText.write(row);
    }

    @Override
    public AggregateRow row(List<String> words) {
        return RowText.read(words);
    }
}
