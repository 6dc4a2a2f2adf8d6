package dev.postern.delivery;

import static dev.postern.delivery.DeliveryWorld.SENDER;
import static dev.postern.delivery.DeliveryWorld.nobody;
import static dev.postern.delivery.DeliveryWorld.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.delivery.QueueActions.Action;
import dev.postern.delivery.QueueActions.Result;
import dev.postern.queue.QueueEvent;
import dev.postern.queue.QueueFilter;
import dev.postern.queue.QueueView;
import dev.postern.spool.ManualClock;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpooledMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class QueueActionsTest {
    private final ManualClock clock = ManualClock.atNoon();
    private final MemorySpool spool = new MemorySpool(clock);
    private final ScriptedTransport transport = new ScriptedTransport(_ -> ScriptedTransport.delivered());
    private final DeliveryWorld world = new DeliveryWorld(clock, spool, transport);

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void whatIsHeldIsSentWhenItIsReleased() throws Exception {
        QueueId id = world.accept(SENDER, to("bob@example.net"));
        assertThat(world.actions.apply(id, new Action.Hold())).isEqualTo(Result.DONE);
        assertThat(world.actions.apply(id, new Action.Hold())).isEqualTo(Result.UNCHANGED);
        world.manager.start();
        QueueId other = world.accept(SENDER, to("carol@example.net"));
        world.events.await(1, DeliveryEvent.Delivered.class);
        assertThat(spool.find(id)).isPresent();
        assertThat(spool.find(other)).isEmpty();

        assertThat(world.actions.apply(id, new Action.Release())).isEqualTo(Result.DONE);
        world.events.await(2, DeliveryEvent.Delivered.class);
        assertThat(spool.count()).isZero();
        assertThat(spool.decisions(id))
                .extracting(decision -> decision.verdict())
                .containsExactly("held", "released", "delivered");
    }

    @Test
    void aRetryGoesOutAtOnceEvenWhereTheNextHopIsLeftAlone() throws Exception {
        transport.play(ScriptedTransport.each(_ -> ScriptedTransport.down()));
        world.manager.start();
        QueueId id = world.accept(SENDER, to("bob@example.net"));
        world.events.await(1, QueueEvent.LaneRests.class);
        world.events.await(1, DeliveryEvent.Deferred.class);

        transport.play(ScriptedTransport.each(_ -> ScriptedTransport.delivered()));
        assertThat(world.actions.apply(id, new Action.Retry())).isEqualTo(Result.DONE);
        world.events.await(1, DeliveryEvent.Delivered.class);
        world.events.await(1, QueueEvent.LaneReopened.class);
    }

    @Test
    void aRetryDoesNothingToWhatIsHeld() throws Exception {
        QueueId held = world.accept(SENDER, to("bob@example.net"));
        world.actions.apply(held, new Action.Hold());
        world.accept(SENDER, to("carol@example.net"));
        SpooledMessage before = spool.find(held).orElseThrow();

        assertThat(world.actions.apply(held, new Action.Retry())).isEqualTo(Result.HELD);
        assertThat(world.actions.apply(QueueFilter.all(), new Action.Retry()))
                .isEqualTo(new QueueActions.Tally(1, 0, 1));
        assertThat(spool.find(held)).contains(before);
        assertThat(spool.decisions(held))
                .extracting(decision -> decision.verdict())
                .containsExactly("held");
    }

    @Test
    void whatIsRemovedIsGoneAndNobodyIsTold() throws Exception {
        QueueId id = world.accept(SENDER, to("bob@example.net"));
        assertThat(world.actions.apply(id, new Action.Remove())).isEqualTo(Result.DONE);
        assertThat(world.actions.apply(id, new Action.Remove())).isEqualTo(Result.UNKNOWN);
        world.manager.start();
        world.accept(SENDER, to("carol@example.net"));
        world.events.await(1, DeliveryEvent.Delivered.class);
        assertThat(transport.carried()).hasSize(1);
        assertThat(world.events.of(DeliveryEvent.Reported.class)).isEmpty();
        assertThat(spool.count()).isZero();
    }

    @Test
    void aMessageInDeliveryIsRemovedWhenTheAttemptHasEnded() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        transport.play(consignment -> {
            begun.countDown();
            try {
                go.await();
            } catch (InterruptedException cut) {
                throw new IllegalStateException(cut);
            }
            return List.of(ScriptedTransport.deferred());
        });
        world.manager.start();
        QueueId id = world.accept(SENDER, to("bob@example.net"));
        begun.await();
        List<Result> results = new ArrayList<>();
        Thread operator = Thread.ofVirtual().start(() -> {
            try {
                results.add(world.actions.apply(id, new Action.Remove()));
            } catch (dev.postern.spool.SpoolException e) {
                throw new IllegalStateException(e);
            }
        });
        go.countDown();
        operator.join();

        assertThat(results).containsExactly(Result.DONE);
        world.events.await(1, DeliveryEvent.Deferred.class);
        assertThat(spool.count()).isZero();
    }

    @Test
    void aBounceTellsTheSenderWhatTheOperatorSays() throws Exception {
        transport.play(ScriptedTransport.each(stop ->
                stop.recipient().path().equals(SENDER) ? ScriptedTransport.delivered() : ScriptedTransport.deferred()));
        world.manager.start();
        QueueId id = world.accept(SENDER, to("bob@example.net"));
        world.events.await(1, DeliveryEvent.Deferred.class);

        assertThat(world.actions.apply(id, new Action.Bounce("The postmaster has had enough.")))
                .isEqualTo(Result.DONE);

        world.events.await(1, DeliveryEvent.Delivered.class);
        assertThat(new String(
                        transport.carried().getLast().content().open().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8))
                .contains("The postmaster has had enough. (5.0.0)", "Status: 5.0.0");
        assertThat(spool.count()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "BOB@, -, -, -, -, 2", "@one.example, -, -, -, -, 3", "-, <>, -, -, -, 1", "-, alice, -, -, -, 4",
                "-, -, mx:two.example, -, -, 2", "-, -, mx:t, -, -, 0", "-, -, -, PT30M, -, 2",
                        "-, -, -, -, mailbox is FULL, 1",
                "bob, -, mx:two.example, -, -, 1", "-, -, -, -, -, 5",
            })
    void filtersMeanWhatTheySay(String to, String from, String lane, String olderThan, String error, int count)
            throws Exception {
        transport.play(ScriptedTransport.each(_ -> ScriptedTransport.deferred()));
        world.accept(SENDER, to("bob@one.example"));
        world.accept(nobody(), to("carol@one.example"));
        clock.advance(Duration.ofHours(1));
        world.accept(SENDER, to("dave@two.example"), to("carol@one.example"));
        world.accept(SENDER, to("bob@two.example"));
        world.queue.holdLane("mx:one.example");
        world.queue.holdLane("mx:two.example");
        world.manager.start();
        world.accept(SENDER, to("erin@three.example"));
        world.events.await(1, DeliveryEvent.Deferred.class);
        QueueFilter filter = new QueueFilter(
                Optional.ofNullable(to),
                Optional.ofNullable(from),
                Optional.ofNullable(lane),
                Optional.ofNullable(olderThan).map(age -> clock.instant().minus(Duration.parse(age))),
                Optional.ofNullable(error),
                Optional.empty());

        assertThat(world.actions.view().page(filter, Optional.empty(), 100).rows())
                .hasSize(count);
        assertThat(world.actions.apply(filter, new Action.Remove())).isEqualTo(new QueueActions.Tally(count, 0, 0));
        assertThat(spool.count()).isEqualTo(5 - count);
    }

    @Test
    void aListingComesInPages() throws Exception {
        for (int i = 0; i < 1200; i++) {
            world.accept(SENDER, to("user" + i + "@" + (i % 3 == 0 ? "one" : "two") + ".example"));
        }
        QueueFilter ones = new QueueFilter(
                Optional.of("@one."),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(false));
        List<QueueId> seen = new ArrayList<>();
        Optional<QueueId> after = Optional.empty();
        do {
            QueueView.Page page = world.actions.view().page(ones, after, 150);
            assertThat(page.rows()).hasSizeLessThanOrEqualTo(150);
            page.rows().forEach(row -> seen.add(row.message().id()));
            after = page.next();
        } while (after.isPresent());
        assertThat(seen).hasSize(400).isSorted().doesNotHaveDuplicates();
        assertThat(world.actions.view().find(seen.getFirst()).orElseThrow().lanes())
                .containsExactly("mx:one.example");
    }
}
