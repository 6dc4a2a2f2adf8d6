package dev.postern.reportstore;

import dev.postern.dns.DomainName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is counted of one domain on one day. Guarded by the lock of its ledger.
final class DomainBook<P, R> {
    private final DomainName domain;
    private final LedgerForm<P, R> form;
    private final Map<R, Count> rows = new LinkedHashMap<>();
    private final Count beyond = new Count();
    private P about;
    private boolean aboutSaved;

    /// A number, and how much of it is not in the file yet.
    private static final class Count {
        private long all;
        private long unsaved;

        void add(long more) {
            all += more;
            unsaved += more;
        }
    }

    DomainBook(DomainName domain, LedgerForm<P, R> form, P about) {
        this.domain = domain;
        this.form = form;
        this.about = about;
    }

    /// How many rows there are.
    int size() {
        return rows.size();
    }

    /// More is known of the domain.
    void use(P seen) {
        P merged = form.merge(about, seen);
        if (!merged.equals(about)) {
            about = merged;
            aboutSaved = false;
        }
    }

    P about() {
        return about;
    }

    /// Whether things like these have a row already.
    boolean has(R row) {
        return rows.containsKey(kind(row));
    }

    /// Counts in the row of their kind.
    void add(R row) {
        rows.computeIfAbsent(kind(row), _ -> new Count()).add(form.count(row));
    }

    /// Counts what gets no row.
    void addBeyond(long more) {
        beyond.add(more);
    }

    private R kind(R row) {
        return form.count(row) == 1 ? row : form.counted(row, 1);
    }

    /// Every row with its count.
    List<R> rows() {
        return rows.entrySet().stream()
                .map(row -> form.counted(row.getKey(), row.getValue().all))
                .toList();
    }

    /// What there is, as it is now.
    Tally<R> tally() {
        long inRows = rows.values().stream().mapToLong(count -> count.all).sum();
        return new Tally<>(rows(), beyond.all, inRows + beyond.all);
    }

    /// Takes away what is settled.
    void subtract(Tally<R> settled) {
        for (R row : settled.rows()) {
            Count count = rows.get(kind(row));
            if (count != null) {
                count.all -= form.count(row);
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
    List<LedgerLine<P, R>> unsaved() {
        List<LedgerLine<P, R>> lines = new ArrayList<>();
        if (!aboutSaved) {
            lines.add(new LedgerLine.Policy<>(domain, about));
        }
        rows.forEach((row, count) -> {
            if (count.unsaved > 0) {
                lines.add(new LedgerLine.Seen<>(domain, form.counted(row, count.unsaved)));
            }
        });
        if (beyond.unsaved > 0) {
            lines.add(new LedgerLine.Beyond<>(domain, beyond.unsaved));
        }
        saved();
        return lines;
    }

    /// The lines that say all, in a file that says nothing of the domain yet.
    List<LedgerLine<P, R>> all() {
        List<LedgerLine<P, R>> lines = new ArrayList<>();
        lines.add(new LedgerLine.Policy<>(domain, about));
        rows().forEach(row -> lines.add(new LedgerLine.Seen<>(domain, row)));
        if (beyond.all > 0) {
            lines.add(new LedgerLine.Beyond<>(domain, beyond.all));
        }
        saved();
        return lines;
    }

    /// All that is counted stands in the file.
    void saved() {
        aboutSaved = true;
        rows.values().forEach(count -> count.unsaved = 0);
        beyond.unsaved = 0;
    }
}
