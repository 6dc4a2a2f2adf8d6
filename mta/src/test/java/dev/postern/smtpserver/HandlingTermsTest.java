package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.dns.DomainName;
import dev.postern.event.Decision;
import dev.postern.policy.ListenerRole;
import dev.postern.smtp.Command;
import dev.postern.smtp.CommandParser;
import dev.postern.smtp.Dialect;
import dev.postern.smtp.Extension;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Priority;
import dev.postern.smtp.Reply;
import dev.postern.smtp.ReversePath;
import dev.postern.wire.Line;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HandlingTermsTest {
    private static final ReversePath ALICE = Mailbox.of("alice", DomainName.of("sender.example"));
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final HandlingTerms TERMS =
            new HandlingTerms(Duration.ofHours(1), Duration.ofMinutes(4), HandlingTerms.Priorities.none());

    private static MailParameters asked(String parameters) {
        byte[] line = ("MAIL FROM:<alice@example.org> " + parameters).getBytes(StandardCharsets.US_ASCII);
        Dialect dialect = Dialect.of(Dialect.Protocol.SMTP, EnumSet.allOf(Extension.class));
        return ((Command.Mail) CommandParser.parse(new Line(line, Line.Ending.CRLF), dialect)).parameters();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SIZE=7 | -",
                "HOLDFOR=3600 | -",
                "HOLDFOR=3601 | 501 5.5.4 HOLDFOR is at most 3600 seconds here",
                "HOLDUNTIL=2026-06-01T12:00:01Z | -",
                "HOLDUNTIL=2026-06-01T13:00:00Z | -",
                "HOLDUNTIL=2026-06-01T13:00:01Z | 501 5.5.4 HOLDUNTIL is at the latest 2026-06-01T13:00:00Z here",
                "HOLDUNTIL=2026-06-01T12:00:00Z | 501 5.5.4 HOLDUNTIL is a time to come",
                "HOLDUNTIL=1970-01-01T00:00:00Z | 501 5.5.4 HOLDUNTIL is a time to come",
                "BY=240;R | -",
                "BY=239;R | 555 5.5.4 BY with R is at least 240 seconds here",
                "BY=1;N | -",
                "BY=-5;N | -",
                "BY=600;R HOLDFOR=600 | -",
                "BY=600;R HOLDFOR=601 | 501 5.5.4 the time of BY is over before the message is to leave",
                "BY=-1;N HOLDFOR=1 | 501 5.5.4 the time of BY is over before the message is to leave",
                "BY=60;N HOLDUNTIL=2026-06-01T12:01:01Z | 501 5.5.4 the time of BY is over before the message is to leave",
            })
    void timesThatCannotBeKeptAreRefused(String parameters, String reply) {
        assertThat(TERMS.refusal(asked(parameters), NOON).map(Reply::toString).orElse("-"))
                .isEqualTo(reply);
    }

    @ParameterizedTest
    @CsvSource({
        // asked for, the usual one, the most, whether trusted: given, and the reply
        "-, 0, 9, no, -, 250 2.1.0 sender ok",
        "0, 0, 9, no, 0, 250 2.1.0 sender ok",
        "-9, 0, 9, no, -9, 250 2.1.0 sender ok",
        "1, 0, 9, no, 0, 250 2.3.6 0 is the new priority of the message",
        "9, 0, 9, no, 0, 250 2.3.6 0 is the new priority of the message",
        "9, 0, 9, yes, 9, 250 2.1.0 sender ok",
        "9, 0, 4, yes, 4, 250 2.3.6 4 is the new priority of the message",
        "4, 0, 4, yes, 4, 250 2.1.0 sender ok",
        "-1, 0, 4, yes, -1, 250 2.1.0 sender ok",
        "3, 0, -2, yes, -2, 250 2.3.6 -2 is the new priority of the message",
        "-, 3, 9, no, 3, 250 2.3.6 3 is the new priority of the message",
        "-, -3, 9, yes, -3, 250 2.3.6 -3 is the new priority of the message",
        "5, 3, 9, no, 3, 250 2.3.6 3 is the new priority of the message",
        "2, 3, 9, no, 2, 250 2.1.0 sender ok",
        "2, -3, 9, no, 0, 250 2.3.6 0 is the new priority of the message",
    })
    void priorityIsGivenToThoseWhomWeTrust(
            String asked, int usual, int most, String trusted, String given, String reply) {
        HandlingTerms terms = new HandlingTerms(
                Duration.ZERO,
                Duration.ZERO,
                new HandlingTerms.Priorities(new Priority(usual), new Priority(most), SenderPriorities.none()));
        HandlingTerms.Granted granted =
                terms.grant(ALICE, asked(asked.equals("-") ? "SIZE=7" : "MT-PRIORITY=" + asked), trusted.equals("yes"));

        assertThat(granted.parameters()
                        .handling()
                        .priority()
                        .map(Priority::toString)
                        .orElse("-"))
                .isEqualTo(given);
        assertThat(granted.reply()).hasToString(reply);
    }

    @ParameterizedTest
    @CsvSource({
        // sender, asked for, whether trusted: given
        "reset@example.org, -, yes, 5",
        "news@example.org, -, yes, -3",
        "news@sub.example.org, -, yes, 1",
        "'', -, yes, 1",
        "reset@example.org, 2, yes, 2",
        "reset@example.org, 9, yes, 6",
        "reset@example.org, -, no, 1",
    })
    void sendersWhomWeTrustHaveThePriorityThatIsTheirs(String sender, String asked, String trusted, String given) {
        HandlingTerms terms = new HandlingTerms(
                Duration.ZERO,
                Duration.ZERO,
                new HandlingTerms.Priorities(
                        new Priority(1),
                        new Priority(6),
                        new SenderPriorities(
                                Map.of(Mailbox.parse("reset@example.org").orElseThrow(), new Priority(5)),
                                Map.of(DomainName.of("example.org"), new Priority(-3)))));

        assertThat(terms.grant(
                                ReversePath.parse(sender).orElseThrow(),
                                asked(asked.equals("-") ? "SIZE=7" : "MT-PRIORITY=" + asked),
                                trusted.equals("yes"))
                        .parameters()
                        .handling()
                        .urgency())
                .hasToString(given);
    }

    @Test
    void whatWasAskedForIsWrittenDown() {
        HandlingTerms.Granted granted = TERMS.grant(ALICE, asked("BY=600;RT HOLDFOR=60 MT-PRIORITY=5"), false);

        assertThat(granted.decision(NOON))
                .contains(new Decision(
                        NOON,
                        "mail",
                        "handling",
                        "accept",
                        "the message has the priority 0",
                        Map.of("hold", "60", "by", "600;RT", "priority", "5")));
        assertThat(TERMS.grant(ALICE, asked("BY=600;RT"), false).decision(NOON).map(Decision::why))
                .contains("the message is handled as was asked for");
        assertThat(TERMS.grant(ALICE, asked("SIZE=7"), false).decision(NOON)).isEmpty();
    }

    @Test
    void whatIsOfferedStandsInTheReplyToEhlo() {
        assertThat(TERMS.futureRelease(NOON.plusMillis(5))).isEqualTo("FUTURERELEASE 3600 2026-06-01T13:00:00Z");
        assertThat(TERMS.deliverBy()).isEqualTo("DELIVERBY 240");
        assertThat(HandlingTerms.of(ListenerRole.MX).deliverBy()).isEqualTo("DELIVERBY");
    }

    @ParameterizedTest
    @EnumSource(ListenerRole.class)
    void mailIsHeldBackWhereItIsSubmittedAndNowhereElse(ListenerRole role) {
        assertThat(HandlingTerms.of(role).extensions().contains(Extension.FUTURERELEASE))
                .isEqualTo(role.isSubmission());
        ServerSessionSettings settings = ServerSessionSettings.of(role, DomainName.of("mx.example.org"));
        if (!role.isSubmission()) {
            assertThatThrownBy(() -> settings.withHandling(TERMS)).isInstanceOf(IllegalArgumentException.class);
        } else {
            assertThat(settings.withHandling(TERMS).handling()).isEqualTo(TERMS);
        }
    }

    @Test
    void aTimeThatCannotBeAnnouncedIsNone() {
        assertThatThrownBy(() -> new HandlingTerms(
                        Duration.ofSeconds(1_000_000_000), Duration.ZERO, HandlingTerms.Priorities.none()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> new HandlingTerms(Duration.ZERO, Duration.ofSeconds(-1), HandlingTerms.Priorities.none()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
