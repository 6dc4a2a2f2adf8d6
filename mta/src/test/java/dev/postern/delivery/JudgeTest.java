package dev.postern.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.delivery.DeliveryEvent.Told;
import dev.postern.queue.BackOff;
import dev.postern.queue.RetrySchedule;
import dev.postern.queue.RetrySchedules;
import dev.postern.queue.Work;
import dev.postern.smtp.Notify;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.RcptParameters;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.smtpclient.Encryption;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.RecipientState.Status;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.TestMessages;
import dev.postern.transport.DeliveryOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Outcomes by what the sender wants to hear and by who he is.
class JudgeTest {
    private static final Instant ARRIVED = Instant.parse("2026-06-01T12:00:00Z");
    private static final RetrySchedule SCHEDULE = new RetrySchedule(
            new BackOff(Duration.ofMinutes(1), 2, Duration.ofHours(4), 0),
            Duration.ofDays(5),
            Optional.of(Duration.ofHours(4)));

    private static Judgement judge(
            String outcome, String notify, ReversePath sender, Duration age, boolean delayReported) {
        RcptParameters parameters = new RcptParameters(
                switch (notify) {
                    case "-" -> Optional.empty();
                    case "NEVER" -> Optional.of(Notify.never());
                    default ->
                        Optional.of(new Notify(Stream.of(notify.split("\\+", -1))
                                .map(Notify.Event::valueOf)
                                .collect(Collectors.toSet())));
                },
                Optional.empty());
        RecipientState recipient = new RecipientState(
                new Recipient(DeliveryWorld.mailbox("bob@example.net"), parameters),
                Optional.empty(),
                new Status.Pending(2, ARRIVED, Optional.empty(), delayReported));
        SpooledMessage simple = TestMessages.simple(new QueueId(1), ARRIVED);
        SpooledMessage message = new SpooledMessage(
                simple.id(),
                ARRIVED,
                simple.origin(),
                sender,
                simple.parameters(),
                simple.trace(),
                simple.traits(),
                List.of(recipient),
                false);
        Instant now = ARRIVED.plus(age);
        Judge judge = new Judge(RetrySchedules.all(SCHEDULE), new Random(1), message, "mx:example.net", now, now);
        return outcome.equals("passed over")
                ? judge.passOver(recipient, new Work.Rest(now.plus(Duration.ofHours(1)), "4.4.1 nobody there"))
                : judge.judge(recipient, outcome(outcome));
    }

    private static DeliveryOutcome outcome(String name) {
        return switch (name) {
            case "delivered" -> ScriptedTransport.delivered();
            case "relayed to one that reports" -> ScriptedTransport.relayed(true);
            case "relayed to one that does not" -> ScriptedTransport.relayed(false);
            case "failed" -> ScriptedTransport.failed();
            case "deferred" -> ScriptedTransport.deferred();
            case "relayed under TLS" ->
                new DeliveryOutcome.Delivered(
                        "250 ok",
                        Optional.of(new DeliveryOutcome.Remote(
                                "mx.example.net",
                                "192.0.2.25:25",
                                "250 ok",
                                new DeliveryOutcome.Security(
                                        "dane 3 1 1 at mx.example.net",
                                        "DANE mx.example.net:25: one record",
                                        new Encryption("TLSv1.3 X", "", "mx.example.net", "proven dane-ee 3 1 1")))),
                        true,
                        true);
            default -> throw new IllegalArgumentException(name);
        };
    }

    @Test
    void theDecisionTellsHowTheSessionWasProtectedAndWhy() {
        Map<String, String> inputs = judge("relayed under TLS", "-", DeliveryWorld.SENDER, Duration.ZERO, false)
                .decision()
                .inputs();
        assertThat(inputs)
                .containsEntry("tls-demand", "dane 3 1 1 at mx.example.net")
                .containsEntry("tls-why", "DANE mx.example.net:25: one record")
                .containsEntry("tls", "TLSv1.3 X")
                .containsEntry("certificate", "mx.example.net")
                .containsEntry("proof", "proven dane-ee 3 1 1")
                .doesNotContainKey("tls-group");
    }

    @ParameterizedTest
    @CsvSource({
        // what happened, what was asked for, at what age in minutes: what becomes of it, and what is told
        "delivered, -, 0, Done, nothing",
        "delivered, SUCCESS, 0, Done, DELIVERED",
        "delivered, SUCCESS+FAILURE+DELAY, 0, Done, DELIVERED",
        "delivered, FAILURE+DELAY, 0, Done, nothing",
        "delivered, NEVER, 0, Done, nothing",
        "relayed to one that reports, SUCCESS, 0, Done, nothing",
        "relayed to one that does not, SUCCESS, 0, Done, RELAYED",
        "relayed to one that does not, -, 0, Done, nothing",
        "failed, -, 0, Failed, FAILED",
        "failed, FAILURE, 0, Failed, FAILED",
        "failed, SUCCESS, 0, Failed, nothing",
        "failed, DELAY, 0, Failed, nothing",
        "failed, NEVER, 0, Failed, nothing",
        "deferred, -, 0, Pending, nothing",
        "deferred, -, 239, Pending, nothing",
        "deferred, -, 240, Pending, DELAYED",
        "deferred, DELAY, 240, Pending, DELAYED",
        "deferred, FAILURE, 240, Pending, nothing",
        "deferred, NEVER, 240, Pending, nothing",
        "deferred, -, 7199, Pending, DELAYED",
        "deferred, -, 7200, Failed, FAILED",
        "deferred, FAILURE, 7200, Failed, FAILED",
        "deferred, NEVER, 7200, Failed, nothing",
        "passed over, -, 239, Pending, nothing",
        "passed over, -, 240, Pending, DELAYED",
        "passed over, -, 7200, Failed, FAILED",
        "passed over, SUCCESS, 7200, Failed, nothing",
    })
    void whatBecomesOfItAndWhatTheSenderIsTold(String outcome, String notify, int age, String status, String told) {
        Judgement judgement = judge(outcome, notify, DeliveryWorld.SENDER, Duration.ofMinutes(age), false);

        assertThat(judgement.status().getClass().getSimpleName()).isEqualTo(status);
        assertThat(judgement.telling().map(telling -> telling.action().name()).orElse("nothing"))
                .isEqualTo(told);
        assertThat(judgement.decision().stage()).isEqualTo("attempt");
        assertThat(judgement.events()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "delivered, 0, Done",
        "failed, 0, Failed",
        "deferred, 240, Pending",
        "deferred, 7200, Failed",
        "relayed to one that does not, 0, Done",
        "passed over, 7200, Failed",
    })
    void theNullPathIsNeverTold(String outcome, int age, String status) {
        Judgement judgement = judge(outcome, "SUCCESS+FAILURE+DELAY", new NullPath(), Duration.ofMinutes(age), false);

        assertThat(judgement.telling()).isEmpty();
        assertThat(judgement.status().getClass().getSimpleName()).isEqualTo(status);
        boolean failed = status.equals("Failed");
        assertThat(judgement.events().stream().anyMatch(DeliveryEvent.BounceDropped.class::isInstance))
                .isEqualTo(failed);
        if (judgement.status() instanceof Status.Pending pending) {
            assertThat(pending.delayReported()).isFalse();
        }
    }

    @Test
    void aDelayIsToldOnce() {
        Judgement first = judge("deferred", "-", DeliveryWorld.SENDER, Duration.ofHours(5), false);
        Judgement second = judge("deferred", "-", DeliveryWorld.SENDER, Duration.ofHours(5), true);

        assertThat(((Status.Pending) first.status()).delayReported()).isTrue();
        assertThat(second.telling()).isEmpty();
        assertThat(((Status.Pending) second.status()).delayReported()).isTrue();
        assertThat(first.telling().orElseThrow().report().retryUntil()).contains(ARRIVED.plus(Duration.ofDays(5)));
    }

    @Test
    void anAttemptCountsAndBeingPassedOverDoesNot() {
        assertThat(((Status.Pending) judge("deferred", "-", DeliveryWorld.SENDER, Duration.ZERO, false)
                                .status())
                        .attempts())
                .isEqualTo(3);
        Status.Pending over = (Status.Pending) judge("passed over", "-", DeliveryWorld.SENDER, Duration.ZERO, false)
                .status();
        assertThat(over.attempts()).isEqualTo(2);
        assertThat(over.due()).isAfterOrEqualTo(ARRIVED.plus(Duration.ofHours(1)));
        assertThat(over.lastProblem()).contains("4.4.1 nobody there");
    }

    @Test
    void theNextAttemptIsNeverAfterTheEnd() {
        Duration age = Duration.ofDays(5).minusSeconds(30);
        Judgement judgement = judge("deferred", "-", DeliveryWorld.SENDER, age, true);
        assertThat(((Status.Pending) judgement.status()).due()).isEqualTo(ARRIVED.plus(Duration.ofDays(5)));
    }

    @Test
    void whatExpiredKeepsThePeersWords() {
        Judgement judgement = judge("deferred", "-", DeliveryWorld.SENDER, Duration.ofDays(6), true);
        assertThat(judgement.events().getFirst()).isInstanceOfSatisfying(DeliveryEvent.Expired.class, expired -> {
            assertThat(expired.status()).hasToString("4.4.7");
            assertThat(expired.report()).isEqualTo(Told.REPORTED);
        });
        assertThat(judgement
                        .telling()
                        .orElseThrow()
                        .report()
                        .remote()
                        .orElseThrow()
                        .words())
                .isEqualTo("452 4.2.2 Mailbox full");
    }

    @Test
    void withoutItsReportAFailureIsTriedAgainAndADeliveryIsADelivery() {
        Set<String> outcomes = Set.of("failed", "delivered");
        for (String outcome : outcomes) {
            Judgement told = judge(outcome, "SUCCESS+FAILURE", DeliveryWorld.SENDER, Duration.ZERO, false);
            SpooledMessage message = TestMessages.simple(new QueueId(1), ARRIVED);
            Judge judge =
                    new Judge(RetrySchedules.all(SCHEDULE), new Random(1), message, "mx:example.net", ARRIVED, ARRIVED);
            Judgement untold = judge.untold(message.recipients().getFirst(), told, "no room");
            assertThat(untold.telling()).isEmpty();
            assertThat(untold.status())
                    .isInstanceOf(outcome.equals("failed") ? Status.Pending.class : Status.Done.class);
            assertThat(untold.events().stream().anyMatch(DeliveryEvent.ReportLost.class::isInstance))
                    .isEqualTo(outcome.equals("delivered"));
        }
    }
}
