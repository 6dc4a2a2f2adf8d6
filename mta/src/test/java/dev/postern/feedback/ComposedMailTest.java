package dev.postern.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.dns.IpText;
import dev.postern.message.HeaderField;
import dev.postern.message.MessageHeader;
import dev.postern.smtp.Mailbox;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComposedMailTest {
    private static final Redaction REDACTION = new Redaction(Redaction.USUAL_FIELDS, "secret");

    private static Message parse(byte[] octets) throws IOException {
        return new DefaultMessageBuilder().parseMessage(new ByteArrayInputStream(octets));
    }

    private static List<Entity> parts(Message message) {
        return ((Multipart) message.getBody()).getBodyParts();
    }

    private static byte[] content(Entity part) throws IOException {
        try (InputStream in = ((SingleBody) part.getBody()).getInputStream()) {
            return in.readAllBytes();
        }
    }

    private static void wellFormed(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        assertThat(text).endsWith("--\r\n");
        assertThat(text.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
        assertThat(text.split("\r\n", -1)).allMatch(line -> line.length() <= 998);
    }

    private static String subject(String domain, String submitter, String id) {
        return "Subject: Report Domain: %s\r\n Submitter: %s\r\n Report-ID: <%s>\r\n".formatted(domain, submitter, id);
    }

    @Test
    void aggregateIsCarriedAsTheStandardSays() throws IOException {
        byte[] octets = AggregateMail.compose(Samples.aggregate("20260601x1"), Samples.LETTER);
        wellFormed(octets);
        String text = new String(octets, StandardCharsets.US_ASCII);
        assertThat(text)
                .contains(subject("example.org", "mx.postern.example", "20260601x1"))
                .contains("Date: Tue, 2 Jun 2026 01:02:03 +0000\r\n")
                .contains("Message-ID: <r1.1@mx.postern.example>\r\n")
                .contains("From: <dmarc@mx.postern.example>\r\n")
                .contains("To: <rua@example.org>,\r\n <second@example.org>\r\n");
        assertThat(text.substring(text.indexOf("H4s")).split("\r\n", -1)).allMatch(line -> line.length() <= 76);
        Entity attachment = parts(parse(octets)).get(1);
        assertThat(attachment.getMimeType()).isEqualTo("application/gzip");
        assertThat(attachment.getFilename())
                .isEqualTo("mx.postern.example!example.org!1780272000!1780358399!20260601x1.xml.gz");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(content(attachment))).readAllBytes())
                .isEqualTo(AggregateXml.write(Samples.aggregate("20260601x1")));
        assertThat(AggregateMail.compose(Samples.aggregate("20260601x1"), Samples.LETTER))
                .isEqualTo(octets);
    }

    @Test
    void idThatIsNotAlphanumericIsNotInTheFileName() throws IOException {
        byte[] octets = AggregateMail.compose(Samples.aggregate("1.2@mx.postern.example"), Samples.LETTER);
        assertThat(parts(parse(octets)).get(1).getFilename())
                .isEqualTo("mx.postern.example!example.org!1780272000!1780358399.xml.gz");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a b
            a>b
            <a>
            a..b
            a@b@c
            .a
            é
            """)
    void idOfAnotherFormIsNotSent(String id) {
        assertThatThrownBy(() -> AggregateMail.compose(Samples.aggregate(id), Samples.LETTER))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void letterGoesToSomebodyAndHasAnId() {
        Mailbox from = Samples.LETTER.from();
        Instant date = Samples.LETTER.date();
        assertThatThrownBy(() -> new ReportLetter(Samples.SUBMITTER, from, List.of(), date, "1@a.example"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReportLetter(Samples.SUBMITTER, from, List.of(from), date, "1"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReportLetter(Samples.SUBMITTER, from, List.of(from), date, "1@a>\r\nX: y"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tlsReportIsCarriedAsTheStandardSays() throws IOException {
        byte[] octets = TlsMail.compose(Samples.tls(), Samples.LETTER);
        wellFormed(octets);
        Message message = parse(octets);
        assertThat(message.getMimeType()).isEqualTo("multipart/report");
        assertThat(message.getHeader().getField("TLS-Report-Domain").getBody()).isEqualTo("example.org");
        assertThat(message.getHeader().getField("TLS-Report-Submitter").getBody())
                .isEqualTo("mx.postern.example");
        assertThat(message.getSubject())
                .isEqualTo("Report Domain: example.org Submitter: mx.postern.example"
                        + " Report-ID: <2026-06-01.example.org@mx.postern.example>");
        assertThat(message.getHeader().getField("TLS-Required").getBody()).isEqualTo("No");
        Entity attachment = parts(message).get(1);
        assertThat(attachment.getMimeType()).isEqualTo("application/tlsrpt+gzip");
        assertThat(attachment.getFilename()).isEqualTo("mx.postern.example!example.org!1780272000!1780358399.json.gz");
    }

    private static MessageHeader header(String... fields) {
        return new MessageHeader(Arrays.stream(fields).map(HeaderField::of).toList(), MessageHeader.Ending.EMPTY_LINE);
    }

    private static AbuseReport failure(MessageHeader header) {
        return new AbuseReport(
                AbuseReport.FeedbackType.AUTH_FAILURE,
                "Postern/1",
                new AbuseReport.Subject(
                        Optional.of("ABC"),
                        Optional.of("bounce+bob=inside.example@example.org"),
                        List.of("bob@inside.example"),
                        Optional.of(Instant.parse("2026-06-01T12:00:00Z")),
                        IpText.ip("192.0.2.1"),
                        Optional.of("mx.postern.example")),
                new AbuseReport.Reported(List.of(Samples.DOMAIN), List.of()),
                3,
                Optional.of(new AuthFailure(
                        AuthFailure.Type.DMARC,
                        "mx.postern.example; dmarc=fail header.from=example.org; " + "x=y ".repeat(100),
                        Optional.of(AuthFailure.Delivery.REJECT),
                        Optional.of(Set.of(AuthFailure.Mechanism.SPF, AuthFailure.Mechanism.DKIM)),
                        Optional.of(new AuthFailure.Signature(
                                Samples.DOMAIN, Optional.of("@example.org"), Optional.of("s1"))),
                        List.of(AuthFailure.spfRecord(Samples.DOMAIN, "v=spf1 \"x\" -all")))),
                new ReturnedHeader(header));
    }

    @Test
    void failureReportIsReadBackAndShowsNoPeople() throws IOException {
        MessageHeader header = header(
                "Received: from x by y for <bob@inside.example>; Mon, 1 Jun 2026 14:00:00 +0200",
                "From: \"Boss\" <boss@example.org>",
                "To: bob@inside.example, \"odd one\"@inside.example",
                "Reply-To: \"odd one\"@inside.example, plain@inside.example",
                "Subject: secret plans",
                "DKIM-Signature: v=1; d=example.org; i=@example.org; b=x",
                "X-Secret: bob",
                "Message-ID: <1.x@example.org>");
        byte[] octets = FailureMail.compose(failure(header), Samples.LETTER, REDACTION);
        wellFormed(octets);
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        assertThat(text)
                .contains("Identity-Alignment: dkim, spf\r\n")
                .contains("SPF-DNS: txt : example.org : \"v=spf1 \\\"x\\\" -all\"\r\n")
                .contains("Incidents: 3\r\n")
                .contains("From: \"Boss\" <boss@example.org>\r\n")
                .contains("Message-ID: <1.x@example.org>\r\n")
                .contains("Content-Type: text/rfc822-headers\r\n")
                .doesNotContain("bob@")
                .doesNotContain("bob=")
                .doesNotContain("odd one")
                .doesNotContain("plain@")
                .doesNotContain("secret plans")
                .doesNotContain("X-Secret");
        AbuseReport read = ((Finding.Abuse) Samples.read(octets)).report();
        AbuseReport written = failure(header);
        assertThat(read.failure()).isEqualTo(written.failure());
        assertThat(read.subject().arrival()).isEqualTo(written.subject().arrival());
        assertThat(read.subject().source()).isEqualTo(written.subject().source());
        assertThat(read.subject().recipients()).containsExactly(REDACTION.text("bob@inside.example"));
        assertThat(read.reported()).isEqualTo(written.reported());
        assertThat(read.incidents()).isEqualTo(3);
        assertThat(read.returned().messageId()).contains("1.x@example.org");
        assertThat(read.returned().received().getFirst()).contains("<" + REDACTION.text("bob@inside.example") + ">");
    }

    @Test
    void redactedLocalPartsCanBeComparedOnly() {
        assertThat(REDACTION.text("bob@a.example")).matches("[0-9a-f]{20}@a\\.example");
        assertThat(REDACTION.text("bob@a.example")).isEqualTo(REDACTION.text("bob@a.example"));
        assertThat(REDACTION.text("bob@a.example")).isNotEqualTo(REDACTION.text("rob@a.example"));
        Redaction other = new Redaction(Set.of(), "other");
        assertThat(REDACTION.text("bob@a.example")).isNotEqualTo(other.text("bob@a.example"));
        assertThat(REDACTION.toString()).doesNotContain("secret");
        assertThat(REDACTION.text("a@@b\"c@d \"e@f g\"@h @"))
                .doesNotContain("a@")
                .doesNotContain("c@")
                .doesNotContain("g\"");
        assertThat(REDACTION.text("x".repeat(5000) + "@y")).hasSize(22);
    }

    @Test
    void hostileHeaderCannotLeaveItsPart() throws IOException {
        MessageHeader header = header(
                "Received: a\r\n b\rX: y\nZ: \u0000",
                "Received: " + "x".repeat(2000),
                "Received: " + "x\r\n ".repeat(5000),
                "List-Id: \u00ff\u00fe");
        byte[] octets = FailureMail.compose(failure(header), Samples.LETTER, REDACTION);
        wellFormed(octets);
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        assertThat(text).contains("Received: a\r\n b?X: y?Z: ?\r\nList-Id: \u00ff\u00fe\r\n");
        HeaderField[] many = new HeaderField[10_000];
        Arrays.fill(many, HeaderField.of("Received: by x"));
        assertThat(REDACTION.header(new MessageHeader(List.of(many), MessageHeader.Ending.END)))
                .hasSize(100 * "Received: by x\r\n".length());
    }

    @Test
    void failureReportIsAboutAFailureOfADomain() {
        AbuseReport report = failure(header("Subject: x"));
        AbuseReport nobody = new AbuseReport(
                report.type(),
                "",
                report.subject(),
                new AbuseReport.Reported(List.of(), List.of()),
                1,
                report.failure(),
                ReturnedHeader.NONE);
        assertThatThrownBy(() -> FailureMail.compose(nobody, Samples.LETTER, REDACTION))
                .isInstanceOf(IllegalArgumentException.class);
        AbuseReport complaint = new AbuseReport(
                AbuseReport.FeedbackType.ABUSE,
                "",
                report.subject(),
                report.reported(),
                1,
                Optional.empty(),
                ReturnedHeader.NONE);
        assertThatThrownBy(() -> FailureMail.compose(complaint, Samples.LETTER, REDACTION))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Redaction(Set.of(), "")).isInstanceOf(IllegalArgumentException.class);
    }
}
