package dev.postern.delivery;

import static dev.postern.delivery.DeliveryWorld.SENDER;
import static dev.postern.delivery.DeliveryWorld.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.delivery.QueueActions.Action;
import dev.postern.queue.Census;
import dev.postern.spool.ManualClock;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.QueueId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LaneCensusTest {
    private final ManualClock clock = ManualClock.atNoon();
    private final MemorySpool spool = new MemorySpool(clock);
    private final ScriptedTransport transport = new ScriptedTransport(_ -> ScriptedTransport.deferred());
    private final DeliveryWorld world = new DeliveryWorld(clock, spool, transport);

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void whatWaitsIsCountedByLanes() throws Exception {
        Instant noon = clock.instant();
        world.manager.start();
        world.accept(SENDER, to("bob@one.example"), to("carol@two.example"));
        world.events.await(2, DeliveryEvent.Deferred.class);
        world.awaitNothingInMemory();
        world.queue.holdLane("mx:one.example");
        clock.advance(Duration.ofSeconds(30));
        QueueId held = world.accept(SENDER, to("dave@one.example"));
        assertThat(world.actions.apply(held, new Action.Hold())).isEqualTo(QueueActions.Result.DONE);

        Census.Result result = new Census(world.actions.view(), clock, Runnable::run)
                .look(Duration.ZERO)
                .orElseThrow();

        assertThat(result.messages()).isEqualTo(2);
        assertThat(result.lanes()).containsOnlyKeys("mx:one.example", "mx:two.example");
        assertThat(result.lanes().get("mx:one.example")).satisfies(one -> {
            assertThat(one.fresh()).isEqualTo(1);
            assertThat(one.deferred()).isEqualTo(1);
            assertThat(one.held()).isEqualTo(1);
            assertThat(one.oldest()).isEqualTo(noon);
            assertThat(one.next()).contains(noon.plusSeconds(60));
            assertThat(one.problem()).isPresent();
        });
        assertThat(result.lanes().get("mx:two.example").deferred()).isEqualTo(1);
    }

    @Test
    void itIsCountedAgainNotBeforeASecond() throws Exception {
        List<Runnable> counts = new ArrayList<>();
        Census census = new Census(world.actions.view(), clock, counts::add);
        assertThat(census.look(Duration.ZERO)).as("while it is being counted").isEmpty();
        assertThat(census.look(Duration.ZERO)).isEmpty();
        assertThat(counts).hasSize(1);
        counts.getFirst().run();
        Optional<Census.Result> first = census.look(Duration.ZERO);
        assertThat(first).isPresent();
        assertThat(counts).hasSize(1);
        clock.advance(Duration.ofSeconds(2));
        world.accept(SENDER, to("bob@one.example"));
        assertThat(census.look(Duration.ZERO)).as("the last one, meanwhile").isEqualTo(first);
        assertThat(counts).hasSize(2);
        counts.getLast().run();
        assertThat(census.look(Duration.ZERO).orElseThrow().messages()).isEqualTo(1);
    }
}
