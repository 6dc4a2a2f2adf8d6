package dev.postern.feedback;

import dev.postern.dns.DomainName;
import dev.postern.message.MailDate;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/// Writes the report that a message failed to authenticate: what failed, and what may be shown of
/// the message's header; never its body.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9991 RFC 9991
public final class FailureMail {
    private FailureMail() {}

    /// The message, header and body with CRLF line ends.
    ///
    /// @param report what failed, with the header of the message
    /// @param redaction what of that header is shown
    /// @throws IllegalArgumentException if the report is not about a failure, or not about a domain,
    ///     or, where DMARC failed, does not say which mechanisms had no aligned domain
    public static byte[] compose(AbuseReport report, ReportLetter outside, Redaction redaction) {
        AuthFailure failure =
                report.failure().orElseThrow(() -> new IllegalArgumentException("no failed authentication"));
        DomainName domain = report.reported().domains().stream()
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a report about no domain"));
        Letter letter = new Letter(outside, "multipart/report; report-type=feedback-report")
                .line("Subject: Authentication failure report for " + domain)
                .part("Content-Type: text/plain; charset=us-ascii")
                .line("This is a report on a message that failed to authenticate as " + domain + ",")
                .line("received from " + source(report) + " by " + outside.submitter() + " (RFC 9991).")
                .part("Content-Type: message/feedback-report");
        fields(letter, report, redaction);
        failure(letter, failure);
        return letter.part("Content-Type: text/rfc822-headers", "Content-Transfer-Encoding: 8bit")
                .octets(redaction.header(report.returned().header()))
                .end();
    }

    private static String source(AbuseReport report) {
        return report.subject().source().map(InetAddress::getHostAddress).orElse("an unknown address");
    }

    private static void fields(Letter letter, AbuseReport report, Redaction redaction) {
        AbuseReport.Subject subject = report.subject();
        letter.field("Feedback-Type", report.type().toString())
                .field("User-Agent", report.userAgent().isEmpty() ? "Postern" : report.userAgent())
                .field("Version", "1");
        optional(letter, "Original-Envelope-Id", subject.envelopeId());
        optional(letter, "Original-Mail-From", subject.mailFrom().map(path -> "<" + redaction.text(path) + ">"));
        subject.recipients().forEach(path -> letter.field("Original-Rcpt-To", "<" + redaction.text(path) + ">"));
        optional(letter, "Arrival-Date", subject.arrival().map(MailDate::format));
        optional(letter, "Reporting-MTA", subject.reportingMta().map(name -> "dns; " + name));
        optional(letter, "Source-IP", subject.source().map(InetAddress::getHostAddress));
        report.reported().domains().forEach(domain -> letter.field("Reported-Domain", domain.text()));
        if (report.incidents() > 1) {
            letter.field("Incidents", Long.toString(report.incidents()));
        }
    }

    private static void failure(Letter letter, AuthFailure failure) {
        letter.field("Auth-Failure", failure.type().toString());
        if (!failure.authenticationResults().isEmpty()) {
            letter.field("Authentication-Results", failure.authenticationResults());
        }
        optional(letter, "Delivery-Result", failure.delivery().map(Object::toString));
        if (failure.type() == AuthFailure.Type.DMARC && failure.unaligned().isEmpty()) {
            throw new IllegalArgumentException("RFC 9991 §4 wants to know what is not aligned");
        }
        optional(letter, "Identity-Alignment", failure.unaligned().map(FailureMail::mechanisms));
        failure.dkim().ifPresent(dkim -> {
            letter.field("DKIM-Domain", dkim.domain().text());
            optional(letter, "DKIM-Identity", dkim.identity());
            optional(letter, "DKIM-Selector", dkim.selector());
        });
        failure.spfRecords().forEach(record -> letter.field("SPF-DNS", record));
    }

    /// ```
    /// id-align = "Identity-Alignment:" [CFWS] ( "none" / dmarc-method *( [CFWS] "," [CFWS] dmarc-method ) ) [CFWS]
    /// ```
    private static String mechanisms(Set<AuthFailure.Mechanism> unaligned) {
        return unaligned.isEmpty()
                ? "none"
                : String.join(
                        ", ", unaligned.stream().sorted().map(Object::toString).toList());
    }

    private static void optional(Letter letter, String name, Optional<String> text) {
        text.ifPresent(there -> letter.field(name, there));
    }
}
