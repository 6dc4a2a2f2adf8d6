package dev.postern.reportstore;

import dev.postern.dns.DomainName;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is counted on one day. Guarded by the lock of its ledger.
final class DayBook<P, R> {
    private final LocalDate day;
    private final LedgerForm<P, R> form;
    private final Map<DomainName, DomainBook<P, R>> domains = new LinkedHashMap<>();
    private final List<Settlement> settlements = new ArrayList<>();
    private final Set<DomainName> unwanted = new LinkedHashSet<>();

    DayBook(LocalDate day, LedgerForm<P, R> form) {
        this.day = day;
        this.form = form;
    }

    LocalDate day() {
        return day;
    }

    LedgerForm<P, R> form() {
        return form;
    }

    Map<DomainName, DomainBook<P, R>> domains() {
        return domains;
    }

    List<Settlement> settlements() {
        return settlements;
    }

    /// How many rows all domains have.
    int rows() {
        return domains.values().stream().mapToInt(DomainBook::size).sum();
    }

    /// How many rows a domain has.
    int rows(DomainName domain) {
        DomainBook<P, R> book = domains.get(domain);
        return book == null ? 0 : book.size();
    }

    /// The book of a domain, which is opened where there is none and room for it.
    Optional<DomainBook<P, R>> book(Observation<P, R> seen, int most) {
        DomainBook<P, R> book = domains.get(seen.domain());
        if (book == null && domains.size() < most) {
            book = new DomainBook<>(seen.domain(), form, seen.about());
            domains.put(seen.domain(), book);
        }
        return Optional.ofNullable(book);
    }

    /// From when on a domain is not settled.
    Instant begin(DomainName domain) {
        return settlements.stream()
                .filter(one -> one.domain().equals(domain))
                .map(Settlement::until)
                .max(Instant::compareTo)
                .orElseGet(() -> day.atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    /// What is seen of a domain and not settled.
    Optional<DaySummary<P, R>> summary(DomainName domain) {
        return Optional.ofNullable(domains.get(domain))
                .map(book -> new DaySummary<>(day, domain, book.about(), begin(domain), book.tally()));
    }

    /// Takes away what is settled.
    ///
    /// @return the lines that tell it
    List<LedgerLine<P, R>> settle(DaySummary<P, R> summary, Settlement settlement) {
        settlements.add(settlement);
        unwanted.remove(settlement.domain()); // the line of the settlement does the same
        List<LedgerLine<P, R>> lines = new ArrayList<>();
        lines.add(new LedgerLine.Settled<>(settlement));
        DomainBook<P, R> book = domains.get(summary.domain());
        if (book != null) {
            book.subtract(summary.tally());
            if (book.isEmpty()) {
                domains.remove(summary.domain());
            } else {
                lines.addAll(book.all());
            }
        }
        return lines;
    }

    /// Takes away what nobody wants; the file learns of it with what is unsaved.
    void discard(DomainName domain) {
        if (domains.remove(domain) != null) {
            unwanted.add(domain);
        }
    }

    /// Takes up a line of the file.
    void take(LedgerLine<P, R> line) {
        switch (line) {
            case LedgerLine.Policy<P, R> policy ->
                domains.computeIfAbsent(policy.domain(), name -> new DomainBook<>(name, form, policy.about()))
                        .use(policy.about());
            case LedgerLine.Seen<P, R> seen -> {
                DomainBook<P, R> book = domains.get(seen.domain());
                if (book != null) {
                    book.add(seen.row());
                }
            }
            case LedgerLine.Beyond<P, R> beyond -> {
                DomainBook<P, R> book = domains.get(beyond.domain());
                if (book != null) {
                    book.addBeyond(beyond.count());
                }
            }
            case LedgerLine.Settled<P, R>(Settlement settlement) -> {
                domains.remove(settlement.domain());
                settlements.add(settlement);
            }
            case LedgerLine.Unwanted<P, R> nobody -> domains.remove(nobody.domain());
        }
    }

    /// The file is read to its end.
    void taken() {
        domains.values().forEach(DomainBook::saved);
        domains.values().removeIf(DomainBook::isEmpty);
    }

    /// The lines that bring the file up to date, which it then is.
    List<LedgerLine<P, R>> unsaved() {
        List<LedgerLine<P, R>> lines = new ArrayList<>();
        unwanted.forEach(domain -> lines.add(new LedgerLine.Unwanted<>(domain)));
        unwanted.clear();
        domains.values().forEach(book -> lines.addAll(book.unsaved()));
        return lines;
    }

    /// The lines that say all, in a file of their own.
    List<LedgerLine<P, R>> all() {
        List<LedgerLine<P, R>> lines = new ArrayList<>();
        settlements.forEach(one -> lines.add(new LedgerLine.Settled<>(one)));
        unwanted.clear();
        domains.values().forEach(book -> lines.addAll(book.all()));
        return lines;
    }
}
