package dev.postern.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.feedback.AbuseReport;
import dev.postern.feedback.AuthFailure;
import dev.postern.feedback.Finding;
import dev.postern.feedback.ReportLimits;
import dev.postern.feedback.ReportReader;
import dev.postern.smtp.NullPath;
import dev.postern.spool.SpooledMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureReporterTest {
    private static final String ZONE = """
            blue.example. TXT "v=spf1 ip4:192.0.2.1 -all"
            _dmarc.blue.example. TXT "v=DMARC1; p=reject; ruf=mailto:f@blue.example"
            any.example. TXT "v=spf1 ip4:192.0.2.1 -all"
            _dmarc.any.example. TXT "v=DMARC1; p=reject; fo=1; ruf=mailto:f@any.example"
            spf.example. TXT "v=spf1 ip4:192.0.2.1 -all"
            _dmarc.spf.example. TXT "v=DMARC1; p=none; fo=s; ruf=mailto:f@spf.example"
            sig.example. TXT "v=spf1 ip4:192.0.2.1 -all"
            _dmarc.sig.example. TXT "v=DMARC1; p=none; fo=d; ruf=mailto:f@sig.example"
            _dmarc.liar.example. TXT "v=DMARC1; p=reject; ruf=mailto:f@victim.example"
            _dmarc.suffix. TXT "v=DMARC1; p=reject; psd=y; ruf=mailto:f@registry.suffix"
            _dmarc.silent.example. TXT "v=DMARC1; p=reject; rua=mailto:f@silent.example"
            """;

    private final ReportingWorld world = new ReportingWorld(ZONE);
    private final FailureReporter reporter =
            new FailureReporter(() -> Optional.of(ReportingWorld.settings(true)), world.clock, world.events::add);
    private final FailureSender sender = new FailureSender(reporter, world.destinations(), world.dispatch());

    private void judge(String client, String from, String author, String more) {
        world.judge(
                ReportingWorld.usual(),
                reporter,
                InetAddress.ofLiteral(client),
                from,
                more + "From: " + author + "\r\nTo: secret@receiver.example\r\nSubject: private\r\n\r\nBody.\r\n");
    }

    private void send() throws IOException {
        sender.sendWaiting(ReportingWorld.settings(true), world.clock.instant());
    }

    private AbuseReport report(SpooledMessage message) throws IOException {
        byte[] octets = world.octets(message).getBytes(StandardCharsets.ISO_8859_1);
        return ((Finding.Abuse) new ReportReader(ReportLimits.DEFAULT).read(new ByteArrayInputStream(octets))).report();
    }

    @ParameterizedTest
    @CsvSource({
        // client, sender, author, what is told
        "198.51.100.9, x@blue.example, a@blue.example, dmarc",
        "192.0.2.1, x@blue.example, a@blue.example, -",
        "192.0.2.1, x@any.example, a@any.example, dmarc",
        "198.51.100.9, x@spf.example, a@spf.example, spf",
        "192.0.2.1, x@spf.example, a@spf.example, -",
        "198.51.100.9, x@sig.example, a@sig.example, -",
        // nobody is answered who is not asked for, or who cannot be asked
        "198.51.100.9, x@silent.example, a@silent.example, -",
        "198.51.100.9, x@liar.example, a@liar.example, -",
        "198.51.100.9, x@some.suffix, a@some.suffix, -",
        // a report is never an answer to a report
        "198.51.100.9, '', a@blue.example, -",
    })
    void ownerIsToldWhatHeWantsToHear(String client, String from, String author, String told) throws IOException {
        judge(client, from, author, "");
        send();
        if (told.equals("-")) {
            assertThat(world.accepted).isEmpty();
        } else {
            assertThat(world.accepted).singleElement().satisfies(message -> {
                assertThat(message.reversePath()).isEqualTo(new NullPath());
                assertThat(report(message).failure().map(AuthFailure::type))
                        .hasValueSatisfying(type -> assertThat(type).hasToString(told));
            });
        }
    }

    @Test
    void brokenSignatureIsToldWhereThatIsWanted() throws IOException {
        judge(
                "192.0.2.1",
                "x@sig.example",
                "a@sig.example",
                "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=receiver.example; s=s; h=from;"
                        + " bh=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=;\r\n b=" + "A".repeat(86) + "==\r\n");
        send();
        assertThat(world.accepted).singleElement().satisfies(message -> {
            AuthFailure failure = report(message).failure().orElseThrow();
            assertThat(failure.type()).isEqualTo(AuthFailure.Type.SIGNATURE);
            assertThat(failure.dkim().orElseThrow().domain()).hasToString("receiver.example");
        });
    }

    @Test
    void reportShowsNothingThatIsPrivate() throws IOException {
        judge("198.51.100.9", "x@blue.example", "a@blue.example", "Received: from me by you\r\n");
        send();
        String octets = world.octets(world.accepted.getFirst());
        assertThat(octets)
                .contains(
                        "Received: from me by you",
                        "DKIM-Signature: ",
                        "Auth-Failure: dmarc",
                        "Source-IP: 198.51.100.9")
                .doesNotContain("secret@", "private", "Body.");
    }

    @Test
    void reportsAreFew() throws IOException {
        for (int i = 0; i < 2 * FailureSender.MOST_OF_DOMAIN; i++) {
            judge("198.51.100.9", "x@blue.example", "a@blue.example", "");
        }
        judge("198.51.100.9", "x@any.example", "a@any.example", "");
        send();
        assertThat(world.accepted).hasSize(FailureSender.MOST_OF_DOMAIN + 1);
        world.clock.advance(Duration.ofHours(1));
        judge("198.51.100.9", "x@blue.example", "a@blue.example", "");
        send();
        assertThat(world.accepted).hasSize(FailureSender.MOST_OF_DOMAIN + 2);
        for (int i = 0; i < 150; i++) {
            judge("198.51.100.9", "x@blue.example", "a@blue.example", "");
        }
        assertThat(world.events)
                .filteredOn(event -> event instanceof ReportingEvent.FailureReportDropped dropped
                        && dropped.why().equals("too many wait"))
                .hasSize(50);
    }

    @Test
    void nothingIsWrittenDownWhereNothingIsSent() throws IOException {
        FailureReporter off =
                new FailureReporter(() -> Optional.of(ReportingWorld.settings(false)), world.clock, world.events::add);
        world.judge(
                ReportingWorld.usual(),
                off,
                ReportingWorld.BAD,
                "x@blue.example",
                "From: a@blue.example\r\n\r\nHello.\r\n");
        assertThat(off.next()).isEmpty();
        assertThat(List.copyOf(world.accepted)).isEmpty();
    }
}
