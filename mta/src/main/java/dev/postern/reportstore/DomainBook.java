package dev.postern.reportstore;

import dev.postern.dns.DomainName;
import dev.postern.feedback.AggregateRow;
import dev.postern.mailauth.dmarc.DmarcRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is counted of one domain on one day. Guarded by the lock of its ledger.
final class DomainBook {
    private final DomainName domain;
    private final Map<AggregateRow, Count> rows = new LinkedHashMap<>();
    private final Count beyond = new Count();
    private DmarcRecord record;
    private boolean recordSaved;

    /// A number, and how much of it is not in the file yet.
    private static final class Count {
        private long all;
        private long unsaved;

        void add(long more) {
            all += more;
            unsaved += more;
        }
    }

    DomainBook(DomainName domain, DmarcRecord record) {
        this.domain = domain;
        this.record = record;
    }

    /// How many rows there are.
    int size() {
        return rows.size();
    }

    /// The policy, as it was seen last.
    void use(DmarcRecord seen) {
        if (!record.equals(seen)) {
            record = seen;
            recordSaved = false;
        }
    }

    DmarcRecord record() {
        return record;
    }

    /// Whether messages like these have a row already.
    boolean has(AggregateRow row) {
        return rows.containsKey(kind(row));
    }

    /// Counts messages in the row of their kind.
    void add(AggregateRow row) {
        rows.computeIfAbsent(kind(row), _ -> new Count()).add(row.count());
    }

    /// Counts messages that get no row.
    void addBeyond(long messages) {
        beyond.add(messages);
    }

    private static AggregateRow kind(AggregateRow row) {
        return counted(row, 1);
    }

    private static AggregateRow counted(AggregateRow row, long count) {
        return new AggregateRow(
                row.source(), Math.min(count, AggregateRow.MOST), row.evaluated(), row.identifiers(), row.results());
    }

    /// Every row with its count.
    List<AggregateRow> rows() {
        return rows.entrySet().stream()
                .map(row -> counted(row.getKey(), row.getValue().all))
                .toList();
    }

    long beyond() {
        return beyond.all;
    }

    /// Takes away what is settled.
    void subtract(DaySummary settled) {
        for (AggregateRow row : settled.rows()) {
            Count count = rows.get(kind(row));
            if (count != null) {
                count.all -= row.count();
                if (count.all <= 0) {
                    rows.remove(kind(row));
                }
            }
        }
        beyond.all -= settled.beyond();
    }

    boolean isEmpty() {
        return rows.isEmpty() && beyond.all == 0;
    }

    /// The lines that bring the file up to date, which it then is.
    List<LedgerLine> unsaved() {
        List<LedgerLine> lines = new ArrayList<>();
        if (!recordSaved) {
            lines.add(new LedgerLine.Policy(domain, record));
        }
        rows.forEach((row, count) -> {
            if (count.unsaved > 0) {
                lines.add(new LedgerLine.Seen(domain, counted(row, count.unsaved)));
            }
        });
        if (beyond.unsaved > 0) {
            lines.add(new LedgerLine.Beyond(domain, beyond.unsaved));
        }
        saved();
        return lines;
    }

    /// The lines that say all, in a file that says nothing of the domain yet.
    List<LedgerLine> all() {
        List<LedgerLine> lines = new ArrayList<>();
        lines.add(new LedgerLine.Policy(domain, record));
        rows().forEach(row -> lines.add(new LedgerLine.Seen(domain, row)));
        if (beyond.all > 0) {
            lines.add(new LedgerLine.Beyond(domain, beyond.all));
        }
        saved();
        return lines;
    }

    /// All that is counted stands in the file.
    void saved() {
        recordSaved = true;
        rows.values().forEach(count -> count.unsaved = 0);
        beyond.unsaved = 0;
    }
}
