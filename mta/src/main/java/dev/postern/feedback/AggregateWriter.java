package dev.postern.feedback;

import dev.postern.mailauth.spf.SpfIdentity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/// Writes one aggregate report as XML, its elements in the order of the schema.
///
/// @rfc 9990 §3.1.1, Appendix A
final class AggregateWriter {
    /// The namespace of reports by RFC 9990.
    static final String NAMESPACE = "urn:ietf:params:xml:ns:dmarc-2.0";

    private final StringBuilder out = new StringBuilder(4096);
    private int depth;

    byte[] write(AggregateReport report) {
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        out.append("<feedback xmlns=\"").append(NAMESPACE).append("\">\n");
        depth++;
        element("version", "1.0");
        metadata(report.metadata());
        policy(report.policy());
        report.rows().forEach(this::row);
        close("feedback");
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void metadata(ReportMetadata metadata) {
        open("report_metadata");
        element("org_name", metadata.organization());
        element("email", metadata.email());
        element("extra_contact_info", metadata.extraContact());
        element("report_id", metadata.reportId());
        open("date_range");
        element("begin", metadata.period().begin());
        element("end", metadata.period().end());
        close("date_range");
        if (!metadata.errors().isEmpty()) {
            element("error", String.join("; ", metadata.errors())); // one at most
        }
        element("generator", metadata.generator());
        close("report_metadata");
    }

    private void policy(PolicyPublished policy) {
        open("policy_published");
        element("domain", policy.domain());
        policy.discovery().ifPresent(discovery -> element("discovery_method", discovery));
        element("p", policy.policies().domain());
        element("sp", policy.policies().forSubdomain());
        element("np", policy.policies().forMissing());
        String options =
                policy.failureOptions().stream().sorted().map(Object::toString).collect(Collectors.joining(":"));
        element("fo", options);
        element("adkim", policy.alignments().dkim());
        element("aspf", policy.alignments().spf());
        element("testing", policy.testing() ? "y" : "n");
        close("policy_published");
    }

    private void row(AggregateRow row) {
        open("record");
        open("row");
        element("source_ip", row.source().getHostAddress());
        element("count", row.count());
        evaluated(row.evaluated());
        close("row");
        open("identifiers");
        element("header_from", row.identifiers().headerFrom());
        row.identifiers().envelopeFrom().ifPresent(domain -> element("envelope_from", domain));
        row.identifiers().envelopeTo().ifPresent(domain -> element("envelope_to", domain));
        close("identifiers");
        open("auth_results");
        row.results().dkim().forEach(this::dkim);
        row.results().spf().stream()
                .filter(AggregateWriter::isReversePath)
                .limit(1)
                .forEach(this::spf);
        close("auth_results");
        close("record");
    }

    private void evaluated(PolicyEvaluated evaluated) {
        open("policy_evaluated");
        element("disposition", evaluated.disposition());
        element("dkim", evaluated.dkim());
        element("spf", evaluated.spf());
        for (PolicyEvaluated.Reason reason : evaluated.reasons()) {
            open("reason");
            element("type", reason.type());
            element("comment", reason.comment());
            close("reason");
        }
        close("policy_evaluated");
    }

    private void dkim(DkimAuthResult dkim) {
        open("dkim");
        element("domain", dkim.domain());
        element("selector", dkim.selector().orElse(""));
        element("result", dkim.result().word());
        element("human_result", dkim.humanResult());
        close("dkim");
    }

    private static boolean isReversePath(SpfAuthResult spf) {
        return spf.scope().map(AggregateWriter::isReversePath).orElse(true);
    }

    private static boolean isReversePath(SpfIdentity scope) {
        return switch (scope) {
            case MAIL_FROM -> true;
            case HELO -> false;
        };
    }

    private void spf(SpfAuthResult spf) {
        open("spf");
        element("domain", spf.domain());
        element("scope", "mfrom");
        element("result", spf.result().word());
        element("human_result", spf.humanResult());
        close("spf");
    }

    private void open(String name) {
        indent().append('<').append(name).append(">\n");
        depth++;
    }

    private void close(String name) {
        depth--;
        indent().append("</").append(name).append(">\n");
    }

    private void element(String name, Instant time) {
        element(name, time.getEpochSecond());
    }

    private void element(String name, Optional<String> text) {
        text.ifPresent(there -> element(name, there));
    }

    private void element(String name, Object value) {
        indent().append('<').append(name).append('>');
        String text = value.toString();
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                default -> out.append(text.charAt(i));
            }
        }
        out.append("</").append(name).append(">\n");
    }

    private StringBuilder indent() {
        return out.repeat(' ', 2 * depth);
    }
}
