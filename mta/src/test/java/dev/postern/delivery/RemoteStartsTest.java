package dev.postern.delivery;

import static dev.postern.delivery.DeliveryWorld.SENDER;
import static dev.postern.delivery.DeliveryWorld.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.spool.ManualClock;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RemoteStartsTest {
    private static final DomainName DOMAIN = DomainName.of("example.net");

    private final ManualClock clock = ManualClock.atNoon();
    private final MemorySpool spool = new MemorySpool(clock);
    private final ScriptedTransport transport = new ScriptedTransport(_ -> ScriptedTransport.down());
    private final DeliveryWorld world = new DeliveryWorld(clock, spool, transport);
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final RemoteStarts starts = new RemoteStarts(world.actions, tasks::add, clock, world.events);

    @AfterEach
    void end() {
        world.close();
    }

    private void work() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void mailOfTheDomainAndOfNoOtherIsTriedAtOnce() throws Exception {
        world.manager.start();
        QueueId here = world.accept(SENDER, to("bob@example.net"));
        QueueId there = world.accept(SENDER, to("carol@example.org"));
        QueueId alike = world.accept(SENDER, to("dave@example.net.example.org"));
        world.events.await(3, DeliveryEvent.Deferred.class);

        transport.play(ScriptedTransport.each(_ -> ScriptedTransport.delivered()));
        assertThat(starts.begin(DOMAIN)).isEqualTo(RemoteStarts.Answer.BEGUN);
        work();
        world.events.await(1, DeliveryEvent.Delivered.class);
        assertThat(world.events.of(DeliveryEvent.Started.class)).containsExactly(new DeliveryEvent.Started(DOMAIN, 1));
        assertThat(spool.find(here)).isEmpty();
        assertThat(spool.decisions(here))
                .anySatisfy(decision -> assertThat(decision.why()).isEqualTo("its host has asked for it"));
        assertThat(spool.find(there)).isPresent();
        assertThat(spool.find(alike)).isPresent();
    }

    @Test
    void otherRecipientsOfTheSameMessageKeepWaiting() throws Exception {
        world.manager.start();
        QueueId id = world.accept(SENDER, to("bob@example.net"), to("carol@example.org"));
        world.events.await(2, DeliveryEvent.Deferred.class);
        transport.play(ScriptedTransport.each(_ -> ScriptedTransport.delivered()));
        starts.begin(DOMAIN);
        work();
        world.events.await(1, DeliveryEvent.Delivered.class);
        assertThat(spool.find(id).orElseThrow().recipients().stream().filter(RecipientState::isPending))
                .extracting(state -> state.recipient().path().toString())
                .containsExactly("carol@example.org");
    }

    @Test
    void heldMailStaysHeld() throws Exception {
        QueueId id = world.accept(SENDER, to("bob@example.net"));
        world.actions.apply(id, new QueueActions.Action.Hold());
        starts.begin(DOMAIN);
        work();
        assertThat(world.events.of(DeliveryEvent.Started.class)).containsExactly(new DeliveryEvent.Started(DOMAIN, 0));
        assertThat(spool.find(id).orElseThrow().held()).isTrue();
    }

    @Test
    void queueIsGoneThroughOnceAMinuteForADomainHoweverOftenIsAsked() {
        assertThat(starts.begin(DOMAIN)).isEqualTo(RemoteStarts.Answer.BEGUN);
        assertThat(starts.begin(DOMAIN)).isEqualTo(RemoteStarts.Answer.BEGUN_ALREADY);
        work();
        assertThat(starts.begin(DOMAIN)).isEqualTo(RemoteStarts.Answer.BEGUN_ALREADY);
        clock.advance(RemoteStarts.PAUSE.plusSeconds(1));
        assertThat(starts.begin(DOMAIN)).isEqualTo(RemoteStarts.Answer.BEGUN);
        work();
        assertThat(world.events.of(DeliveryEvent.Started.class)).hasSize(2);
    }

    @Test
    void oneThreadGoesThroughTheQueueForAllDomains() {
        starts.begin(DOMAIN);
        starts.begin(DomainName.of("example.org"));
        assertThat(tasks).hasSize(1);
        work();
        assertThat(world.events.of(DeliveryEvent.Started.class)).hasSize(2);
        clock.advance(Duration.ofHours(1));
        starts.begin(DOMAIN);
        assertThat(tasks).hasSize(1);
    }

    @Test
    void wishesAreBounded() {
        for (int i = 0; i < RemoteStarts.MOST; i++) {
            assertThat(starts.begin(DomainName.of("d" + i + ".example"))).isEqualTo(RemoteStarts.Answer.BEGUN);
        }
        assertThat(starts.begin(DOMAIN)).isEqualTo(RemoteStarts.Answer.TOO_MANY);
        clock.advance(RemoteStarts.PAUSE.plusSeconds(1));
        assertThat(starts.begin(DOMAIN)).isEqualTo(RemoteStarts.Answer.BEGUN);
    }
}
