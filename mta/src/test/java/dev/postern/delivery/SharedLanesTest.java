package dev.postern.delivery;

import static dev.postern.delivery.DeliveryWorld.SENDER;
import static dev.postern.delivery.DeliveryWorld.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.dns.ZoneResolver;
import dev.postern.queue.Lane;
import dev.postern.queue.QueueEvent;
import dev.postern.queue.QueueSettings;
import dev.postern.queue.Settlement;
import dev.postern.queue.Work;
import dev.postern.route.Route;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Host;
import dev.postern.spool.ManualClock;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.transport.Consignment;
import dev.postern.transport.DeliveryOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Mail domains with the same exchangers, from their own lanes into the one that they share.
@Timeout(60)
class SharedLanesTest {
    private static final int LIMIT = 3;
    private static final String SHARED = "site:mx.example";

    private final ManualClock clock = ManualClock.atNoon();
    private final MemorySpool spool = new MemorySpool(clock);
    private final ScriptedTransport transport = new ScriptedTransport(_ -> ScriptedTransport.delivered());
    private final Map<String, String> exchangers =
            new ConcurrentHashMap<>(Map.of("many.example", "mx.example", "other.example", "mx2.example"));
    private final DeliveryWorld world =
            new DeliveryWorld(clock, spool, transport, settings(), 200, new Zones(exchangers));

    /// The exchanger of all domains that are one label below another.
    private record Zones(Map<String, String> exchangers) implements Resolver {
        @Override
        public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
            String host = exchangers.get(name.text().substring(name.text().indexOf('.') + 1));
            String zone = host == null ? name + ". A 192.0.2.1\n" : name + ". MX 10 " + host + ".\n";
            return ZoneResolver.of(zone).resolve(name, type);
        }
    }

    private static QueueSettings settings() {
        return DeliveryWorld.settings(LIMIT);
    }

    @AfterEach
    void end() {
        world.close();
    }

    private List<String> lanesOfDelivered() {
        return world.events.of(DeliveryEvent.Delivered.class).stream()
                .map(one -> one.stop().lane())
                .distinct()
                .toList();
    }

    private static String domain(Consignment.Stop stop) {
        String address = stop.recipient().path().toString();
        return address.substring(address.indexOf('@') + 1);
    }

    @Test
    void domainsWithTheSameExchangersStayTogetherWithinOneLimitFromTheFirstMessage() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Semaphore go = new Semaphore(0);
        transport.play(consignment -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            go.acquireUninterruptibly();
            now.decrementAndGet();
            return ScriptedTransport.each(_ -> ScriptedTransport.delivered()).apply(consignment);
        });
        world.manager.start();
        for (int i = 0; i < 50; i++) {
            world.accept(SENDER, to("a@d" + i + ".many.example"));
        }
        go.release(50);

        world.events.await(50, DeliveryEvent.Delivered.class);

        assertThat(lanesOfDelivered()).containsExactly(SHARED);
        assertThat(most.get()).isBetween(1, LIMIT);
        world.awaitNothingInMemory();
        assertThat(spool.count()).isZero();
    }

    @Test
    void recipientsOfOneMessageInDomainsOfOneLaneGoInOneAttemptAndTwoTransactions() throws Exception {
        world.sites.lookUp(route("x.many.example"));
        world.sites.lookUp(route("y.many.example"));
        world.manager.start();
        world.accept(SENDER, to("a@x.many.example"), to("b@y.many.example"), to("c@x.many.example"));

        world.events.await(3, DeliveryEvent.Delivered.class);

        assertThat(transport.carried())
                .extracting(one -> one.stops().stream()
                        .map(stop -> stop.recipient().path().toString())
                        .toList())
                .containsExactly(List.of("a@x.many.example", "c@x.many.example"), List.of("b@y.many.example"));
        assertThat(transport.opened()).isEqualTo(1);
    }

    private static Route route(String domain) {
        return new Route.Mx(new Host.Domain(DomainName.of(domain)), 25, false, Optional.empty());
    }

    @Test
    void othersStayByThemselves() throws Exception {
        world.manager.start();
        world.accept(SENDER, to("a@x.many.example"), to("b@y.other.example"), to("c@alone.example"));

        world.events.await(3, DeliveryEvent.Delivered.class);

        assertThat(lanesOfDelivered()).containsExactlyInAnyOrder(SHARED, "site:mx2.example", "mx:alone.example");
    }

    @Test
    void whatADomainPublishesAndCannotBeMetKeepsItsOwnMailOnly() throws Exception {
        transport.play(ScriptedTransport.each(stop -> domain(stop).startsWith("bad.")
                ? new DeliveryOutcome.Deferred(
                        EnhancedStatus.of("4.7.5"),
                        "no host of the policy",
                        Optional.empty(),
                        DeliveryOutcome.Scope.DOMAIN)
                : ScriptedTransport.delivered()));
        world.manager.start();
        world.accept(SENDER, to("a@bad.many.example"));
        world.events.await(1, DeliveryEvent.Deferred.class);
        world.accept(SENDER, to("b@good.many.example"));
        world.events.await(1, DeliveryEvent.Delivered.class);
        assertThat(world.events.of(QueueEvent.LaneRests.class)).isEmpty();

        world.accept(SENDER, to("c@bad.many.example"));
        assertThat(world.events.await(1, QueueEvent.LaneRests.class).getFirst().lane())
                .isEqualTo("mx:bad.many.example");
        world.accept(SENDER, to("d@good.many.example"));
        world.events.await(2, DeliveryEvent.Delivered.class);
        assertThat(lanesOfDelivered()).containsExactly(SHARED);
    }

    @Test
    void anExchangerThatIsDownRestsTheLaneOfAllItsDomains() throws Exception {
        transport.play(ScriptedTransport.each(_ -> ScriptedTransport.down()));
        world.manager.start();
        world.accept(SENDER, to("a@x.many.example"));
        assertThat(world.events.await(1, QueueEvent.LaneRests.class).getFirst().lane())
                .isEqualTo(SHARED);
        world.accept(SENDER, to("b@y.many.example"));
        world.events.await(1, DeliveryEvent.PassedOver.class);
        assertThat(transport.carried()).as("the other was passed over").hasSize(1);
    }

    @Test
    void mailThatWaitsGoesToTheNewLaneWhenTheExchangersHaveChangedAndNothingIsWritten() throws Exception {
        world.sites.lookUp(route("x.many.example"));
        QueueId id = world.accept(SENDER, to("a@x.many.example"));
        assertThat(lane(SHARED).ready()).isEqualTo(1);
        exchangers.put("many.example", "mx2.example");
        clock.advance(Duration.ofHours(1));
        world.manager.start();

        DeliveryEvent.Delivered delivered =
                world.events.await(1, DeliveryEvent.Delivered.class).getFirst();

        assertThat(delivered.stop().lane()).isEqualTo("site:mx2.example");
        assertThat(delivered.stop().attempts()).isEqualTo(1);
        assertThat(spool.find(id)).isEmpty();
        assertThat(lane(SHARED).inFlight()).isZero();
    }

    @Test
    void nobodyIsSentAboutForEver() throws Exception {
        world.accept(SENDER, to("a@alone.example"));
        Work first = taken("mx:alone.example");
        assertThat(world.queue.move(first, List.of("site:one"))).isTrue();
        Work second = taken("site:one");
        assertThat(second.message()).isEqualTo(first.message());
        assertThat(second.content()).isEqualTo(first.content()).isPresent();

        assertThat(world.queue.move(second, List.of("mx:alone.example"))).isFalse();

        assertThat(lane("site:one").inFlight()).isEqualTo(1);
        world.queue.settle(
                second,
                new Settlement(
                        List.of(new RecipientState.Status.Done("there")),
                        List.of(),
                        false,
                        new Settlement.Health.Alive()));
        assertThat(world.awaitNothingInMemory().freePlaces())
                .isEqualTo(settings().places());
        assertThat(spool.count()).isZero();
    }

    private Work taken(String lane) throws InterruptedException {
        Lane wanting = world.queue.awaitWanted().orElseThrow();
        assertThat(wanting.name()).isEqualTo(lane);
        return world.queue.take(wanting, Duration.ZERO).orElseThrow();
    }

    @Test
    void aHeldLaneKeepsWhatMovesIntoItOnDisk() throws Exception {
        world.queue.holdLane(SHARED);
        world.manager.start();
        QueueId id = world.accept(SENDER, to("a@x.many.example"));
        world.accept(SENDER, to("b@alone.example"));
        world.events.await(1, DeliveryEvent.Delivered.class);
        world.awaitNothingInMemory();
        assertThat(spool.find(id)).isPresent();

        world.queue.releaseLane(SHARED);
        world.events.await(2, DeliveryEvent.Delivered.class);
        assertThat(spool.find(id)).isEmpty();
    }

    private Lane.Report lane(String name) {
        return world.queue.lanes().stream()
                .filter(lane -> lane.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
