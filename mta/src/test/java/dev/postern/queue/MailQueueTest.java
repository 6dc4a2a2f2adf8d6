package dev.postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.event.Event;
import dev.postern.queue.MailQueue.Claiming;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The queue alone, worked by hand: the test is the reader and the workers.
@Timeout(60)
class MailQueueTest {
    private static final Duration NOW = Duration.ZERO;
    private static final int LIMIT = 2;
    private static final byte[] CONTENT = new byte[100];

    private final ManualClock clock = ManualClock.atNoon();
    private final MemorySpool spool = new MemorySpool(clock);
    private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();

    private MailQueue queue(int places) {
        return queue(places, Duration.ZERO);
    }

    private MailQueue queue(int places, Duration grace) {
        QueueSettings settings = new QueueSettings(
                places,
                5L * CONTENT.length,
                _ -> LaneBounds.fixed(LIMIT),
                new BackOff(Duration.ofMinutes(10), 2, Duration.ofHours(1), 0),
                grace);
        return new MailQueue(
                settings,
                (recipient, _) -> ((Mailbox) recipient).host().toString(),
                new Surroundings(spool, clock, new Random(1), events::add));
    }

    /// A message to `user@lane` for each lane, in the spool.
    private SpooledMessage store(String... lanes) throws SpoolException {
        QueueId id = spool.nextId();
        Instant now = clock.instant();
        SpooledMessage message = new SpooledMessage(
                id,
                now,
                Origin.report(),
                Mailbox.of("alice", DomainName.of("sender.example")),
                MailParameters.none(),
                "",
                new ContentTraits(CONTENT.length, false, false, 0),
                Arrays.stream(lanes)
                        .map(lane -> RecipientState.fresh(
                                Recipient.of(Mailbox.of("user", DomainName.of(lane))), Optional.empty(), now))
                        .toList(),
                false);
        try (ContentDraft draft = spool.draft(id)) {
            draft.write(CONTENT, 0, CONTENT.length);
            spool.commit(List.of(new SpoolChange.Insert(message, draft)));
        }
        return message;
    }

    private static void tickUntilQuiet(MailQueue queue, Instant now) {
        Instant next = queue.tick();
        while (!next.isAfter(now)) {
            next = queue.tick();
        }
    }

    /// A worker for each place that a lane wants one for.
    private static Lane lane(MailQueue queue, String name) throws InterruptedException {
        while (queue.isWorkerWanted()) {
            Lane lane = queue.awaitWanted().orElseThrow();
            if (lane.name().equals(name)) {
                return lane;
            }
        }
        throw new AssertionError("no worker is wanted for " + name + ": " + queue.lanes());
    }

    private static Settlement all(Work work, Status status) {
        return new Settlement(
                work.recipients().stream().map(_ -> status).toList(), List.of(), false, new Health.Alive());
    }

    private static Status done() {
        return new Status.Done("done");
    }

    private Status later(Duration wait) {
        return new Status.Pending(1, clock.instant().plus(wait), Optional.of("4.0.0 later"), false);
    }

    @Test
    void theReaderDoesNotSleepOverWhatWasWrittenWhileItLookedElsewhere() throws Exception {
        MailQueue queue = queue(1);
        queue.wake();
        queue.awaitTick(clock.instant());
        queue.accepted(store("first.example"), Content.of(CONTENT));
        Instant next = queue.tick();
        assertThat(next).isAfter(clock.instant());
        queue.accepted(store("second.example"), Content.of(CONTENT)); // no room: the reader will bring it
        FutureTask<Boolean> sleep = new FutureTask<>(() -> queue.awaitTick(next));
        Thread.ofVirtual().start(sleep);
        assertThat(sleep.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void memoryIsBoundedWhateverTheBacklogAndWorkIsTakenInTheOrderOfTheSchedule() throws Exception {
        List<QueueId> stored = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            clock.advance(Duration.ofMillis(1));
            stored.add(store("one.example").id());
        }
        MailQueue queue = queue(50);
        tickUntilQuiet(queue, clock.instant());
        Lane lane = lane(queue, "one.example");
        List<QueueId> taken = new ArrayList<>();
        while (taken.size() < stored.size()) {
            assertThat(queue.memory().messages()).isLessThanOrEqualTo(50);
            Work work = queue.take(lane, NOW).orElseThrow();
            taken.add(work.id());
            queue.settle(work, all(work, done()));
            if (taken.size() % 10 == 0) {
                queue.tick();
            }
        }
        assertThat(taken).isEqualTo(stored);
        assertThat(spool.count()).isZero();
    }

    @Test
    void aFloodedLaneLeavesRoomForOthersAndGetsEverythingInTheEnd() throws Exception {
        Set<QueueId> flood = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            flood.add(store("flooded.example").id());
        }
        clock.advance(Duration.ofSeconds(1));
        for (int i = 0; i < 10; i++) {
            store("other.example");
        }
        MailQueue queue = queue(100);
        tickUntilQuiet(queue, clock.instant());

        assertThat(queue.lanes())
                .satisfiesExactly(
                        flooded -> {
                            assertThat(flooded.ready()).isBetween(40, 50);
                            assertThat(flooded.backlog()).isTrue();
                        },
                        other -> assertThat(other.ready()).isEqualTo(10));

        clock.advance(Duration.ofMillis(1));
        SpooledMessage fresh = store("other.example");
        queue.accepted(fresh, Content.of(CONTENT));
        assertThat(queue.isActive(fresh.id())).isTrue();
        SpooledMessage overtaking = store("flooded.example");
        queue.accepted(overtaking, Content.of(CONTENT));
        assertThat(queue.isActive(overtaking.id())).isFalse();
        flood.add(overtaking.id());

        Lane lane = lane(queue, "flooded.example");
        Set<QueueId> taken = new HashSet<>();
        while (taken.size() < flood.size()) {
            Optional<Work> work = queue.take(lane, NOW);
            if (work.isEmpty()) {
                tickUntilQuiet(queue, clock.instant());
                lane = lane(queue, "flooded.example");
                continue;
            }
            assertThat(taken.add(work.get().id())).isTrue();
            queue.settle(work.get(), all(work.get(), done()));
        }
        assertThat(taken).isEqualTo(flood);
    }

    @Test
    void contentIsKeptWithinItsBudget() throws Exception {
        MailQueue queue = queue(100);
        for (int i = 0; i < 8; i++) {
            queue.accepted(store("one.example"), Content.of(CONTENT));
        }
        assertThat(queue.memory().contentHeld()).isEqualTo(5L * CONTENT.length);
        Lane lane = lane(queue, "one.example");
        for (int i = 0; i < 8; i++) {
            Work work = queue.take(lane, NOW).orElseThrow();
            assertThat(work.content().isPresent()).isEqualTo(i < 5);
            queue.settle(work, all(work, later(Duration.ofHours(1))));
        }
        assertThat(queue.memory().contentHeld()).isZero();
    }

    @Test
    void aMessageThatTheReaderFoundFirstIsNotTakenTwice() throws Exception {
        MailQueue queue = queue(100);
        SpooledMessage message = store("one.example");
        tickUntilQuiet(queue, clock.instant()); // it is in the spool before it is handed over
        Lane lane = lane(queue, "one.example");
        Work work = queue.take(lane, NOW).orElseThrow();
        queue.settle(work, all(work, done()));

        queue.accepted(message, Content.of(CONTENT));
        tickUntilQuiet(queue, clock.instant());

        assertThat(queue.take(lane, NOW)).isEmpty();
        assertThat(queue.memory().messages()).isZero();
    }

    /// The reader goes back for a message that comes late; what comes later still was delivered all the same.
    @Test
    void aMessageThatTheReaderFoundFirstIsNotTakenTwiceThoughTheReaderHasGoneBack() throws Exception {
        MailQueue queue = queue(10);
        SpooledMessage first = store("one.example");
        SpooledMessage second = store("one.example");
        tickUntilQuiet(queue, clock.instant());
        Lane lane = lane(queue, "one.example");
        for (int i = 0; i < 2; i++) {
            Work work = queue.take(lane, NOW).orElseThrow();
            queue.settle(work, all(work, done()));
        }
        assertThat(spool.count()).isZero();
        queue.accepted(first, Content.of(CONTENT));
        queue.accepted(second, Content.of(CONTENT));
        tickUntilQuiet(queue, clock.instant());
        assertThat(queue.isActive(first.id())).isFalse();
        assertThat(queue.isActive(second.id())).isFalse();
    }

    @Test
    void theReaderLeavesFreshMessagesToTheHandOver() throws Exception {
        MailQueue queue = queue(100, Duration.ofSeconds(1));
        SpooledMessage message = store("one.example");
        Instant next = queue.tick();
        assertThat(queue.memory().messages()).isZero();
        assertThat(next).isEqualTo(clock.instant().plusSeconds(1));
        queue.accepted(message, Content.of(CONTENT));
        assertThat(queue.take(lane(queue, "one.example"), NOW).orElseThrow().content())
                .isPresent();
    }

    @Test
    void aClockThatIsSetBackLosesNothing() throws Exception {
        MailQueue queue = queue(100);
        clock.advance(Duration.ofDays(1));
        tickUntilQuiet(queue, clock.instant());
        clock.advance(Duration.ofDays(-1));
        SpooledMessage message = store("one.example");
        queue.accepted(message, Content.of(CONTENT));
        tickUntilQuiet(queue, clock.instant());
        Lane lane = lane(queue, "one.example");
        Work work = queue.take(lane, NOW).orElseThrow();
        queue.settle(work, all(work, later(Duration.ofMinutes(1))));
        assertThat(queue.take(lane, NOW)).isEmpty();

        clock.advance(Duration.ofMinutes(1));
        tickUntilQuiet(queue, clock.instant());
        assertThat(queue.take(lane(queue, "one.example"), NOW)).isPresent();
    }

    @Test
    void aRecipientThatComesDueWhileAnotherIsInDeliveryNeedNotWait() throws Exception {
        MailQueue queue = queue(100);
        queue.accepted(store("slow.example", "quick.example"), Content.of(CONTENT));
        Lane slow = queue.awaitWanted().orElseThrow();
        Lane quick = queue.awaitWanted().orElseThrow();
        assertThat(slow.name()).isEqualTo("slow.example");
        Work hanging = queue.take(slow, NOW).orElseThrow();
        Work first = queue.take(quick, NOW).orElseThrow();
        queue.settle(first, all(first, later(Duration.ofMinutes(1))));

        clock.advance(Duration.ofMinutes(1));
        tickUntilQuiet(queue, clock.instant());
        Work second = queue.take(quick, NOW).orElseThrow();
        queue.settle(second, all(second, done()));
        queue.settle(hanging, all(hanging, done()));
        assertThat(spool.count()).isZero();
    }

    @Test
    void aRecipientWithoutRoomInItsLaneTravelsWithTheNextOfItsMessage() throws Exception {
        MailQueue queue = queue(10);
        for (int i = 0; i < 9; i++) {
            store("full.example");
        }
        clock.advance(Duration.ofSeconds(1));
        QueueId both = store("full.example", "free.example").id();
        tickUntilQuiet(queue, clock.instant());
        Lane free = lane(queue, "free.example");
        Work work = queue.take(free, NOW).orElseThrow();
        assertThat(work.id()).isEqualTo(both);
        queue.settle(work, all(work, later(Duration.ofMinutes(1))));

        assertThat(queue.isActive(both)).isFalse();
        assertThat(spool.find(both).orElseThrow().due())
                .contains(clock.instant().plus(Duration.ofMinutes(1)));
        clock.advance(Duration.ofMinutes(1));
        tickUntilQuiet(queue, clock.instant());
        Work again = queue.take(free, NOW).orElseThrow();
        assertThat(again.id()).isEqualTo(both);
        assertThat(again.recipients()).containsExactly(1);
    }

    @Test
    void onlyOneProbeGoesOutAfterARest() throws Exception {
        MailQueue queue = queue(100);
        queue.accepted(store("down.example"), Content.of(CONTENT));
        Lane lane = lane(queue, "down.example");
        Work work = queue.take(lane, NOW).orElseThrow();
        queue.settle(
                work,
                new Settlement(
                        List.of(later(Duration.ofMinutes(10))),
                        List.of(),
                        false,
                        new Health.Down("4.4.1 nobody there", false)));
        assertThat(events).hasSize(1).first().isInstanceOf(QueueEvent.LaneRests.class);

        queue.accepted(store("down.example"), Content.of(CONTENT));
        Work over = queue.take(lane, NOW).orElseThrow();
        assertThat(over.rest())
                .contains(new Work.Rest(clock.instant().plus(Duration.ofMinutes(10)), "4.4.1 nobody there"));
        queue.settle(
                over, new Settlement(List.of(later(Duration.ofMinutes(10))), List.of(), false, new Health.Untold()));

        clock.advance(Duration.ofMinutes(10));
        tickUntilQuiet(queue, clock.instant());
        Work probe = queue.take(lane, NOW).orElseThrow();
        assertThat(probe.rest()).isEmpty();
        assertThat(queue.take(lane, NOW))
                .as("a second work while the probe is out")
                .isEmpty();
        queue.settle(probe, all(probe, done()));
        assertThat(queue.take(lane(queue, "down.example"), NOW).orElseThrow().rest())
                .isEmpty();
        assertThat(events.stream().map(event -> event.getClass().getSimpleName()))
                .containsExactly("LaneRests", "LaneReopened");
    }

    @Test
    void aRestIsNotAsMuchLongerAsTheClockIsSetBack() throws Exception {
        MailQueue queue = queue(100);
        queue.accepted(store("down.example"), Content.of(CONTENT));
        Lane lane = lane(queue, "down.example");
        Work work = queue.take(lane, NOW).orElseThrow();
        Health down = new Health.Down("4.4.1 nobody there", false);
        queue.settle(work, new Settlement(List.of(later(Duration.ofMinutes(10))), List.of(), false, down));

        clock.advance(Duration.ofDays(-1));
        queue.accepted(store("down.example"), Content.of(CONTENT));
        Work probe = queue.take(lane, NOW).orElseThrow();
        assertThat(probe.rest()).isEmpty();
    }

    @Test
    void attemptsThatBeganBeforeTheLaneClosedDoNotProlongItsRest() throws Exception {
        MailQueue queue = queue(100);
        queue.accepted(store("down.example"), Content.of(CONTENT));
        queue.accepted(store("down.example"), Content.of(CONTENT));
        Lane lane = queue.awaitWanted().orElseThrow();
        Work first = queue.take(lane, NOW).orElseThrow();
        Work second = queue.take(lane, NOW).orElseThrow();
        for (Work work : List.of(first, second)) {
            queue.settle(
                    work,
                    new Settlement(
                            List.of(later(Duration.ofMinutes(10))),
                            List.of(),
                            false,
                            new Health.Down("4.4.1 nobody there", false)));
        }
        assertThat(events).hasSize(1);
        assertThat(queue.lanes().getFirst().restsUntil())
                .contains(clock.instant().plus(Duration.ofMinutes(10)));
    }

    @Test
    void aClaimTakesWhatWaitsAndGivesItBack() throws Exception {
        MailQueue queue = queue(100);
        SpooledMessage message = store("one.example");
        queue.accepted(message, Content.of(CONTENT));
        Lane lane = lane(queue, "one.example");
        try (Claim claim = granted(queue.claim(message.id(), NOW))) {
            assertThat(claim.message()).isEqualTo(message);
            assertThat(queue.claim(message.id(), NOW)).isEqualTo(new Claiming.Busy());
            assertThat(queue.take(lane, NOW)).isEmpty();
        }
        assertThat(queue.take(lane(queue, "one.example"), NOW)).isPresent();
    }

    @Test
    void aClaimDoesNotTearAnAttemptApart() throws Exception {
        MailQueue queue = queue(100);
        SpooledMessage message = store("one.example", "two.example");
        queue.accepted(message, Content.of(CONTENT));
        Lane one = lane(queue, "one.example");
        Work work = queue.take(one, NOW).orElseThrow();
        assertThat(queue.claim(message.id(), Duration.ofMillis(1))).isEqualTo(new Claiming.Busy());
        queue.settle(work, all(work, done()));

        try (Claim claim = granted(queue.claim(message.id(), NOW))) {
            assertThat(claim.message().recipients().getFirst().status()).isEqualTo(done());
            claim.remove(List.of());
        }
        assertThat(queue.claim(message.id(), NOW)).isEqualTo(new Claiming.Unknown());
        assertThat(queue.take(one, NOW)).isEmpty();
        assertThat(queue.memory().messages()).isZero();
        assertThat(spool.count()).isZero();
    }

    @Test
    void aHeldMessageIsNotGivenOut() throws Exception {
        MailQueue queue = queue(100);
        SpooledMessage message = store("one.example");
        try (Claim claim = granted(queue.claim(message.id(), NOW))) {
            claim.change(message.withHeld(true), List.of());
        }
        tickUntilQuiet(queue, clock.instant());
        assertThat(queue.isWorkerWanted()).isFalse();
        assertThat(queue.memory().messages()).isZero();
        try (Claim claim = granted(queue.claim(message.id(), NOW))) {
            claim.change(claim.message().withHeld(false), List.of());
        }
        assertThat(queue.take(lane(queue, "one.example"), NOW)).isPresent();
    }

    @Test
    void lanesThatNobodyUsesAreForgotten() throws Exception {
        MailQueue queue = queue(100);
        for (int i = 0; i < 20; i++) {
            queue.accepted(store("lane" + i + ".example"), Content.of(CONTENT));
            Lane lane = queue.awaitWanted().orElseThrow();
            Work work = queue.take(lane, NOW).orElseThrow();
            queue.settle(work, all(work, done()));
            assertThat(queue.take(lane, NOW)).isEmpty();
        }
        tickUntilQuiet(queue, clock.instant());
        assertThat(queue.lanes()).hasSize(20);
        clock.advance(Duration.ofMinutes(11));
        tickUntilQuiet(queue, clock.instant());
        assertThat(queue.lanes()).isEmpty();
    }

    @Test
    void aClosedQueueGivesNothing() throws Exception {
        MailQueue queue = queue(100);
        queue.accepted(store("one.example"), Content.of(CONTENT));
        Lane lane = lane(queue, "one.example");
        queue.close();
        assertThat(queue.take(lane, Duration.ofDays(1))).isEmpty();
        assertThat(queue.awaitWanted()).isEmpty();
        assertThat(queue.awaitTick(clock.instant().plus(Duration.ofDays(1)))).isFalse();
        queue.accepted(store("one.example"), Content.of(CONTENT));
        assertThat(spool.count()).isEqualTo(2);
    }

    private static Claim granted(Claiming claiming) {
        assertThat(claiming).isInstanceOf(Claiming.Granted.class);
        return ((Claiming.Granted) claiming).claim();
    }
}
