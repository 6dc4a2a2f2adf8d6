package dev.postern.reportstore;

import dev.postern.dns.DomainName;
import dev.postern.feedback.AbuseReport;
import dev.postern.feedback.AggregateReport;
import dev.postern.feedback.Finding;
import dev.postern.feedback.TlsReport;
import java.util.Locale;
import java.util.Optional;

/// What a report says of itself, by which the same one is known when it comes again.
///
/// @param reporter the name of who made it
/// @param reportId his name for it; empty text for kinds that have none, of which each is new
public record ReportClaim(Kind kind, String reporter, String reportId) {
    /// The kinds of reports that are kept.
    public enum Kind {
        /// What a receiver saw in a day of mail in our name (RFC 9990).
        AGGREGATE,
        /// How sessions with our servers went (RFC 8460).
        TLS,
        /// One message in our name that failed (RFC 9991).
        FAILURE;

        /// The word in files, in lower case.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The claim of what a message turned out to be; empty if it is nothing that is kept.
    public static Optional<ReportClaim> of(Finding finding) {
        return switch (finding) {
            case Finding.Aggregate(AggregateReport report, var remarks) ->
                Optional.of(new ReportClaim(
                        Kind.AGGREGATE,
                        report.metadata().organization(),
                        report.policy().domain() + " " + report.metadata().reportId()));
            case Finding.Tls(TlsReport report, var remarks) ->
                Optional.of(new ReportClaim(Kind.TLS, report.organization(), report.reportId()));
            case Finding.Abuse(AbuseReport report)
            when report.type() == AbuseReport.FeedbackType.AUTH_FAILURE ->
                Optional.of(new ReportClaim(
                        Kind.FAILURE, report.subject().reportingMta().orElse(report.userAgent()), ""));
            case Finding.Abuse _, Finding.Delivery _, Finding.NoReport _, Finding.Broken _ -> Optional.empty();
        };
    }

    /// What tells this report from all others that the same domain vouches for.
    ///
    /// @param author the domain that the message was authentic for; without one anybody may have written it, and it
    ///     never stands in the way of one with
    String key(Optional<DomainName> author) {
        return kind + "\n" + author.map(DomainName::text).orElse("") + "\n" + reporter + "\n" + reportId;
    }
}
