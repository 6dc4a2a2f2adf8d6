package dev.postern.delivery;

import static dev.postern.delivery.DeliveryWorld.SENDER;
import static dev.postern.delivery.DeliveryWorld.nobody;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.queue.BackOff;
import dev.postern.queue.LaneBounds;
import dev.postern.queue.QueueFilter;
import dev.postern.queue.QueueSettings;
import dev.postern.smtp.Notify;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.DueEntry;
import dev.postern.spool.ManualClock;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.SpoolException;
import dev.postern.transport.Consignment;
import dev.postern.transport.DeliveryOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Hundreds of messages with any outcome, under concurrency: every recipient ends exactly once, and
/// nothing is left behind.
@Timeout(120)
class LedgerTest {
    private static final int MESSAGES = 600;
    private static final int DOMAINS = 25;
    private static final Instant FAR = Instant.parse("2100-01-01T00:00:00Z");

    private final ManualClock clock = ManualClock.atNoon();
    private final MemorySpool spool = new MemorySpool(clock);
    private final Map<String, AtomicInteger> arrived = new ConcurrentHashMap<>();

    /// Any outcomes; now and then a bug.
    private List<DeliveryOutcome> any(Consignment consignment) {
        if (ThreadLocalRandom.current().nextInt(30) == 0) {
            throw new IllegalStateException("a bug, now and then");
        }
        return consignment.stops().stream().map(this::any).toList();
    }

    private DeliveryOutcome any(Consignment.Stop stop) {
        String to = stop.recipient().path().toString();
        int dice = ThreadLocalRandom.current().nextInt(100);
        if (dice < 45) {
            arrived.computeIfAbsent(to, _ -> new AtomicInteger()).incrementAndGet();
            return dice < 20 ? ScriptedTransport.delivered() : ScriptedTransport.relayed(dice < 30);
        }
        if (dice < 60) {
            return ScriptedTransport.failed();
        }
        return dice < 64 ? ScriptedTransport.down() : ScriptedTransport.deferred();
    }

    @ParameterizedTest(name = "{0} places, {1} attempts a lane, {2} in all")
    @CsvSource({"20000, 20, 200", "50, 3, 12", "1, 1, 1", "400, 2, 500"})
    void everyRecipientEndsExactlyOnce(int places, int concurrency, int workers) throws Exception {
        Random random = new Random(places);
        QueueSettings settings = new QueueSettings(
                places,
                20_000,
                _ -> LaneBounds.fixed(concurrency),
                new BackOff(Duration.ofMinutes(2), 2, Duration.ofMinutes(8), 0.5),
                Duration.ZERO);
        ScriptedTransport transport = new ScriptedTransport(_ -> ScriptedTransport.delivered());
        transport.play(this::any);
        Set<String> expected = new TreeSet<>();
        try (DeliveryWorld world = new DeliveryWorld(clock, spool, transport, settings, workers)) {
            for (int i = 0; i < MESSAGES; i++) {
                Recipient[] recipients = recipients(random, i);
                Stream.of(recipients).forEach(one -> expected.add(one.path().toString()));
                ReversePath from = random.nextBoolean() ? SENDER : nobody();
                if (i < MESSAGES / 4) {
                    world.store(from, recipients); // from before the start
                } else {
                    world.accept(from, recipients);
                }
                if (i == MESSAGES / 4) {
                    world.manager.start();
                }
                if (i % 200 == 199) {
                    world.actions.apply(QueueFilter.all(), new QueueActions.Action.Hold());
                    world.advance(Duration.ofSeconds(30));
                    world.actions.apply(QueueFilter.all(), new QueueActions.Action.Release());
                }
            }
            drain(world);
            assertThat(world.queue.memory()).satisfies(memory -> {
                assertThat(memory.freePlaces()).isEqualTo(places);
                assertThat(memory.contentHeld()).isZero();
                assertThat(memory.unsaved()).isZero();
            });
            check(world.events, expected);
        }
    }

    private static Recipient[] recipients(Random random, int message) {
        Recipient[] recipients = new Recipient[random.nextInt(10) == 0 ? 1 + random.nextInt(8) : 1];
        for (int r = 0; r < recipients.length; r++) {
            int domain = random.nextInt(random.nextInt(DOMAINS) + 1);
            String address = "m" + message + "-" + r + "@d" + domain + ".example";
            recipients[r] = switch (random.nextInt(4)) {
                case 0 -> DeliveryWorld.to(address, Notify.Event.SUCCESS, Notify.Event.FAILURE);
                case 1 -> DeliveryWorld.to(address, Notify.Event.DELAY);
                default -> DeliveryWorld.to(address);
            };
        }
        return recipients;
    }

    /// Lets the time pass from one due message to the next until nothing is left.
    private void drain(DeliveryWorld world) throws Exception {
        for (Optional<DueEntry> first = first(); first.isPresent(); first = first()) {
            Optional<DueEntry> waited = first;
            Duration left = Duration.between(clock.instant(), first.get().due());
            if (left.isPositive()) {
                world.advance(left);
            }
            world.events.await(_ -> !first().equals(waited));
        }
        world.awaitNothingInMemory();
        assertThat(spool.count()).isZero();
    }

    private Optional<DueEntry> first() {
        try {
            return spool.due(Optional.empty(), FAR, 1).stream().findFirst();
        } catch (SpoolException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Compares what was told with what arrived.
    private void check(RecordedEvents events, Set<String> expected) {
        Map<String, Integer> delivered = new HashMap<>();
        Map<String, Integer> ends = new HashMap<>();
        for (DeliveryEvent event : events.of(DeliveryEvent.class)) {
            Optional<DeliveryEvent.Stop> end = switch (event) {
                case DeliveryEvent.Delivered one -> {
                    delivered.merge(one.stop().to().toString(), 1, Integer::sum);
                    yield Optional.of(one.stop());
                }
                case DeliveryEvent.Bounced one -> Optional.of(one.stop());
                case DeliveryEvent.Expired one -> Optional.of(one.stop());
                default -> Optional.empty();
            };
            end.ifPresent(stop -> ends.merge(stop.to().toString(), 1, Integer::sum));
        }
        for (String to : expected) {
            assertThat(ends.get(to)).as("ends of %s", to).isEqualTo(1);
            assertThat(delivered.getOrDefault(to, 0))
                    .as("deliveries of %s that were told", to)
                    .isEqualTo(arrived.containsKey(to) ? arrived.get(to).get() : 0);
        }
    }
}
