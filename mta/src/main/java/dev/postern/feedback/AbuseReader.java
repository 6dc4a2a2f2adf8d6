package dev.postern.feedback;

import dev.postern.dns.DomainName;
import dev.postern.feedback.AuthFailure.Delivery;
import dev.postern.feedback.AuthFailure.Mechanism;
import dev.postern.feedback.AuthFailure.Signature;
import dev.postern.message.MessageHeader;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads the part of a complaint that is for programs, `message/feedback-report`.
///
/// @rfc 5965 §3
/// @rfc 6591 §3
final class AbuseReader {
    private AbuseReader() {}

    /// The report, without the message that it is about.
    ///
    /// @throws BrokenReportException if it is none
    static AbuseReport read(InputStream part) throws IOException {
        List<MessageHeader> groups = FieldGroups.read(part);
        if (groups.isEmpty()) {
            throw new BrokenReportException("the complaint has no fields");
        }
        return report(new Fields(groups.getFirst()));
    }

    private static AbuseReport report(Fields fields) throws BrokenReportException {
        String word = fields.word("Feedback-Type")
                .orElseThrow(() -> new BrokenReportException("the complaint has no Feedback-Type"));
        // a type that is not known is to be taken for "other" (RFC 5965 §3.4)
        AbuseReport.FeedbackType type =
                Vocabulary.word(AbuseReport.FeedbackType.values(), word).orElse(AbuseReport.FeedbackType.OTHER);
        return new AbuseReport(
                type,
                fields.text("User-Agent").orElse(""),
                subject(fields),
                new AbuseReport.Reported(fields.domains("Reported-Domain"), fields.texts("Reported-URI")),
                incidents(fields),
                type == AbuseReport.FeedbackType.AUTH_FAILURE ? Optional.of(failure(fields)) : Optional.empty(),
                ReturnedHeader.NONE);
    }

    private static AbuseReport.Subject subject(Fields fields) {
        return new AbuseReport.Subject(
                fields.text("Original-Envelope-Id"),
                fields.text("Original-Mail-From").map(Fields::bare),
                fields.texts("Original-Rcpt-To").stream().map(Fields::bare).toList(),
                // drafts of ARF had Received-Date
                fields.date("Arrival-Date").or(() -> fields.date("Received-Date")),
                fields.address("Source-IP"),
                fields.typed("Reporting-MTA"));
    }

    private static long incidents(Fields fields) {
        return fields.word("Incidents")
                .filter(digits -> digits.matches("\\d{1,12}"))
                .map(Long::parseLong)
                .filter(number -> number > 0 && number <= AggregateRow.MOST)
                .orElse(1L);
    }

    private static AuthFailure failure(Fields fields) throws BrokenReportException {
        String word = fields.word("Auth-Failure").orElse("");
        AuthFailure.Type type = Vocabulary.word(AuthFailure.Type.values(), word)
                .orElseThrow(() -> new BrokenReportException("the report has no Auth-Failure, or one that is unknown"));
        Optional<DomainName> signer = fields.text("DKIM-Domain").flatMap(DomainName::parse);
        return new AuthFailure(
                type,
                fields.text("Authentication-Results").orElse(""),
                fields.word("Delivery-Result").flatMap(result -> Vocabulary.word(Delivery.values(), result)),
                fields.text("Identity-Alignment").map(AbuseReader::mechanisms),
                signer.map(domain -> new Signature(domain, fields.text("DKIM-Identity"), fields.text("DKIM-Selector"))),
                fields.texts("SPF-DNS"));
    }

    /// ```
    /// id-align     = "Identity-Alignment:" [CFWS]
    ///                ( "none" / dmarc-method *( [CFWS] "," [CFWS] dmarc-method ) ) [CFWS]
    /// dmarc-method = ( "dkim" / "spf" )
    /// ```
    private static Set<Mechanism> mechanisms(String list) {
        Set<Mechanism> mechanisms = EnumSet.noneOf(Mechanism.class);
        for (String word : list.split("[, ]+", -1)) {
            Vocabulary.word(Mechanism.values(), word).ifPresent(mechanisms::add);
        }
        return mechanisms;
    }
}
