package dev.postern.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.event.Decision;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.spool.Content;
import dev.postern.spool.ContentTraits;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedbackTieTest {
    private static final String DSN = """
            From: MAILER-DAEMON@mx.far.example
            To: ann@receiver.example
            Subject: failed
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b

            Sorry.
            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.far.example

            Final-Recipient: rfc822; bob@far.example
            Action: failed
            Status: 5.1.1
            Remote-MTA: dns; inner.far.example
            Diagnostic-Code: smtp; 550 5.1.1 nobody

            --b
            Content-Type: message/rfc822

            %s
            From: ann@receiver.example

            Hello.
            --b--
            """.replace("\n", "\r\n");
    private static final String RECEIVED =
            "Received: from laptop ([192.0.2.5])\r\n\tby mx.receiver.example with ESMTPSA (TLSv1.3 X) id %s\r\n"
                    + "\tfor <bob@far.example>; Mon, 1 Jun 2026 11:00:00 +0000";

    private final ReportingWorld world = new ReportingWorld("");
    private final List<SpooledMessage> next = new ArrayList<>();
    private final FeedbackTie tie = new FeedbackTie(
            (message, content) -> next.add(message), world.spool, ReportingWorld.HOST, world.clock, world.events::add);
    private QueueId sent = new QueueId(0);

    @BeforeEach
    void send() throws SpoolException {
        sent = world.spool.nextId();
        world.spool.commitLazily(List.of(new SpoolChange.Explain(
                sent, List.of(new Decision(world.clock.instant(), "attempt", "smtp", "delivered", "250", Map.of())))));
    }

    private QueueId arrive(String door, String trace, String content) {
        QueueId id = world.spool.nextId();
        SpooledMessage message = new SpooledMessage(
                id,
                world.clock.instant(),
                new Origin(door, Optional.empty(), Optional.empty(), Optional.empty(), "ESMTP", Optional.empty()),
                new NullPath(),
                MailParameters.none(),
                trace,
                new ContentTraits(content.length(), false, false, 78),
                List.of(RecipientState.fresh(
                        Recipient.of(Mailbox.of("ann", ReportingWorld.OURS)), Optional.empty(), world.clock.instant())),
                false);
        tie.accepted(message, Content.of(content.getBytes(StandardCharsets.ISO_8859_1)));
        assertThat(next).last().isEqualTo(message);
        return id;
    }

    private List<Decision> feedback(QueueId id) throws IOException {
        return world.spool.decisions(id).stream()
                .filter(one -> one.stage().equals(FeedbackTie.STAGE))
                .toList();
    }

    @Test
    void deliveryReportIsTiedToItsMessage() throws IOException {
        QueueId report = arrive("mx", "", DSN.formatted(RECEIVED.formatted(sent)));
        assertThat(feedback(sent)).singleElement().satisfies(decision -> {
            assertThat(decision.rule()).isEqualTo("delivery-report");
            assertThat(decision.verdict()).isEqualTo("failed");
            assertThat(decision.why())
                    .isEqualTo("mx.far.example reported for bob@far.example: failed 550 5.1.1 nobody");
            assertThat(decision.inputs())
                    .containsEntry("report", report.toString())
                    .containsEntry("from", "nobody vouches for it")
                    .containsEntry("remote", "inner.far.example");
        });
        assertThat(feedback(report))
                .singleElement()
                .satisfies(decision -> assertThat(decision.inputs()).containsEntry("message", sent.toString()));
    }

    @Test
    void whoVouchesForTheReportIsTold() throws IOException {
        arrive(
                "mx",
                "Authentication-Results: mx.receiver.example;\r\n\tdmarc=pass header.from=far.example\r\n",
                DSN.formatted(RECEIVED.formatted(sent)));
        assertThat(feedback(sent).getFirst().inputs()).containsEntry("from", "authentic mail of far.example");
    }

    @Test
    void messageIdOfOursAndEnvelopeIdAreEnough() throws IOException {
        arrive("mx", "", DSN.formatted("Message-ID: <" + sent + "@mx.receiver.example>"));
        assertThat(feedback(sent)).hasSize(1);
        arrive(
                "mx",
                "",
                DSN.formatted("Subject: x")
                        .replace("Reporting-MTA:", "Original-Envelope-Id: " + sent + "\r\nReporting-MTA:"));
        assertThat(feedback(sent)).hasSize(2);
    }

    @Test
    void complaintIsTiedToItsMessage() throws IOException {
        String complaint = """
                From: fbl@far.example
                MIME-Version: 1.0
                Content-Type: Multipart/Report; report-type=feedback-report; boundary="b"

                --b
                Content-Type: text/plain

                Unwanted.
                --b
                Content-Type: message/feedback-report

                Feedback-Type: abuse
                User-Agent: Loop/1.0
                Version: 1
                Source-IP: 192.0.2.200
                Reporting-MTA: dns; mx.far.example

                --b
                Content-Type: text/rfc822-headers

                %s
                From: ann@receiver.example
                --b--
                """.replace("\n", "\r\n").formatted(RECEIVED.formatted(sent));
        arrive("mx", "", complaint);
        assertThat(feedback(sent)).singleElement().satisfies(decision -> {
            assertThat(decision.rule()).isEqualTo("abuse-report");
            assertThat(decision.why()).isEqualTo("mx.far.example reported: abuse");
        });
    }

    /// Nobody can make a record, or name another server's, or hide an id in what is not ours.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Received: by mx.receiver.example with SMTP id 1m85314vz0000; today",
                "Received: by mx.far.example with SMTP id SENT; today",
                "Received: by xmx.receiver.example with SMTP id SENT; today",
                "Received: by mx.receiver.example.evil.example with SMTP id SENT; today",
                "Received: from x (by mx.receiver.example id SENT); today",
                "Received: by mx.receiver.example with SMTP id SENTx; today",
                "Message-ID: <SENT@mx.far.example>",
                "Message-ID: <x.SENT@mx.receiver.example>",
                "Subject: by mx.receiver.example with SMTP id SENT; today",
            })
    void whatIsNoneOfOursIsTiedToNothing(String field) throws IOException {
        QueueId report = arrive("mx", "", DSN.formatted(field.replace("SENT", sent.toString())));
        assertThat(feedback(sent)).isEmpty();
        assertThat(world.spool.decisions(report)).isEmpty();
        assertThat(world.spool.decisions(QueueId.parse("1m85314vz0000").orElseThrow()))
                .isEmpty();
    }

    @Test
    void otherMailIsNotTaken() throws IOException {
        String text = DSN.formatted(RECEIVED.formatted(sent));
        arrive("mx", "", text.replace("multipart/report", "multipart/mixed"));
        arrive("mx", "", text.replace("message/delivery-status", "text/plain"));
        arrive("report", "", text);
        arrive("mx", "", "Content-Type: multipart/report; x=" + "y".repeat(300_000) + "\r\n\r\n");
        arrive("mx", "", text + "x".repeat(5 << 20));
        assertThat(feedback(sent)).isEmpty();
    }

    @Test
    void recordOfAMessageTakesABoundedNumberOfReports() throws IOException {
        for (int i = 0; i < 2 * FeedbackTie.MOST_OF_MESSAGE; i++) {
            arrive("mx", "", DSN.formatted(RECEIVED.formatted(sent)));
        }
        assertThat(feedback(sent)).hasSize(FeedbackTie.MOST_OF_MESSAGE);
    }
}
