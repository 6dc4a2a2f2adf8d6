package dev.postern.reporting;

import dev.postern.dns.DomainName;
import dev.postern.feedback.AggregateReport;
import dev.postern.feedback.AggregateRow;
import dev.postern.feedback.Disposition;
import dev.postern.feedback.DkimAuthResult;
import dev.postern.feedback.PolicyEvaluated.Aligned;
import dev.postern.mailauth.dkim.DkimOutcome;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Who sends in our name, by what others report: the rows of their reports added up by the address that mail came
/// from. Used by one thread.
public final class SourceSurvey {
    private static final int MOST_WORDS = 8;

    private final Optional<DomainName> within;
    private final Own own;
    private final Map<InetAddress, Sum> sums = new LinkedHashMap<>();

    /// What is ours.
    ///
    /// @param addresses addresses that our mail leaves from
    /// @param keys the names of our keys in DNS, `SELECTOR._domainkey.DOMAIN`
    public record Own(Predicate<InetAddress> addresses, Set<DomainName> keys) {
        public Own {
            keys = Set.copyOf(keys);
        }

        private boolean hasSigned(AggregateRow row) {
            return row.results().dkim().stream()
                    .filter(one -> one.result() == DkimOutcome.PASS)
                    .map(Own::place)
                    .flatMap(Optional::stream)
                    .anyMatch(keys::contains);
        }

        private static Optional<DomainName> place(DkimAuthResult one) {
            return one.selector().flatMap(selector -> DomainName.parse(selector + "._domainkey." + one.domain()));
        }
    }

    /// One address, and what is reported of its mail.
    ///
    /// @param own whether it is ours, or our own keys have signed its mail
    /// @param names the domains of authors and of signers that pass, and who reports; some of them
    public record Source(InetAddress address, boolean own, Counts counts, Names names) {
        /// What to do about it, a sentence.
        public String advice() {
            if (counts.failed() > 0 && own) {
                return "ours, and fails: see that it signs (DKIM), and that SPF of " + names.authors()
                        + " names its address";
            }
            if (counts.failed() > 0) {
                return "not known here: a service that sends for you and is not set up, a forwarder, or somebody who"
                        + " writes in your name";
            }
            if (counts.byDkim() == 0) {
                return "passes by SPF alone, which ends at the first forwarder: let it sign (DKIM)";
            }
            if (counts.bySpf() == 0) {
                return own
                        ? "passes by DKIM alone: name its address in SPF too"
                        : "signed in your name and brought by somebody else: a forwarder, or a service with a key of"
                                + " yours";
            }
            return own ? "good" : "good; if you do not know this service, look for the key that it signs with";
        }
    }

    /// How many messages.
    ///
    /// @param messages all
    /// @param byDkim passed by an aligned signature
    /// @param bySpf passed by aligned SPF
    /// @param failed by neither
    /// @param refused failed, and were refused or treated as suspicious
    public record Counts(long messages, long byDkim, long bySpf, long failed, long refused) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0);

        private Counts plus(AggregateRow row) {
            long count = row.count();
            boolean fails = !row.evaluated().passes();
            boolean treated = row.evaluated().disposition() == Disposition.REJECT
                    || row.evaluated().disposition() == Disposition.QUARANTINE;
            return new Counts(
                    messages + count,
                    byDkim + (row.evaluated().dkim() == Aligned.PASS ? count : 0),
                    bySpf + (row.evaluated().spf() == Aligned.PASS ? count : 0),
                    failed + (fails ? count : 0),
                    refused + (fails && treated ? count : 0));
        }
    }

    /// Names that belong to an address.
    public record Names(List<String> authors, List<String> signers, List<String> reporters) {
        public Names {
            authors = List.copyOf(authors);
            signers = List.copyOf(signers);
            reporters = List.copyOf(reporters);
        }
    }

    private static final class Sum {
        private Counts counts = Counts.NONE;
        private boolean signedByUs;
        private final Set<String> authors = new TreeSet<>();
        private final Set<String> signers = new TreeSet<>();
        private final Set<String> reporters = new TreeSet<>();

        private static void add(Collection<String> names, String name) {
            if (names.size() < MOST_WORDS) {
                names.add(name);
            }
        }
    }

    /// @param within only mail of authors in this domain or below it; empty: all
    public SourceSurvey(Optional<DomainName> within, Own own) {
        this.within = within;
        this.own = own;
    }

    /// Adds a report.
    ///
    /// @return whether it has anything that was asked for
    public boolean add(AggregateReport report) {
        boolean any = false;
        for (AggregateRow row : report.rows()) {
            DomainName author = row.identifiers().headerFrom();
            if (within.isEmpty() || author.isWithin(within.get())) {
                add(row, report.metadata().organization());
                any = true;
            }
        }
        return any;
    }

    private void add(AggregateRow row, String reporter) {
        Sum sum = sums.computeIfAbsent(row.source(), _ -> new Sum());
        sum.counts = sum.counts.plus(row);
        sum.signedByUs |= own.hasSigned(row);
        Sum.add(sum.authors, row.identifiers().headerFrom().text());
        Sum.add(sum.reporters, reporter);
        row.results().dkim().stream()
                .filter(one -> one.result() == DkimOutcome.PASS)
                .forEach(one -> Sum.add(sum.signers, one.domain().text()));
    }

    /// Every address: those of ours that fail first, then others that fail, each with the most messages first.
    public List<Source> sources() {
        return sums.entrySet().stream()
                .map(entry -> source(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingInt(SourceSurvey::rank)
                        .thenComparing(
                                Comparator.comparingLong(SourceSurvey::weight).reversed())
                        .thenComparing(source -> source.address().getHostAddress()))
                .toList();
    }

    private Source source(InetAddress address, Sum sum) {
        return new Source(
                address,
                sum.signedByUs || own.addresses().test(address),
                sum.counts,
                new Names(List.copyOf(sum.authors), List.copyOf(sum.signers), List.copyOf(sum.reporters)));
    }

    private static long weight(Source source) {
        return source.counts().failed() > 0
                ? source.counts().failed()
                : source.counts().messages();
    }

    private static int rank(Source source) {
        return (source.counts().failed() > 0 ? 0 : 2) + (source.own() ? 0 : 1);
    }
}
