package dev.postern.reporting;

import dev.postern.dns.DomainName;
import dev.postern.feedback.TlsFailure;
import dev.postern.feedback.TlsPolicyResult;
import dev.postern.feedback.TlsReport;
import dev.postern.reportstore.DaySummary;
import dev.postern.reportstore.SessionPolicies;
import dev.postern.reportstore.SessionRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Makes the TLS report of what was counted of a domain: each policy once, with its sums and its failures, those that
/// were most first.
///
/// @rfc 8460 §4.4
final class SessionReport {
    private SessionReport() {}

    /// @param summary with one row at least
    /// @param until the end of the time that it is about, which the report ends a second before
    static TlsReport of(
            DaySummary<SessionPolicies, SessionRow> summary, ReportingSettings settings, String id, Instant until) {
        Map<String, List<SessionRow>> byPolicy = new TreeMap<>();
        for (SessionRow row : summary.rows()) {
            byPolicy.computeIfAbsent(row.policy(), _ -> new ArrayList<>()).add(row);
        }
        return new TlsReport(
                settings.organization(),
                summary.period(until),
                Optional.of(settings.from().toString()),
                id,
                byPolicy.entrySet().stream()
                        .map(one ->
                                result(policy(summary.domain(), summary.about().text(one.getKey())), one.getValue()))
                        .toList());
    }

    private static TlsPolicyResult.Policy policy(DomainName domain, SessionPolicies.Text text) {
        return new TlsPolicyResult.Policy(text.type(), text.strings(), domain, text.hosts());
    }

    private static TlsPolicyResult result(TlsPolicyResult.Policy policy, List<SessionRow> rows) {
        return new TlsPolicyResult(
                policy,
                sum(rows.stream().filter(row -> row.failure().isEmpty()).toList()),
                sum(rows.stream().filter(row -> row.failure().isPresent()).toList()),
                rows.stream()
                        .flatMap(row -> row.failure().map(how -> failure(how, row.count())).stream())
                        .sorted(Comparator.comparingLong(TlsFailure::sessions)
                                .reversed()
                                .thenComparing(TlsFailure::result))
                        .toList());
    }

    private static long sum(List<SessionRow> rows) {
        return Math.min(rows.stream().mapToLong(SessionRow::count).sum(), TlsPolicyResult.MOST);
    }

    private static TlsFailure failure(SessionRow.Failure how, long sessions) {
        SessionRow.Server server = how.server();
        return new TlsFailure(
                how.result(),
                server.sender(),
                new TlsFailure.ReceivingMx(server.host().map(DomainName::text), Optional.empty(), server.address()),
                sessions,
                Optional.empty(),
                Optional.of(how.reason()));
    }
}
