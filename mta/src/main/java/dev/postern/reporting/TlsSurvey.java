package dev.postern.reporting;

import dev.postern.dns.DomainName;
import dev.postern.feedback.TlsFailure;
import dev.postern.feedback.TlsPolicyResult;
import dev.postern.feedback.TlsReport;
import dev.postern.tlspolicy.TlsTrial;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How others' sessions with our servers went, by what they report: added up by our domain and the kind of policy. Used
/// by one thread.
public final class TlsSurvey {
    private static final int MOST_FAILURES = 20;

    private final Optional<DomainName> within;
    private final Map<Subject, Sum> sums = new LinkedHashMap<>();

    private record Subject(DomainName domain, TlsTrial.Type policy) {}

    private static final class Sum {
        private long successful;
        private long failed;
        private final Map<Way, Long> failures = new LinkedHashMap<>();

        void add(TlsFailure failure) {
            Way what = new Way(failure.result(), failure.receivingMx().hostname());
            if (failures.size() < MOST_FAILURES || failures.containsKey(what)) {
                failures.merge(what, failure.sessions(), Long::sum);
            }
        }
    }

    /// A way to fail.
    ///
    /// @param host the server, where the report names it
    public record Way(TlsTrial.Result result, Optional<String> host) {
        /// In the words of reports.
        @Override
        public String toString() {
            return result + host.map(name -> " at " + name).orElse("");
        }
    }

    /// Sessions for one domain.
    ///
    /// @param policy what the senders found of what the domain asks for
    /// @param failures how many sessions failed in each way
    public record Sessions(
            DomainName domain, TlsTrial.Type policy, long successful, long failed, Map<Way, Long> failures) {
        public Sessions {
            failures = Map.copyOf(failures);
        }
    }

    /// @param within only domains in this one or below it; empty: all
    public TlsSurvey(Optional<DomainName> within) {
        this.within = within;
    }

    /// Adds a report.
    public void add(TlsReport report) {
        for (TlsPolicyResult result : report.policies()) {
            DomainName domain = result.policy().domain();
            if (within.isEmpty() || domain.isWithin(within.get())) {
                Sum sum =
                        sums.computeIfAbsent(new Subject(domain, result.policy().type()), _ -> new Sum());
                sum.successful += result.successful();
                sum.failed += result.failed();
                result.failures().forEach(sum::add);
            }
        }
    }

    /// Every domain and policy, those with the most failures first.
    public List<Sessions> sessions() {
        return sums.entrySet().stream()
                .map(entry -> new Sessions(
                        entry.getKey().domain(),
                        entry.getKey().policy(),
                        entry.getValue().successful,
                        entry.getValue().failed,
                        entry.getValue().failures))
                .sorted(Comparator.comparingLong(Sessions::failed).reversed().thenComparing(Sessions::domain))
                .toList();
    }
}
