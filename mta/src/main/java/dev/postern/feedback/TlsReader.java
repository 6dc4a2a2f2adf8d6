package dev.postern.feedback;

import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.tlspolicy.TlsTrial;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads one TLS report. Policies and failures of kinds that are not known, and what makes no sense,
/// are left out with a remark.
///
/// @rfc 8460 §4
final class TlsReader {
    private static final int LARGEST = 8 << 20;
    private static final int DEEPEST = 20;
    private static final int LONGEST_STRING = 100_000;
    private static final long MOST_TOKENS = 500_000;
    private static final int LONGEST_NUMBER = 30;

    private final ReportLimits limits;
    private final Remarks remarks = new Remarks();
    private int rows;

    TlsReader(ReportLimits limits) {
        this.limits = limits;
    }

    Finding read(InputStream json) throws IOException {
        try {
            int largest = Math.min(LARGEST, limits.unpackedOctets());
            return report(tree(new LimitedStream(json, largest, "the report").readAllBytes()));
        } catch (BrokenReportException broken) {
            return broken.finding();
        }
    }

    private static JsonNode tree(byte[] json) throws BrokenReportException {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxStringLength(LONGEST_STRING)
                        .maxNameLength(LONGEST_STRING)
                        .maxNumberLength(LONGEST_NUMBER)
                        .maxTokenCount(MOST_TOKENS)
                        .build())
                .build();
        try {
            return JsonMapper.builder(factory).build().readTree(json);
        } catch (JacksonException malformed) {
            throw new BrokenReportException("the JSON is malformed" + place(malformed));
        }
    }

    private static String place(JacksonException malformed) {
        TokenStreamLocation location = malformed.getLocation();
        return location == null ? " or out of bounds" : " in line " + location.getLineNr();
    }

    private Finding report(JsonNode root) throws BrokenReportException {
        if (!root.path("policies").isArray()) {
            return new Finding.NoReport("the JSON has no list of policies");
        }
        List<TlsPolicyResult> policies = new ArrayList<>();
        for (JsonNode policy : root.path("policies")) {
            row();
            result(policy).ifPresent(policies::add);
        }
        if (policies.isEmpty()) {
            throw new BrokenReportException("the report has no policy that makes sense" + remarks.first());
        }
        Optional<String> contact = text(root, "contact-info");
        String organization = text(root, "organization-name")
                .or(() -> contact)
                .orElseThrow(() -> new BrokenReportException("the report does not say who made it"));
        String id = text(root, "report-id").orElseThrow(() -> new BrokenReportException("the report has no report-id"));
        return new Finding.Tls(
                new TlsReport(organization, period(root.path("date-range")), contact, id, policies), remarks.all());
    }

    private void row() throws BrokenReportException {
        rows++;
        if (rows > limits.rows()) {
            throw new BrokenReportException("the report has more than " + limits.rows() + " policies and failures");
        }
    }

    private static ReportPeriod period(JsonNode range) throws BrokenReportException {
        try {
            return new ReportPeriod(instant(range, "start-datetime"), instant(range, "end-datetime"));
        } catch (IllegalArgumentException impossible) {
            throw new BrokenReportException("the report is about " + impossible.getMessage());
        }
    }

    /// A time of RFC 3339; some reporters leave the zone out.
    private static Instant instant(JsonNode range, String name) throws BrokenReportException {
        String text = text(range, name).orElse("");
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException noOffset) {
            try {
                return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
            } catch (DateTimeParseException noTime) {
                throw new BrokenReportException("the report's " + name + " is no time: '" + text + "'");
            }
        }
    }

    private Optional<TlsPolicyResult> result(JsonNode node) throws BrokenReportException {
        JsonNode policy = node.path("policy");
        String type = text(policy, "policy-type").orElse("");
        String domain = text(policy, "policy-domain").orElse("");
        Optional<TlsTrial.Type> known = Vocabulary.word(TlsTrial.Type.values(), type);
        Optional<DomainName> name = DomainName.parse(domain);
        Optional<Long> successful = count(node.path("summary"), "total-successful-session-count");
        Optional<Long> failed = count(node.path("summary"), "total-failure-session-count");
        if (known.isEmpty() || name.isEmpty() || successful.isEmpty() || failed.isEmpty()) {
            remarks.add("a policy is left out: policy-type '" + type + "', policy-domain '" + domain + "', summary "
                    + Words.clean(node.path("summary").toString()));
            return Optional.empty();
        }
        return Optional.of(new TlsPolicyResult(
                new TlsPolicyResult.Policy(known.get(), texts(policy, "policy-string"), name.get(), hosts(policy)),
                successful.get(),
                failed.get(),
                failures(node.path("failure-details"))));
    }

    /// RFC 8460 has `mx-host-pattern` in its text and `mx-host` in its sample.
    private static List<String> hosts(JsonNode policy) {
        List<String> hosts = texts(policy, "mx-host");
        return hosts.isEmpty() ? texts(policy, "mx-host-pattern") : hosts;
    }

    private List<TlsFailure> failures(JsonNode details) throws BrokenReportException {
        List<TlsFailure> failures = new ArrayList<>();
        for (JsonNode one : details.isArray() ? details : List.<JsonNode>of()) {
            row();
            String word = text(one, "result-type").orElse("");
            Optional<TlsTrial.Result> result = Vocabulary.word(TlsTrial.Result.values(), word);
            if (result.isEmpty()) {
                remarks.add("a failure of type '" + word + "' counts as validation-failure");
            }
            failures.add(new TlsFailure(
                    result.orElse(TlsTrial.Result.VALIDATION_FAILURE),
                    address(one, "sending-mta-ip"),
                    new TlsFailure.ReceivingMx(
                            text(one, "receiving-mx-hostname"),
                            text(one, "receiving-mx-helo"),
                            address(one, "receiving-ip")),
                    count(one, "failed-session-count").orElse(0L),
                    text(one, "additional-information"),
                    text(one, "failure-reason-code")));
        }
        return failures;
    }

    private static Optional<String> text(JsonNode object, String name) {
        JsonNode value = object.path(name);
        return value.isValueNode() && !value.isNull()
                ? Words.optional(Optional.of(value.asString()))
                : Optional.empty();
    }

    /// A list of texts, or one alone as in the sample of RFC 8460.
    private static List<String> texts(JsonNode object, String name) {
        JsonNode value = object.path(name);
        if (!value.isArray()) {
            return text(object, name).stream().toList();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode one : value) {
            if (one.isString() && texts.size() < TlsPolicyResult.MOST_STRINGS) {
                texts.add(one.asString());
            }
        }
        return texts;
    }

    private static Optional<InetAddress> address(JsonNode object, String name) {
        return text(object, name).flatMap(IpText::ip);
    }

    private static Optional<Long> count(JsonNode object, String name) {
        String digits = text(object, name).orElse("0");
        return digits.matches("\\d{1,18}") && Long.parseLong(digits) <= TlsPolicyResult.MOST
                ? Optional.of(Long.parseLong(digits))
                : Optional.empty();
    }
}
