package dev.postern.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.feedback.DeliveryReport.Action;
import dev.postern.feedback.DeliveryReport.Recipient;
import dev.postern.smtp.EnhancedStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportReaderTest {
    private static byte[] octets(String text) {
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String text(String eml) throws IOException {
        return Samples.text(eml).replace("\r\n", "\n");
    }

    private static AbuseReport abuse(String message) throws IOException {
        return ((Finding.Abuse) Samples.read(octets(message))).report();
    }

    private static DeliveryReport delivery(String message) throws IOException {
        return ((Finding.Delivery) Samples.read(octets(message))).report();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            application/gzip                        | attachment
            application/x-gzip; name="a"            | inline
            application/octet-stream                | attachment; filename="x.bin"
            text/plain; name="report.XML.GZ"        | attachment
            image/png                               | attachment; filename*0="a!b!1!2.x"; filename*1="ml"
            application/xml                         | attachment
            TEXT/XML                                | attachment
            application/tlsrpt+gzip                 | attachment
            """)
    void attachmentIsFoundByItsTypeOrItsName(String type, String disposition) throws IOException {
        assertThat(Samples.read(Samples.message(type, disposition, Samples.file("rfc9990.xml"))))
                .isInstanceOf(Finding.Aggregate.class);
    }

    @Test
    void reportMayBeTheMessageItself() throws IOException {
        String message = "Content-Type: text/xml\n\n" + Samples.text("rfc9990.xml");
        assertThat(Samples.read(octets(message))).isInstanceOf(Finding.Aggregate.class);
        String json = "Content-Type: application/tlsrpt+json\n\n" + Samples.text("rfc8460.json");
        assertThat(Samples.read(octets(json))).isInstanceOf(Finding.Tls.class);
    }

    @Test
    void whatWeWriteWeRead() throws IOException {
        AggregateReport aggregate = Samples.aggregate("1.2@mx.postern.example");
        assertThat(Samples.read(AggregateMail.compose(aggregate, Samples.LETTER)))
                .isEqualTo(new Finding.Aggregate(aggregate, List.of()));
        assertThat(Samples.read(TlsMail.compose(Samples.tls(), Samples.LETTER)))
                .isEqualTo(new Finding.Tls(Samples.tls(), List.of()));
    }

    @Test
    void otherMailIsNoReport() throws IOException {
        assertThat(Samples.read(octets("Subject: hello\n\nReport Domain: example.org\n")))
                .isEqualTo(new Finding.NoReport("no part of the message is a report"));
        assertThat(Samples.read(new byte[0])).isEqualTo(new Finding.NoReport("no part of the message is a report"));
        assertThat(Samples.read(Samples.message("application/octet-stream", "attachment", new byte[] {1, 2, 3})))
                .isEqualTo(new Finding.NoReport("the attachment is neither XML nor JSON nor an archive"));
        assertThat(Samples.read(Samples.message("text/xml", "attachment", octets("<html/>"))))
                .isEqualTo(new Finding.NoReport("the XML is <html>, not <feedback>"));
    }

    @Test
    void laterReportIsBetterThanABrokenOne() throws IOException {
        String message = """
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: text/xml

                <feedback>
                --b
                Content-Type: text/xml

                <html/>
                --b
                Content-Type: application/json

                %s
                --b--
                """.formatted(Samples.text("rfc8460.json"));
        assertThat(Samples.read(octets(message))).isInstanceOf(Finding.Tls.class);
        assertThat(Samples.read(octets(message.replace("policies", "polices"))))
                .isEqualTo(new Finding.Broken("the XML is malformed in line 1"));
    }

    @Test
    void messageIsBounded() throws IOException {
        ReportReader reader = new ReportReader(new ReportLimits(1000, 10_000, 10, 10, 10));
        byte[] message = Samples.message("text/xml", "attachment", Samples.file("rfc9990.xml"));
        assertThat(reader.read(new ByteArrayInputStream(message)))
                .isEqualTo(new Finding.Broken("the message has more than 1000 octets"));
        assertThat(Samples.read(octets("X: " + "y".repeat(300_000))))
                .isEqualTo(new Finding.Broken("a header of the message is too long"));
    }

    @Test
    void complaintOfTheStandardIsRead() throws IOException {
        AbuseReport report = abuse(text("rfc5965.eml"));
        assertThat(report.type()).isEqualTo(AbuseReport.FeedbackType.ABUSE);
        assertThat(report.userAgent()).isEqualTo("SomeGenerator/1.0");
        assertThat(report.subject())
                .isEqualTo(new AbuseReport.Subject(
                        Optional.empty(),
                        Optional.of("somespammer@example.net"),
                        List.of("user@example.com"),
                        Optional.of(Instant.parse("2005-03-08T18:00:00Z")),
                        IpText.ip("192.0.2.1"),
                        Optional.of("mail.example.com")));
        assertThat(report.reported())
                .isEqualTo(new AbuseReport.Reported(
                        List.of(DomainName.of("example.net")),
                        List.of("http://example.net/earn_money.html", "mailto:user@example.com")));
        assertThat(report.incidents()).isEqualTo(1);
        assertThat(report.failure()).isEmpty();
        // the sample has an empty line behind Received
        assertThat(report.returned().received()).hasSize(1);
        assertThat(report.returned().text("From")).contains("<somespammer@example.net>");
    }

    @Test
    void failureOfASignatureIsRead() throws IOException {
        AbuseReport report = abuse(text("rfc6591.eml"));
        assertThat(report.type()).isEqualTo(AbuseReport.FeedbackType.AUTH_FAILURE);
        assertThat(report.subject().envelopeId()).contains("o3F52gxO029144");
        assertThat(report.subject().arrival()).contains(Instant.parse("2011-10-08T20:15:58Z"));
        assertThat(report.failure())
                .contains(new AuthFailure(
                        AuthFailure.Type.BODYHASH,
                        "mta1011.mail.tp2.receiver.example; dkim=fail (bodyhash) header.d=sender.example",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new AuthFailure.Signature(
                                DomainName.of("sender.example"),
                                Optional.of("@sender.example"),
                                Optional.of("testkey"))),
                        List.of()));
        assertThat(report.returned().messageId()).contains("87913910.1318094604546@out.sender.example");
        assertThat(report.returned().received()).hasSize(3).first().asString().contains("oB85W8xV000169");
        assertThat(report.returned().signers()).containsExactly(DomainName.of("sender.example"));
    }

    @Test
    void failureOfDmarcIsRead() throws IOException {
        AbuseReport report = abuse(text("rfc9991.eml"));
        AuthFailure failure = report.failure().orElseThrow();
        assertThat(failure.type()).isEqualTo(AuthFailure.Type.DMARC);
        assertThat(failure.unaligned()).contains(Set.of(AuthFailure.Mechanism.DKIM));
        assertThat(report.reported().domains()).containsExactly(DomainName.of("consumer.example"));
        assertThat(report.returned().signers())
                .containsExactly(DomainName.of("forwarder.example"), DomainName.of("consumer.example"));
        assertThat(report.returned().messageId()).contains("2431dc66-b010-c9cc-4f2b-a1f889f8bdb4@consumer.example");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Feedback-Type: abuse       | Feedback-Type: Abuse (complaint)  | ABUSE
            Feedback-Type: abuse       | Feedback-Type: not-spam           | NOT_SPAM
            Feedback-Type: abuse       | Feedback-Type: opt-out            | OTHER
            192.0.2.1\\nAuthentication | [2001:db8::1]\\nAuthentication    | ABUSE
            Version: 1                 | Version: 0.1\\nIncidents: 12      | ABUSE
            message/feedback-report    | MESSAGE/Feedback-Report; charset=x | ABUSE
            """)
    void complaintsOfOthersAreRead(String standard, String sent, AbuseReport.FeedbackType type) throws IOException {
        String sample = text("rfc5965.eml");
        assertThat(sample).contains(standard.replace("\\n", "\n"));
        AbuseReport report = abuse(sample.replace(standard.replace("\\n", "\n"), sent.replace("\\n", "\n")));
        assertThat(report.type()).isEqualTo(type);
        assertThat(report.subject().source()).isPresent();
        assertThat(report.incidents()).isEqualTo(sent.contains("Incidents") ? 12 : 1);
    }

    @Test
    void complaintWithoutATypeIsBroken() throws IOException {
        assertThat(Samples.read(octets(text("rfc5965.eml").replace("Feedback-Type", "Type"))))
                .isEqualTo(new Finding.Broken("the complaint has no Feedback-Type"));
        assertThat(Samples.read(octets(text("rfc9991.eml").replace("Auth-Failure: dmarc", "Auth-Failure: moon"))))
                .isEqualTo(new Finding.Broken("the report has no Auth-Failure, or one that is unknown"));
        assertThat(Samples.read(octets("Content-Type: message/feedback-report\n\n")))
                .isEqualTo(new Finding.Broken("the complaint has no fields"));
    }

    @Test
    void notificationOfTheStandardIsRead() throws IOException {
        assertThat(delivery(text("rfc3464-simple.eml")).reportingMta()).isEqualTo("cs.utk.edu");
        DeliveryReport report = delivery(text("rfc3464-simple.eml"));
        assertThat(report.recipients())
                .containsExactly(new Recipient(
                        "louisl@larry.slip.umd.edu",
                        Optional.of("louisl@larry.slip.umd.edu"),
                        Action.FAILED,
                        EnhancedStatus.of("4.0.0"),
                        Optional.empty(),
                        Optional.of("426 connection timed out"),
                        Optional.of(Instant.parse("1994-07-07T21:15:49Z"))));
        assertThat(report.returned().messageId()).contains("199407021710.RAA10128@CS.UTK.EDU");
    }

    @Test
    void notificationOnSeveralRecipientsIsRead() throws IOException {
        DeliveryReport report = delivery(text("rfc3464-several.eml"));
        assertThat(report.recipients())
                .extracting(Recipient::action, recipient -> recipient.status().toString(), Recipient::remoteMta)
                .containsExactly(
                        tuple(Action.FAILED, "5.0.0", Optional.of("vnet.ibm.com")),
                        tuple(Action.DELAYED, "4.0.0", Optional.empty()),
                        tuple(Action.FAILED, "5.0.0", Optional.of("sdcc13.ucsd.edu")));
        assertThat(report.recipients().getFirst().diagnostic())
                .contains("550 'arathib@vnet.IBM.COM' is not a registered gateway user");
    }

    @Test
    void allOfANotificationIsRead() throws IOException {
        DeliveryReport report = delivery("""
                Content-Type: multipart/report; report-type=delivery-status; boundary=b

                --b
                Content-Type: message/global-delivery-status
                Content-Transfer-Encoding: 8bit

                Original-Envelope-Id: QQ314159
                Reporting-MTA: dns;mx.example.net
                Arrival-Date: Mon, 1 Jun 2026 14:00:00 +0200

                Original-Recipient: rfc822; Alice@example.net
                Final-Recipient: utf-8; \\x{e9}ve@example.net
                Action: DELAYED
                Status: 4.4.1
                \t\s
                Final-Recipient: utf-8; jos\u00e9@example.net
                Status: 5.1.1

                --b
                Content-Type: message/global-headers

                Received: from a by b id first; Mon, 1 Jun 2026 14:00:00 +0200
                Received: from c by d id second; Mon, 1 Jun 2026 13:59:59 +0200
                DKIM-Signature: v=1; d=Example.org; b=x
                DKIM-Signature: v=1; d=example.org; b=y
                DKIM-Signature: garbage
                Subject: =?utf-8?Q?caf=C3=A9?=
                Message-ID: <1@example.org>
                --b--
                """);
        assertThat(report.envelopeId()).contains("QQ314159");
        assertThat(report.arrival()).contains(Instant.parse("2026-06-01T12:00:00Z"));
        assertThat(report.recipients())
                .extracting(Recipient::finalRecipient, Recipient::action)
                .containsExactly(
                        tuple("\u00e9ve@example.net", Action.DELAYED), tuple("jos\u00e9@example.net", Action.FAILED));
        assertThat(report.recipients().getFirst().originalRecipient()).contains("Alice@example.net");
        assertThat(report.returned().received()).hasSize(2).first().asString().contains("id first");
        assertThat(report.returned().signers()).containsExactly(Samples.DOMAIN);
        assertThat(report.returned().text("Subject")).contains("caf\u00e9");
    }

    @Test
    void notificationsWithoutEmptyLinesOrStatusAreRead() throws IOException {
        DeliveryReport report = delivery("""
                Content-Type: message/delivery-status

                Reporting-MTA: dns; mx.example.net
                Final-Recipient: rfc822; <alice@example.net>
                Action: failed (for good)
                """);
        assertThat(report.recipients())
                .extracting(
                        Recipient::finalRecipient,
                        recipient -> recipient.status().toString())
                .containsExactly(tuple("alice@example.net", "5.0.0"));
        assertThat(report.returned().isEmpty()).isTrue();
        assertThat(report.returned().messageId()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Reporting-MTA: dns; a\n",
                "Final-Recipient: rfc822; a@b.example\n",
                "Action: failed\nStatus: 5.0.0\n",
                "Final-Recipient: rfc822;\nAction: failed\n",
                "Final-Recipient: rfc822; a@b.example\nAction: bored\nStatus: 9.9.9\n",
                "no field\n"
            })
    void notificationOnNobodyIsBroken(String fields) throws IOException {
        assertThat(Samples.read(octets("Content-Type: message/delivery-status\n\n" + fields)))
                .isEqualTo(new Finding.Broken("the notification names no recipient with an action"));
    }

    @Test
    void notificationsAreBounded() throws IOException {
        String recipient = "Final-Recipient: rfc822; a@b.example\nAction: failed\n\n";
        String head = "Content-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\n";
        assertThat(delivery(head + recipient.repeat(900)).recipients()).hasSize(900);
        assertThat(Samples.read(octets(head + recipient.repeat(2000))))
                .isEqualTo(new Finding.Broken("the part for programs has more than 1000 groups of fields"));
        assertThat(Samples.read(octets(head + "x".repeat(2 << 20))))
                .isEqualTo(new Finding.Broken("the part for programs has more than 1048576 octets"));
        assertThat(Samples.read(octets(head + "\n\t".repeat(300_000))))
                .isEqualTo(new Finding.Broken("the notification names no recipient with an action"));
    }

    @Test
    void reportThatComesBackIsANotification() throws IOException {
        String bounced =
                new String(AggregateMail.compose(Samples.aggregate("7"), Samples.LETTER), StandardCharsets.UTF_8);
        String message = text("rfc3464-simple.eml")
                .replace(
                        "Message-ID: <199407021710.RAA10128@CS.UTK.EDU>\nSubject: the original message\n",
                        bounced.replace("\r\n", "\n"));
        assertThat(delivery(message).returned().messageId()).contains("r1.1@mx.postern.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rfc5965.eml", "rfc9991.eml", "rfc3464-several.eml"})
    void messageCutOffAnywhereDoesNoHarm(String sample) throws IOException {
        byte[] message = Samples.file(sample);
        for (int length = 0; length < message.length; length++) {
            assertThat(Samples.read(Arrays.copyOf(message, length))).isNotNull();
        }
    }

    @Test
    void recordsCannotBeWrong() {
        assertThatThrownBy(() ->
                        new DeliveryReport("a", Optional.empty(), Optional.empty(), List.of(), ReturnedHeader.NONE))
                .isInstanceOf(IllegalArgumentException.class);
        AbuseReport.Reported nobody = new AbuseReport.Reported(List.of(), List.of());
        AbuseReport.Subject nothing = new AbuseReport.Subject(
                Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> new AbuseReport(
                        AbuseReport.FeedbackType.ABUSE, "", nothing, nobody, 0, Optional.empty(), ReturnedHeader.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
