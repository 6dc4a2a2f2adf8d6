package dev.postern.delivery;

import static dev.postern.delivery.DeliveryWorld.SENDER;
import static dev.postern.delivery.DeliveryWorld.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.delivery.QueueActions.Action;
import dev.postern.delivery.QueueActions.Result;
import dev.postern.queue.HoldRule;
import dev.postern.queue.QueueEvent;
import dev.postern.route.Route;
import dev.postern.spool.ManualClock;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.Via;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What operators order for messages and for mail of some kind: another next hop, another end, to wait.
@Timeout(60)
class OrdersTest {
    private final ManualClock clock = ManualClock.atNoon();
    private final MemorySpool spool = new MemorySpool(clock);
    private final ScriptedTransport transport = new ScriptedTransport(_ -> ScriptedTransport.delivered());
    private final DeliveryWorld world = new DeliveryWorld(clock, spool, transport);

    @AfterEach
    void end() {
        world.close();
    }

    private QueueId deferred(String... addresses) throws Exception {
        transport.play(ScriptedTransport.each(_ -> ScriptedTransport.deferred()));
        int before = world.events.of(DeliveryEvent.Deferred.class).size();
        QueueId id = world.accept(
                SENDER,
                java.util.Arrays.stream(addresses).map(DeliveryWorld::to).toArray(dev.postern.smtp.Recipient[]::new));
        world.events.await(before + addresses.length, DeliveryEvent.Deferred.class);
        return id;
    }

    // Another next hop.

    @Test
    void aMovedMessageGoesThroughTheOtherHostAtOnce() throws Exception {
        world.manager.start();
        QueueId id = deferred("bob@one.example");
        transport.play(ScriptedTransport.each(_ -> ScriptedTransport.delivered()));
        Action move = new Action.Move(Via.parse("relay.example:2525", true));

        assertThat(world.actions.apply(id, move)).isEqualTo(Result.DONE);

        assertThat(world.events.await(1, DeliveryEvent.Delivered.class))
                .extracting(event -> event.stop().lane())
                .containsExactly("host:via relay.example:2525");
        Route route = transport.carried().getLast().stops().getFirst().route();
        assertThat(route).isInstanceOfSatisfying(Route.Smarthost.class, smarthost -> {
            assertThat(smarthost.settings().mustBeProven()).isTrue();
            assertThat(smarthost.settings().port()).isEqualTo(2525);
        });
        assertThat(spool.decisions(id))
                .extracting(decision -> decision.verdict())
                .containsExactly("deferred", "moved", "delivered");
    }

    @Test
    void theOtherHostIsKeptAndTheUsualWayComesBackWhenItIsAskedFor() throws Exception {
        QueueId id = world.accept(SENDER, to("bob@one.example"));
        Action move = new Action.Move(Via.parse("192.0.2.1", false));
        assertThat(world.actions.apply(id, move)).isEqualTo(Result.DONE);
        assertThat(world.actions.apply(id, move)).isEqualTo(Result.UNCHANGED);
        SpooledMessage moved = spool.find(id).orElseThrow();
        assertThat(world.actions.view().lanes(moved)).containsExactly("host:via [192.0.2.1]:25");
        assertThat(world.actions.apply(id, new Action.Move(Optional.empty()))).isEqualTo(Result.DONE);
        assertThat(world.actions.view().lanes(spool.find(id).orElseThrow())).containsExactly("mx:one.example");
    }

    @ParameterizedTest
    @CsvSource({"bob@local.example", "bob@refused.example"})
    void whatGoesToNoOtherServerIsNotMoved(String address) throws Exception {
        QueueId id = world.accept(SENDER, to(address));
        SpooledMessage before = spool.find(id).orElseThrow();
        assertThat(world.actions.apply(id, new Action.Move(Via.parse("relay.example", true))))
                .isEqualTo(Result.UNCHANGED);
        assertThat(spool.find(id)).contains(before);
    }

    @Test
    void ofAMessageToSeveralTheInboxesGetTheirsAllTheSame() throws Exception {
        QueueId id = world.accept(SENDER, to("bob@local.example"), to("carol@one.example"));
        world.actions.apply(id, new Action.Move(Via.parse("relay.example", true)));
        world.manager.start();
        world.events.await(2, DeliveryEvent.Delivered.class);
        assertThat(world.events.of(DeliveryEvent.Delivered.class))
                .extracting(event -> event.stop().lane())
                .containsExactlyInAnyOrder("local:maildir", "host:via relay.example:25");
    }

    // Another end.

    @Test
    void anEarlierEndIsTheTimeOfTheLastAttempt() throws Exception {
        world.manager.start();
        QueueId id = deferred("bob@one.example");
        Instant end = clock.instant().plusSeconds(30);
        assertThat(world.actions.apply(id, new Action.Expire(Optional.of(end)))).isEqualTo(Result.DONE);
        assertThat(world.actions.apply(id, new Action.Expire(Optional.of(end)))).isEqualTo(Result.UNCHANGED);
        assertThat(spool.find(id).orElseThrow().due()).contains(end);

        transport.play(ScriptedTransport.each(stop ->
                stop.recipient().path().equals(SENDER) ? ScriptedTransport.delivered() : ScriptedTransport.deferred()));
        world.advance(Duration.ofSeconds(30));

        assertThat(world.events.await(1, DeliveryEvent.Expired.class))
                .extracting(DeliveryEvent.Expired::why)
                .allMatch(
                        why -> why.startsWith("It could not be delivered by the time that the administrator had set."));
        world.events.await(1, DeliveryEvent.Reported.class);
    }

    @Test
    void anEndThatIsOverMakesTheNextAttemptTheLastAndItIsNow() throws Exception {
        world.manager.start();
        QueueId id = deferred("bob@one.example");
        Instant past = clock.instant().minusSeconds(60);
        assertThat(world.actions.apply(id, new Action.Expire(Optional.of(past))))
                .isEqualTo(Result.DONE);
        world.events.await(1, DeliveryEvent.Expired.class);
    }

    @Test
    void aLaterEndKeepsAMessageBeyondTheUsualTime() throws Exception {
        world.manager.start();
        QueueId id = deferred("bob@one.example");
        Instant later = clock.instant().plus(Duration.ofDays(9));
        assertThat(world.actions.apply(id, new Action.Expire(Optional.of(later))))
                .isEqualTo(Result.DONE);
        world.advance(Duration.ofDays(6));
        world.events.await(2, DeliveryEvent.Deferred.class);
        assertThat(world.events.of(DeliveryEvent.Expired.class)).isEmpty();
        world.advance(Duration.ofDays(3));
        world.events.await(1, DeliveryEvent.Expired.class);
    }

    // To wait.

    private void pause(String kind, String name) throws IOException {
        assertThat(world.holds.hold(world.queue, HoldRule.of(kind, name), "they asked for it"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"lane, mx:one.example", "domain, one.example", "sender, @sender.example", "sender, alice@sender.example"
    })
    void mailThatIsKeptBackWaitsWhenItWasThereAndWhenItComesLater(String kind, String name) throws Exception {
        QueueId before = world.accept(SENDER, to("bob@one.example"));
        pause(kind, name);
        world.manager.start();
        QueueId after = world.accept(SENDER, to("carol@one.example"));
        world.accept(DeliveryWorld.mailbox("zoe@else.example"), to("dave@two.example"));
        world.events.await(1, DeliveryEvent.Delivered.class);
        assertThat(spool.list(Optional.empty(), 9))
                .extracting(SpooledMessage::id)
                .containsExactly(before, after);
        assertThat(world.actions.apply(before, new Action.Retry())).isEqualTo(Result.HELD);

        assertThat(world.holds.lift(world.queue, HoldRule.of(kind, name))).isTrue();
        world.events.await(3, DeliveryEvent.Delivered.class);
        assertThat(world.events.of(DeliveryEvent.Delivered.class))
                .extracting(event -> event.stop().lane())
                .containsExactlyInAnyOrder("mx:one.example", "mx:one.example", "mx:two.example");
        assertThat(world.holds.lift(world.queue, HoldRule.of(kind, name))).isFalse();
        assertThat(world.events.of(QueueEvent.HoldMade.class)).hasSize(1);
        assertThat(world.events.of(QueueEvent.HoldLifted.class)).hasSize(1);
    }

    @Test
    void theOtherRecipientsOfAMessageGetTheirs() throws Exception {
        pause("domain", "one.example");
        world.manager.start();
        QueueId id = world.accept(SENDER, to("bob@one.example"), to("carol@two.example"));
        world.events.await(1, DeliveryEvent.Delivered.class);
        assertThat(spool.find(id).orElseThrow().recipients())
                .extracting(r -> r.isPending())
                .containsExactly(true, false);
        world.holds.lift(world.queue, HoldRule.of("domain", "one.example"));
        world.events.await(2, DeliveryEvent.Delivered.class);
        assertThat(spool.count()).isZero();
    }

    @Test
    void mailThatTwoRulesKeepBackWaitsForBoth() throws Exception {
        pause("domain", "one.example");
        pause("sender", "@sender.example");
        world.manager.start();
        QueueId both = world.accept(SENDER, to("bob@one.example"));
        world.holds.lift(world.queue, HoldRule.of("domain", "one.example"));
        world.accept(DeliveryWorld.mailbox("zoe@else.example"), to("dave@one.example"));
        world.events.await(1, DeliveryEvent.Delivered.class);
        assertThat(spool.find(both)).isPresent();
        world.holds.lift(world.queue, HoldRule.of("sender", "@sender.example"));
        world.events.await(2, DeliveryEvent.Delivered.class);
    }

    @Test
    void aLongBacklogThatWasKeptBackIsDeliveredWholly() throws Exception {
        pause("domain", "one.example");
        world.manager.start();
        for (int i = 0; i < 3000; i++) {
            world.accept(
                    DeliveryWorld.mailbox("s" + i % 70 + "@d" + i % 70 + ".example"), to("user" + i + "@one.example"));
        }
        assertThat(spool.count()).isEqualTo(3000);
        world.holds.lift(world.queue, HoldRule.of("domain", "one.example"));
        world.events.await(3000, DeliveryEvent.Delivered.class);
        assertThat(transport.carried()).hasSize(3000);
        assertThat(spool.count()).isZero();
    }

    @Test
    void rulesHoldAgainAfterARestart() throws Exception {
        pause("domain", "one.example");
        pause("lane", "mx:two.example");
        assertThat(world.holds().present().all())
                .isEqualTo(world.holds.present().all())
                .hasSize(2);
    }

    @Test
    void aRuleThatCannotBeWrittenDownDoesNotHold() throws Exception {
        world.holdStore.fill(true);
        org.assertj.core.api.Assertions.assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> pause("domain", "one.example"));
        world.manager.start();
        world.accept(SENDER, to("bob@one.example"));
        world.events.await(1, DeliveryEvent.Delivered.class);
        assertThat(world.holds.present().all()).isEqualTo(List.of());
    }
}
