package dev.postern.reportstore;

import dev.postern.dns.DomainName;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is counted on one day. Guarded by the lock of its ledger.
final class DayBook {
    private final LocalDate day;
    private final Map<DomainName, DomainBook> domains = new LinkedHashMap<>();
    private final List<Settlement> settlements = new ArrayList<>();

    DayBook(LocalDate day) {
        this.day = day;
    }

    LocalDate day() {
        return day;
    }

    Map<DomainName, DomainBook> domains() {
        return domains;
    }

    List<Settlement> settlements() {
        return settlements;
    }

    /// How many rows all domains have.
    int rows() {
        return domains.values().stream().mapToInt(DomainBook::size).sum();
    }

    /// From when on a domain is not settled.
    Instant begin(DomainName domain) {
        return settlements.stream()
                .filter(one -> one.domain().equals(domain))
                .map(Settlement::until)
                .max(Instant::compareTo)
                .orElseGet(() -> day.atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    /// Takes up a line of the file.
    void take(LedgerLine line) {
        switch (line) {
            case LedgerLine.Policy policy ->
                domains.computeIfAbsent(policy.domain(), name -> new DomainBook(name, policy.record()))
                        .use(policy.record());
            case LedgerLine.Seen seen -> {
                DomainBook book = domains.get(seen.domain());
                if (book != null) {
                    book.add(seen.row());
                }
            }
            case LedgerLine.Beyond beyond -> {
                DomainBook book = domains.get(beyond.domain());
                if (book != null) {
                    book.addBeyond(beyond.count());
                }
            }
            case LedgerLine.Settled(Settlement settlement) -> {
                domains.remove(settlement.domain());
                settlements.add(settlement);
            }
        }
    }

    /// The file is read to its end.
    void taken() {
        domains.values().forEach(DomainBook::saved);
        domains.values().removeIf(DomainBook::isEmpty);
    }

    /// The lines that bring the file up to date, which it then is.
    List<LedgerLine> unsaved() {
        return domains.values().stream()
                .flatMap(book -> book.unsaved().stream())
                .toList();
    }

    /// The lines that say all, in a file of their own.
    List<LedgerLine> all() {
        List<LedgerLine> lines = new ArrayList<>();
        settlements.forEach(one -> lines.add(new LedgerLine.Settled(one)));
        domains.values().forEach(book -> lines.addAll(book.all()));
        return lines;
    }
}
