package dev.postern.feedback;

import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.feedback.AggregateRow.Identifiers;
import dev.postern.feedback.PolicyEvaluated.Aligned;
import dev.postern.feedback.PolicyEvaluated.OverrideType;
import dev.postern.feedback.PolicyEvaluated.Reason;
import dev.postern.mailauth.dkim.DkimOutcome;
import dev.postern.mailauth.dmarc.Alignment;
import dev.postern.mailauth.dmarc.DmarcPolicy;
import dev.postern.mailauth.dmarc.DmarcRecord;
import dev.postern.mailauth.dmarc.FailureOption;
import dev.postern.mailauth.spf.SpfIdentity;
import dev.postern.mailauth.spf.SpfOutcome;
import dev.postern.smtp.Mailbox;
import dev.postern.tlspolicy.TlsTrial;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reports for the tests.
final class Samples {
    static final DomainName DOMAIN = DomainName.of("example.org");
    static final DomainName SUBMITTER = DomainName.of("mx.postern.example");
    static final ReportPeriod PERIOD =
            new ReportPeriod(Instant.parse("2026-06-01T00:00:00Z"), Instant.parse("2026-06-01T23:59:59Z"));
    static final ReportLetter LETTER = new ReportLetter(
            SUBMITTER,
            Mailbox.of("dmarc", SUBMITTER),
            List.of(Mailbox.of("rua", DOMAIN), Mailbox.of("second", DOMAIN)),
            Instant.parse("2026-06-02T01:02:03Z"),
            "r1.1@mx.postern.example");

    private static final Path FILES = Path.of("src/test/resources/dev/postern/feedback");

    private Samples() {}

    static byte[] file(String name) throws IOException {
        return Files.readAllBytes(FILES.resolve(name));
    }

    static String text(String name) throws IOException {
        return new String(file(name), StandardCharsets.UTF_8);
    }

    static Finding read(byte[] message) throws IOException {
        return new ReportReader(ReportLimits.DEFAULT).read(new ByteArrayInputStream(message));
    }

    /// Every element that a report can have.
    static AggregateReport aggregate(String id) {
        return new AggregateReport(
                new ReportMetadata(
                        "Postern & <Sons>",
                        "dmarc@mx.postern.example",
                        Optional.of("https://mx.postern.example/?a=1&b=2"),
                        id,
                        PERIOD,
                        List.of("the record has no rua"),
                        Optional.of("Postern/1")),
                new PolicyPublished(
                        DOMAIN,
                        Optional.of(PolicyPublished.Discovery.TREEWALK),
                        new DmarcRecord.Policies(
                                DmarcPolicy.REJECT, Optional.of(DmarcPolicy.QUARANTINE), Optional.of(DmarcPolicy.NONE)),
                        new DmarcRecord.Alignments(Alignment.STRICT, Alignment.RELAXED),
                        Set.of(FailureOption.ANY_FAILS, FailureOption.DKIM, FailureOption.SPF),
                        true),
                List.of(row("192.0.2.1", 17), row("2001:db8::25", 1)));
    }

    static AggregateRow row(String source, long count) {
        return new AggregateRow(
                IpText.ip(source).orElseThrow(),
                count,
                new PolicyEvaluated(
                        Disposition.NONE,
                        Aligned.FAIL,
                        Aligned.PASS,
                        List.of(
                                new Reason(OverrideType.TRUSTED_FORWARDER, Optional.of("a > b")),
                                new Reason(OverrideType.POLICY_TEST_MODE, Optional.empty()))),
                new Identifiers(
                        DomainName.of("mail.example.org"),
                        Optional.of(DomainName.of("bounce.example.org")),
                        Optional.of(DomainName.of("postern.example"))),
                new AuthResults(
                        List.of(
                                new DkimAuthResult(
                                        DOMAIN, Optional.of("s1"), DkimOutcome.FAIL, Optional.of("body hash")),
                                new DkimAuthResult(DOMAIN, Optional.of("s2"), DkimOutcome.PASS, Optional.empty())),
                        List.of(new SpfAuthResult(
                                DOMAIN,
                                Optional.of(SpfIdentity.MAIL_FROM),
                                SpfOutcome.SOFTFAIL,
                                Optional.of("~all")))));
    }

    /// Every element that a TLS report can have.
    static TlsReport tls() {
        return new TlsReport(
                "Postern",
                PERIOD,
                Optional.of("mailto:tls@mx.postern.example"),
                "2026-06-01.example.org",
                List.of(
                        new TlsPolicyResult(
                                new TlsPolicyResult.Policy(
                                        TlsTrial.Type.STS,
                                        List.of("version: STSv1", "mode: enforce"),
                                        DOMAIN,
                                        List.of("*.mx.example.org")),
                                5,
                                3,
                                List.of(new TlsFailure(
                                        TlsTrial.Result.CERTIFICATE_EXPIRED,
                                        IpText.ip("2001:db8::1"),
                                        new TlsFailure.ReceivingMx(
                                                Optional.of("mx1.example.org"),
                                                Optional.of("mx1"),
                                                IpText.ip("192.0.2.3")),
                                        3,
                                        Optional.of("https://postern.example/1"),
                                        Optional.of("NotAfter")))),
                        new TlsPolicyResult(
                                new TlsPolicyResult.Policy(TlsTrial.Type.NO_POLICY_FOUND, List.of(), DOMAIN, List.of()),
                                1,
                                0,
                                List.of())));
    }

    /// A message with one attachment.
    static byte[] message(String type, String disposition, byte[] attachment) {
        String text = """
                From: reporter@example.net
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary=b

                --b

                See there.
                --b
                Content-Type: %s
                Content-Disposition: %s
                Content-Transfer-Encoding: base64

                %s
                --b--
                """.formatted(
                type, disposition, Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(attachment));
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }
}
