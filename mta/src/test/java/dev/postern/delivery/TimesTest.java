package dev.postern.delivery;

import static dev.postern.delivery.DeliveryWorld.SENDER;
import static dev.postern.delivery.DeliveryWorld.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.delivery.QueueActions.Action;
import dev.postern.delivery.QueueActions.Result;
import dev.postern.event.Events;
import dev.postern.smtp.DeliverBy;
import dev.postern.smtp.FutureRelease;
import dev.postern.smtp.Handling;
import dev.postern.smtp.Notify;
import dev.postern.smtp.Priority;
import dev.postern.spool.ManualClock;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.rocks.RocksSpool;
import dev.postern.spool.rocks.RocksSpoolSettings;
import dev.postern.transport.Consignment;
import dev.postern.transport.DeliveryOutcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Times that senders name: when a message may leave, and by when it is to be there.
@Timeout(60)
class TimesTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final ManualClock clock = ManualClock.atNoon();
    private final Instant noon = clock.instant();
    private final MemorySpool spool = new MemorySpool(clock);

    /// A world whose messages to the sender are delivered, and all others as is said.
    private DeliveryWorld world(Supplier<DeliveryOutcome> outcome) {
        DeliveryWorld world = new DeliveryWorld(
                clock,
                spool,
                new ScriptedTransport(stop ->
                        stop.recipient().path().equals(SENDER) ? ScriptedTransport.delivered() : outcome.get()));
        world.manager.start();
        return world;
    }

    private DeliveryWorld onDisk(Path folder) throws Exception {
        DeliveryWorld world = new DeliveryWorld(
                clock,
                RocksSpool.open(RocksSpoolSettings.in(folder), clock, Events.none()),
                new ScriptedTransport(_ -> ScriptedTransport.delivered()));
        world.manager.start();
        return world;
    }

    private static Handling heldFor(Duration time) {
        return new Handling(
                false, Optional.empty(), Optional.of(new FutureRelease.HoldFor(time.toSeconds())), Optional.empty());
    }

    private static Handling by(Duration time, String mode) {
        return Handling.usual()
                .withDeliverBy(Optional.of(new DeliverBy(
                        time.toSeconds(),
                        mode.startsWith("R") ? DeliverBy.Mode.RETURN : DeliverBy.Mode.NOTIFY,
                        mode.endsWith("T"))));
    }

    private static List<Consignment> attempts(DeliveryWorld world) {
        return world.transport.carried().stream()
                .filter(one -> !one.stops().getFirst().recipient().path().equals(SENDER))
                .toList();
    }

    private static String report(DeliveryWorld world) throws Exception {
        world.events.await(events -> world.transport.carried().stream()
                .anyMatch(one -> one.stops().getFirst().recipient().path().equals(SENDER)));
        Consignment report = world.transport.carried().stream()
                .filter(one -> one.stops().getFirst().recipient().path().equals(SENDER))
                .findFirst()
                .orElseThrow();
        try (var in = report.content().open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /// Lets the time go by in steps, each with its attempt.
    private void deferUntil(DeliveryWorld world, Instant end) throws Exception {
        while (clock.instant().isBefore(end)) {
            Instant next = spool.list(Optional.empty(), 1).getFirst().due().orElseThrow();
            int before = world.events.of(DeliveryEvent.Deferred.class).size();
            world.advance(Duration.between(clock.instant(), next));
            world.events.await(events -> events.stream()
                            .filter(event ->
                                    event instanceof DeliveryEvent.Deferred || event instanceof DeliveryEvent.Expired)
                            .count()
                    > before);
        }
    }

    @Test
    void whatIsHeldBackLeavesAtItsTimeAndNotBefore() throws Exception {
        try (DeliveryWorld world = world(ScriptedTransport::delivered)) {
            QueueId held = world.accept(heldFor(HOUR), SENDER, to("bob@example.net"), to("carol@example.com"));
            QueueId other = world.accept(SENDER, to("bob@example.net"));
            world.events.await(1, DeliveryEvent.Delivered.class);
            world.advance(HOUR.minusMillis(1));
            world.accept(SENDER, to("bob@example.net"));
            world.events.await(2, DeliveryEvent.Delivered.class);

            assertThat(attempts(world))
                    .extracting(one -> one.message().id())
                    .contains(other)
                    .doesNotContain(held);
            world.awaitNothingInMemory();
            world.advance(Duration.ofMillis(1));
            world.events.await(4, DeliveryEvent.Delivered.class);

            assertThat(spool.find(held)).isEmpty();
        }
    }

    @Test
    void whatIsHeldBackLeavesAtItsTimeAfterARestart(@TempDir Path folder) throws Exception {
        QueueId held;
        try (DeliveryWorld before = onDisk(folder)) {
            held = before.accept(heldFor(HOUR), SENDER, to("bob@example.net"));
        }
        try (DeliveryWorld world = onDisk(folder)) {
            world.advance(HOUR.minusSeconds(1));
            world.accept(SENDER, to("carol@example.net"));
            world.events.await(1, DeliveryEvent.Delivered.class);
            assertThat(world.spool.find(held)).get().satisfies(message -> {
                assertThat(message.released()).isEqualTo(noon.plus(HOUR));
                assertThat(message.parameters().handling()).isEqualTo(heldFor(HOUR));
            });

            world.advance(Duration.ofSeconds(1));
            world.events.await(2, DeliveryEvent.Delivered.class);
            world.awaitNothingInMemory();
            assertThat(world.spool.find(held)).isEmpty();
        }
    }

    @Test
    void theScheduleBeginsWithTheRelease() throws Exception {
        Duration week = Duration.ofDays(7);
        try (DeliveryWorld world = world(ScriptedTransport::deferred)) {
            world.accept(heldFor(week), SENDER, to("bob@example.net"));
            world.advance(week);
            world.events.await(1, DeliveryEvent.Deferred.class);
            assertThat(world.events.of(DeliveryEvent.Reported.class)).isEmpty();

            deferUntil(world, noon.plus(week).plus(Duration.ofDays(5)));

            world.events.await(1, DeliveryEvent.Expired.class);
            assertThat(clock.instant()).isEqualTo(noon.plus(week).plus(Duration.ofDays(5)));
            assertThat(world.events.await(2, DeliveryEvent.Reported.class))
                    .extracting(DeliveryEvent.Reported::action)
                    .containsExactly(dev.postern.dsn.Action.DELAYED, dev.postern.dsn.Action.FAILED);
            assertThat(report(world))
                    .contains(
                            "Arrival-Date: Mon, 1 Jun 2026 12:00:00 +0000\r\n",
                            "Future-Release-Request: for;604800\r\n",
                            "Will-Retry-Until: Sat, 13 Jun 2026 12:00:00 +0000\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"retry", "release"})
    void anOperatorLetsItGoBeforeItsTime(String how) throws Exception {
        try (DeliveryWorld world = world(ScriptedTransport::deferred)) {
            QueueId id = world.accept(heldFor(HOUR), SENDER, to("bob@example.net"));
            Action action = how.equals("retry") ? new Action.Retry() : new Action.Release();

            assertThat(world.actions.apply(id, action)).isEqualTo(Result.DONE);
            world.events.await(1, DeliveryEvent.Deferred.class);

            assertThat(attempts(world)).hasSize(1);
            assertThat(spool.find(id).flatMap(SpooledMessage::due)).contains(noon.plus(Duration.ofMinutes(1)));
            assertThat(world.actions.apply(id, new Action.Release())).isEqualTo(Result.UNCHANGED);
        }
    }

    @Test
    void whoeverAlsoHoldsItGivesItBackAsItWas() throws Exception {
        try (DeliveryWorld world = world(ScriptedTransport::delivered)) {
            QueueId id = world.accept(heldFor(HOUR), SENDER, to("bob@example.net"));
            assertThat(world.actions.apply(id, new Action.Hold())).isEqualTo(Result.DONE);
            assertThat(world.actions.apply(id, new Action.Release())).isEqualTo(Result.DONE);

            assertThat(attempts(world)).isEmpty();
            assertThat(spool.find(id).flatMap(SpooledMessage::due)).contains(noon.plus(HOUR));
        }
    }

    @Test
    void whatIsToBeThereInTimeOrNotAtAllIsReturnedAtItsTime() throws Exception {
        try (DeliveryWorld world = world(ScriptedTransport::deferred)) {
            QueueId id = world.accept(by(Duration.ofMinutes(10), "R"), SENDER, to("bob@example.net"));
            world.events.await(1, DeliveryEvent.Deferred.class);
            deferUntil(world, noon.plus(Duration.ofMinutes(10)));

            DeliveryEvent.Expired expired =
                    world.events.await(1, DeliveryEvent.Expired.class).getFirst();
            assertThat(expired.status()).hasToString("5.4.7");
            // at 0, 1, 3 and 7 minutes; at 10 there is no attempt any more
            assertThat(attempts(world)).hasSize(4);
            assertThat(clock.instant()).isEqualTo(noon.plus(Duration.ofMinutes(10)));
            assertThat(report(world))
                    .contains(
                            "Deliver-By-Date: Mon, 1 Jun 2026 12:10:00 +0000\r\n",
                            "Action: failed\r\n",
                            "Status: 5.4.7\r\n");
            assertThat(spool.find(id)).isEmpty();
        }
    }

    @Test
    void whatIsReturnedIsNotTriedFirstWhenItWasNotLookedAtInTime() throws Exception {
        try (DeliveryWorld world =
                new DeliveryWorld(clock, spool, new ScriptedTransport(_ -> ScriptedTransport.delivered()))) {
            QueueId id = world.accept(by(Duration.ofMinutes(10), "R"), SENDER, to("bob@example.net"));
            world.advance(HOUR);
            world.manager.start();
            world.events.await(1, DeliveryEvent.Expired.class);

            assertThat(attempts(world)).isEmpty();
            assertThat(report(world)).contains("Status: 5.4.7\r\n", "there was no attempt in this time");
            assertThat(spool.find(id)).isEmpty();
        }
    }

    @Test
    void aNextHopThatIsDownDoesNotPutOffTheReturn() throws Exception {
        try (DeliveryWorld world = world(ScriptedTransport::down)) {
            world.accept(SENDER, to("first@example.net"));
            world.events.await(1, DeliveryEvent.Deferred.class);
            QueueId id = world.accept(by(Duration.ofMinutes(5), "R"), SENDER, to("bob@example.net"));
            world.events.await(1, DeliveryEvent.PassedOver.class);
            assertThat(spool.find(id).flatMap(SpooledMessage::due)).contains(noon.plus(Duration.ofMinutes(5)));

            world.advance(Duration.ofMinutes(5));

            assertThat(world.events
                            .await(1, DeliveryEvent.Expired.class)
                            .getFirst()
                            .status())
                    .hasToString("5.4.7");
        }
    }

    @Test
    void whoWantsToBeToldIsToldOnceAtTheTimeThatHeNamed() throws Exception {
        try (DeliveryWorld world = world(ScriptedTransport::deferred)) {
            QueueId id = world.accept(by(Duration.ofMinutes(10), "N"), SENDER, to("bob@example.net"));
            world.events.await(1, DeliveryEvent.Deferred.class);
            deferUntil(world, noon.plus(Duration.ofHours(12))); // beyond the usual notice after four hours

            assertThat(world.events.of(DeliveryEvent.Reported.class))
                    .extracting(DeliveryEvent.Reported::action)
                    .containsExactly(dev.postern.dsn.Action.DELAYED);
            assertThat(report(world))
                    .contains(
                            "Date: Mon, 1 Jun 2026 12:10:00 +0000\r\n",
                            "Deliver-By-Date: Mon, 1 Jun 2026 12:10:00 +0000\r\n",
                            "Action: delayed\r\n",
                            "Status: 4.4.7\r\n",
                            "Will-Retry-Until: Sat, 6 Jun 2026 12:00:00 +0000\r\n");
            assertThat(spool.find(id)).isPresent();
        }
    }

    @ParameterizedTest
    @CsvSource({
        // minutes until the time, mode, NOTIFY, where it goes: what is told
        "10, N, -, inbox, nothing",
        "10, NT, -, inbox, nothing",
        "10, NT, SUCCESS, inbox, DELIVERED",
        "10, N, -, hop, RELAYED",
        "10, N, FAILURE, hop, RELAYED",
        "10, N, SUCCESS, hop, RELAYED",
        "10, N, NEVER, hop, nothing",
        "10, N, -, reporting hop, RELAYED",
        "10, N, -, watching hop, nothing",
        "10, NT, -, watching hop, RELAYED",
        "10, RT, -, watching hop, RELAYED",
        "10, RT, NEVER, watching hop, nothing",
        "10, R, -, watching hop, nothing",
        "-1, N, -, hop, nothing",
        "-1, NT, -, hop, RELAYED",
    })
    void whatIsToldOfTheWay(int minutes, String mode, String notify, String hop, String told) throws Exception {
        Notify.Event[] events = notify.equals("-") || notify.equals("NEVER")
                ? new Notify.Event[0]
                : new Notify.Event[] {Notify.Event.valueOf(notify)};
        Supplier<DeliveryOutcome> outcome = () -> switch (hop) {
            case "inbox" -> ScriptedTransport.delivered();
            case "hop" -> ScriptedTransport.relayed(false);
            case "reporting hop" -> ScriptedTransport.relayed(true);
            default -> ScriptedTransport.relayedInTime();
        };
        DeliveryWorld ended = world(outcome);
        try (DeliveryWorld world = ended) {
            world.accept(
                    by(Duration.ofMinutes(minutes), mode),
                    SENDER,
                    notify.equals("-") ? to("bob@example.net") : to("bob@example.net", events));
            world.events.await(1, DeliveryEvent.Delivered.class);
        }

        assertThat(ended.events.of(DeliveryEvent.Reported.class).stream()
                        .map(reported -> reported.action().name())
                        .toList())
                .isEqualTo(told.equals("nothing") ? List.of() : List.of(told));
    }

    @Test
    void nobodyIsToldWhereThereIsNoSender() throws Exception {
        DeliveryWorld ended = world(() -> ScriptedTransport.relayed(false));
        try (DeliveryWorld world = ended) {
            world.accept(by(HOUR, "NT"), DeliveryWorld.nobody(), to("bob@example.net"));
            world.events.await(1, DeliveryEvent.Delivered.class);
        }

        assertThat(ended.events.of(DeliveryEvent.Reported.class)).isEmpty();
    }

    @Test
    void aReportOnAnUrgentMessageIsUrgent() throws Exception {
        try (DeliveryWorld world = world(ScriptedTransport::failed)) {
            world.accept(Handling.usual().withPriority(Optional.of(new Priority(6))), SENDER, to("bob@example.net"));
            report(world);

            assertThat(world.transport
                            .carried()
                            .getLast()
                            .message()
                            .parameters()
                            .handling()
                            .urgency())
                    .isEqualTo(new Priority(6));
        }
    }
}
