package dev.postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.event.Event;
import dev.postern.queue.Settlement.Health;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Recipient;
import dev.postern.spool.Content;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.ContentTraits;
import dev.postern.spool.ManualClock;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.RecipientState.Status;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Lanes whose next hops bear so much, in numbers, worked by hand: the test is the reader, the workers and the next
/// hops.
@Timeout(120)
class LaneThrottleTest {
    private static final byte[] CONTENT = new byte[10];
    private static final int PLACES = 2000;
    private static final String LANE = "lane.example";
    private static final Duration REST = Duration.ofMinutes(10);
    private static final Health NOBODY_THERE = new Health.Down("4.4.1 nobody there", false);
    private static final Health TOO_MANY = new Health.Down("4.7.0 421 too many connections", true);

    private final ManualClock clock = ManualClock.atNoon();
    private final MemorySpool spool = new MemorySpool(clock);
    private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();

    private MailQueue queue(LaneBounds bounds) {
        return new MailQueue(
                new QueueSettings(
                        PLACES, 1000, _ -> bounds, new BackOff(REST, 2, Duration.ofHours(1), 0), Duration.ZERO),
                (recipient, _) -> ((Mailbox) recipient).host().toString(),
                new Surroundings(spool, clock, new Random(1), events::add));
    }

    private SpooledMessage store(String lane) throws SpoolException {
        QueueId id = spool.nextId();
        SpooledMessage message = new SpooledMessage(
                id,
                clock.instant(),
                Origin.report(),
                Mailbox.of("alice", DomainName.of("sender.example")),
                MailParameters.none(),
                "",
                new ContentTraits(CONTENT.length, false, false, 0),
                List.of(RecipientState.fresh(
                        Recipient.of(Mailbox.of("user", DomainName.of(lane))), Optional.empty(), clock.instant())),
                false);
        try (ContentDraft draft = spool.draft(id)) {
            draft.write(CONTENT, 0, CONTENT.length);
            spool.commit(List.of(new SpoolChange.Insert(message, draft)));
        }
        clock.advance(Duration.ofNanos(1000));
        return message;
    }

    private void accept(MailQueue queue, int count) throws SpoolException {
        for (int i = 0; i < count; i++) {
            queue.accepted(store(LANE), Content.of(CONTENT));
        }
    }

    /// The workers that are wanted now, and have come.
    private static List<Lane> workers(MailQueue queue) throws InterruptedException {
        List<Lane> lanes = new ArrayList<>();
        while (queue.isWorkerWanted()) {
            lanes.add(queue.awaitWanted().orElseThrow());
        }
        return lanes;
    }

    private static Optional<Work> take(MailQueue queue, Lane lane) {
        return queue.take(lane, Duration.ZERO);
    }

    private void settle(MailQueue queue, Work work, Health health) throws SpoolException {
        Status status = health instanceof Health.Alive
                ? new Status.Done("done")
                : new Status.Pending(1, clock.instant().plus(Duration.ofHours(2)), Optional.of("4.0.0 later"), false);
        queue.settle(work, new Settlement(List.of(status), List.of(), false, health));
    }

    private List<String> told() {
        return events.stream().map(event -> event.getClass().getSimpleName()).toList();
    }

    private static Lane.Report report(MailQueue queue) {
        return queue.lanes().stream()
                .filter(lane -> lane.name().equals(LANE))
                .findFirst()
                .orElseThrow();
    }

    /// A next hop that takes so many connections at once and refuses others with 421; a worker keeps its connection
    /// until it leaves.
    private final class Busy {
        private final MailQueue queue;
        private final int most;
        private final Deque<Work> connected = new ArrayDeque<>();
        private int open;
        private int refused;
        private int highest;

        Busy(MailQueue queue, int most) {
            this.queue = queue;
            this.most = most;
        }

        /// Lets workers come and connect, each that is refused told so at once; then answers the one that waits
        /// longest.
        boolean step() throws Exception {
            for (Lane lane : workers(queue)) {
                Optional<Work> work = take(queue, lane);
                if (work.isPresent()) {
                    connect(work.get());
                }
            }
            Work oldest = connected.poll();
            if (oldest == null) {
                return false;
            }
            settle(queue, oldest, new Health.Alive());
            Optional<Work> next = take(queue, oldest.lane());
            next.ifPresentOrElse(connected::add, () -> open--);
            return true;
        }

        private void connect(Work work) throws SpoolException {
            if (open == most) {
                refused++;
                settle(queue, work, TOO_MANY);
                queue.leave(work.lane());
            } else {
                open++;
                highest = Math.max(highest, open);
                connected.add(work);
            }
        }
    }

    @Test
    void aLaneFindsWhatItsNextHopBearsAndKeepsToIt() throws Exception {
        for (int bears : List.of(1, 2, 3, 7, 19)) {
            events.clear();
            MailQueue queue = queue(LaneBounds.upTo(20));
            accept(queue, 1000);
            Busy hop = new Busy(queue, bears);
            int steps = 0;
            while (hop.step()) {
                steps++;
                assertThat(hop.open).isLessThanOrEqualTo(bears);
            }
            assertThat(hop.highest).as("connections at once").isEqualTo(bears);
            assertThat(steps + hop.refused).isEqualTo(1000);
            assertThat(hop.refused)
                    .as("of a thousand, where %s are borne", bears)
                    .isBetween(1, 5);
            assertThat(report(queue).limit()).isEqualTo(bears);
            assertThat(report(queue).state()).isEqualTo(Lane.State.THROTTLED);
            assertThat(told()).doesNotContain("LaneRests").startsWith("LaneThrottled");
        }
    }

    @Test
    void aLaneWhoseNextHopBearsEverythingOpensToItsBound() throws Exception {
        MailQueue queue = queue(LaneBounds.upTo(20));
        accept(queue, 1000);
        Busy hop = new Busy(queue, 1000);
        int steps = 0;
        while (hop.step()) {
            steps++;
        }
        assertThat(steps).isEqualTo(1000);
        assertThat(hop.highest).isEqualTo(20);
        assertThat(told()).isEmpty();
    }

    @Test
    void whereAllAreRefusedTheLaneRests() throws Exception {
        MailQueue queue = queue(LaneBounds.upTo(20));
        accept(queue, 100);
        List<Work> begun = new ArrayList<>();
        for (Lane lane : workers(queue)) {
            begun.add(take(queue, lane).orElseThrow());
        }
        assertThat(begun).hasSize(5);
        for (Work work : begun) {
            settle(queue, work, TOO_MANY);
        }
        assertThat(told()).containsExactly("LaneThrottled", "LaneRests");
        assertThat(report(queue).nextAttempt()).contains(clock.instant().plus(REST));
        assertThat(take(queue, begun.getFirst().lane()).orElseThrow().rest()).isPresent();
    }

    @Test
    void anAttemptThatGetsThroughAfterAllOpensTheLaneAgainButNotToWhereItWas() throws Exception {
        MailQueue queue = queue(LaneBounds.fixed(8));
        accept(queue, 100);
        List<Work> begun = new ArrayList<>();
        for (Lane lane : workers(queue)) {
            begun.add(take(queue, lane).orElseThrow());
        }
        settle(queue, begun.get(1), NOBODY_THERE);
        assertThat(report(queue).state()).isEqualTo(Lane.State.RESTS);
        settle(queue, begun.get(0), new Health.Alive());
        assertThat(told()).containsExactly("LaneRests", "LaneReopened");
        assertThat(report(queue).limit()).isLessThan(8);
        assertThat(report(queue).state()).isEqualTo(Lane.State.THROTTLED);
    }

    @Test
    void aRateLetsWorksGoOneAfterTheOtherAndTheReaderWakesForThem() throws Exception {
        MailQueue queue = queue(new LaneBounds(5, 20, 30));
        accept(queue, 20);
        Instant begin = clock.instant();
        List<Duration> times = new ArrayList<>();
        Instant next = begin;
        while (times.size() < 20) {
            for (Lane lane : workers(queue)) {
                Optional<Work> work = take(queue, lane);
                if (work.isPresent()) {
                    times.add(Duration.between(begin, clock.instant()));
                    settle(queue, work.get(), new Health.Alive());
                    assertThat(take(queue, lane)).as("another at once").isEmpty();
                }
            }
            if (times.size() == 1) {
                assertThat(report(queue).state()).isEqualTo(Lane.State.PACED);
                assertThat(report(queue).nextAttempt()).contains(begin.plusSeconds(2));
            }
            next = queue.tick();
            clock.advance(Duration.between(clock.instant(), next));
            queue.tick();
        }
        assertThat(times.getFirst()).isZero();
        assertThat(times.getLast()).isEqualTo(Duration.ofSeconds(38));
    }

    @Test
    void boundsThatChangeHoldForLanesThatAreThere() throws Exception {
        MailQueue queue = queue(LaneBounds.fixed(1));
        accept(queue, 10);
        Lane lane = workers(queue).getFirst();
        queue.keepWithin(_ -> LaneBounds.fixed(4));
        assertThat(report(queue).bounds()).isEqualTo(LaneBounds.fixed(4));
        for (int i = 0; i < 3; i++) {
            settle(queue, take(queue, lane).orElseThrow(), new Health.Alive());
        }
        assertThat(workers(queue)).as("one more, since others had to wait").hasSize(1);

        queue.keepWithin(_ -> new LaneBounds(4, 4, 1));
        settle(queue, take(queue, lane).orElseThrow(), new Health.Alive());
        assertThat(take(queue, lane)).isEmpty();
        assertThat(report(queue).state()).isEqualTo(Lane.State.PACED);
    }

    @Test
    void aBacklogForANextHopThatIsDownCostsOneWorkerAndDelaysOthersByTheReadingOnly() throws Exception {
        for (int i = 0; i < 50_000; i++) {
            store("dead.example");
        }
        for (int i = 0; i < 50; i++) {
            store(LANE);
        }
        MailQueue queue = queue(LaneBounds.upTo(20));
        queue.tick();
        List<Lane> workers = workers(queue);
        assertThat(workers).hasSize(5);
        List<Work> hang = new ArrayList<>();
        for (Lane worker : workers) {
            hang.add(take(queue, worker).orElseThrow());
        }
        settle(queue, hang.getFirst(), NOBODY_THERE);
        queue.leave(workers.getFirst());
        List<Lane> forTheDead = workers(queue);
        assertThat(forTheDead).as("one, while others still wait for the host").hasSize(1);
        Lane dead = forTheDead.getFirst();
        Work over = take(queue, dead).orElseThrow();
        assertThat(over.rest()).isPresent();
        assertThat(take(queue, dead)).as("a second at the same time").isEmpty();

        int passedOver = 0;
        int delivered = 0;
        for (int looks = 0; delivered < 50; looks++) {
            assertThat(looks).isLessThan(100);
            for (Work one = over; one != null; one = take(queue, dead).orElse(null)) {
                settle(queue, one, new Health.Untold());
                passedOver++;
                if (passedOver % 20 == 0) {
                    over = take(queue, dead).orElse(null);
                    break;
                }
            }
            queue.tick();
            assertThat(queue.memory().messages()).isLessThanOrEqualTo(PLACES);
            for (Lane lane : workers(queue)) {
                for (Optional<Work> work = take(queue, lane);
                        lane.name().equals(LANE) && work.isPresent();
                        work = take(queue, lane)) {
                    settle(queue, work.get(), new Health.Alive());
                    delivered++;
                }
            }
        }
        assertThat(passedOver).as("before all others had gone").isLessThanOrEqualTo(1000);
    }

    @Test
    void whatWaitsForANextHopThatIsDownIsPassedOverByAndByAndGoesWhenItIsUp() throws Exception {
        for (int i = 0; i < 3000; i++) {
            store(LANE);
        }
        MailQueue queue = queue(LaneBounds.fixed(1));
        queue.tick();
        Lane lane = workers(queue).getFirst();
        settle(queue, take(queue, lane).orElseThrow(), NOBODY_THERE);
        assertThat(passOver(queue, lane)).as("at once").isEqualTo(1000);
        assertThat(report(queue).ready()).as("in memory").isLessThanOrEqualTo(40);
        clock.advance(Duration.ofSeconds(1));
        assertThat(passOver(queue, lane)).as("within a second").isEqualTo(100);
        assertThat(report(queue).nextAttempt())
                .contains(queue.lanes().getFirst().restsUntil().orElseThrow());

        clock.advance(REST);
        int delivered = 0;
        for (Optional<Work> work = take(queue, lane); delivered < 1899; work = take(queue, lane)) {
            if (work.isPresent()) {
                assertThat(work.get().rest()).isEmpty();
                settle(queue, work.get(), new Health.Alive());
                delivered++;
            } else {
                queue.tick();
                workers(queue);
            }
        }
        assertThat(told()).containsExactly("LaneRests", "LaneReopened");
        assertThat(spool.count()).as("those that were passed over").isEqualTo(1101);
    }

    /// Takes and passes over what can be now, the reader looking after each.
    private int passOver(MailQueue queue, Lane lane) throws Exception {
        int count = 0;
        while (true) {
            queue.tick();
            workers(queue);
            Optional<Work> work = take(queue, lane);
            if (work.isEmpty()) {
                return count;
            }
            settle(queue, work.get(), new Health.Untold());
            count++;
        }
    }
}
