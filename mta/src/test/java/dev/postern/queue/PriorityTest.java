package dev.postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.queue.Settlement.Health;
import dev.postern.smtp.Handling;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Priority;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Which messages go before others, worked by hand: the test is the reader and the workers.
@Timeout(60)
class PriorityTest {
    private static final byte[] CONTENT = new byte[10];
    private static final int LIMIT = 2;

    private final ManualClock clock = ManualClock.atNoon();
    private final MemorySpool spool = new MemorySpool(clock);
    private final Map<QueueId, String> names = new HashMap<>();

    private MailQueue queue(int places) {
        return new MailQueue(
                new QueueSettings(
                        places,
                        1000,
                        _ -> LaneBounds.fixed(LIMIT),
                        new BackOff(Duration.ofMinutes(10), 2, Duration.ofHours(1), 0),
                        Duration.ZERO),
                (recipient, _) -> ((Mailbox) recipient).host().toString(),
                new Surroundings(spool, clock, new Random(1), event -> {}));
    }

    /// A message with a name, a priority and a lane, in the spool.
    private SpooledMessage store(String name, int priority, String lane) throws SpoolException {
        QueueId id = spool.nextId();
        Instant now = clock.instant();
        SpooledMessage message = new SpooledMessage(
                id,
                now,
                Origin.report(),
                Mailbox.of("alice", DomainName.of("sender.example")),
                MailParameters.none().withHandling(Handling.usual().withPriority(Optional.of(new Priority(priority)))),
                "",
                new ContentTraits(CONTENT.length, false, false, 0),
                List.of(RecipientState.fresh(
                        Recipient.of(Mailbox.of("user", DomainName.of(lane))), Optional.empty(), now)),
                false);
        try (ContentDraft draft = spool.draft(id)) {
            draft.write(CONTENT, 0, CONTENT.length);
            spool.commit(List.of(new SpoolChange.Insert(message, draft)));
        }
        names.put(id, name);
        return message;
    }

    private void accept(MailQueue queue, String name, int priority, String lane) throws SpoolException {
        queue.accepted(store(name, priority, lane), Content.of(CONTENT));
        clock.advance(Duration.ofMillis(1));
    }

    private void read(MailQueue queue) {
        Instant next = queue.tick();
        while (!next.isAfter(clock.instant())) {
            next = queue.tick();
        }
    }

    /// Takes the next work of a lane, and delivers it.
    private Optional<String> deliver(MailQueue queue, Lane lane) throws SpoolException {
        Optional<Work> work = queue.take(lane, Duration.ZERO);
        if (work.isEmpty()) {
            return Optional.empty();
        }
        queue.settle(
                work.get(), new Settlement(List.of(new Status.Done("done")), List.of(), false, new Health.Alive()));
        return Optional.of(names.get(work.get().id()));
    }

    private List<String> deliverAll(MailQueue queue) throws Exception {
        List<String> delivered = new ArrayList<>();
        while (queue.isWorkerWanted()) {
            Lane lane = queue.awaitWanted().orElseThrow();
            Optional<String> next = deliver(queue, lane);
            while (next.isPresent()) {
                delivered.add(next.get());
                read(queue);
                next = deliver(queue, lane);
            }
        }
        return delivered;
    }

    @Test
    void withinALaneTheMoreUrgentGoesFirst() throws Exception {
        MailQueue queue = queue(100);
        for (int priority : List.of(0, -9, 4, 0, 9, -4)) {
            accept(queue, Integer.toString(priority), priority, "lane.example");
        }

        assertThat(deliverAll(queue)).containsExactly("9", "4", "0", "0", "-4", "-9");
    }

    @Test
    void whatIsReadFromTheScheduleGoesInTheSameOrder() throws Exception {
        for (int priority : List.of(0, -9, 4, 0, 9, -4)) {
            store(Integer.toString(priority), priority, "lane.example");
            clock.advance(Duration.ofMillis(1));
        }
        MailQueue queue = queue(100);
        read(queue);

        assertThat(deliverAll(queue)).containsExactly("9", "4", "0", "0", "-4", "-9");
    }

    @Test
    void anUrgentMessageDoesNotWaitBehindABacklogOnDisk() throws Exception {
        for (int i = 0; i < 500; i++) {
            store("usual", 0, "flooded.example");
        }
        MailQueue queue = queue(100);
        read(queue);
        clock.advance(Duration.ofSeconds(1));
        assertThat(queue.lanes().getFirst().backlog()).isTrue();

        accept(queue, "usual and late", 0, "flooded.example");
        accept(queue, "urgent", 1, "flooded.example");
        List<String> delivered = deliverAll(queue);

        assertThat(delivered).hasSize(502).startsWith("urgent", "usual").endsWith("usual", "usual and late");
    }

    @Test
    void urgentMessagesTakeNoMoreThanALittleRoomOfTheirOwn() throws Exception {
        for (int i = 0; i < 500; i++) {
            store("usual", 0, "flooded.example");
        }
        MailQueue queue = queue(100);
        read(queue);
        int usual = queue.lanes().getFirst().ready();
        clock.advance(Duration.ofSeconds(1));
        for (int i = 0; i < 50; i++) {
            accept(queue, "urgent", 9, "flooded.example");
        }

        assertThat(queue.lanes().getFirst().ready()).isEqualTo(usual + 2 * LIMIT);
        List<String> delivered = deliverAll(queue);
        assertThat(delivered).hasSize(550).startsWith("urgent", "urgent", "urgent", "urgent");
        assertThat(delivered.subList(0, 60)).contains("usual");
    }

    /// Urgent mail comes as fast as it can go, for hours: what came before it waits for its 45 minutes, what is least
    /// urgent for 90, and not a message longer.
    @Test
    void nobodyStarvesHoweverMuchUrgentMailComes() throws Exception {
        MailQueue queue = queue(100);
        accept(queue, "least", -9, "lane.example");
        accept(queue, "usual", 0, "lane.example");
        accept(queue, "most", 9, "lane.example");
        Lane lane = queue.awaitWanted().orElseThrow();
        Map<String, Integer> wentAt = new HashMap<>();
        for (int minute = 1; minute <= 200; minute++) {
            clock.advance(Duration.ofMinutes(1));
            accept(queue, "most", 9, "lane.example");
            wentAt.putIfAbsent(deliver(queue, lane).orElseThrow(), minute);
            read(queue);
        }

        assertThat(wentAt).containsOnlyKeys("most", "usual", "least");
        assertThat(wentAt.get("usual")).isBetween(45, 48);
        assertThat(wentAt.get("least")).isBetween(90, 94);
    }

    @Test
    void nobodyStarvesOnDiskEither() throws Exception {
        for (int i = 0; i < 300; i++) {
            store("usual", 0, "flooded.example");
        }
        MailQueue queue = queue(20);
        read(queue);
        clock.advance(Duration.ofSeconds(1));
        Lane lane = queue.awaitWanted().orElseThrow();
        List<String> delivered = new ArrayList<>();
        for (int minute = 0; minute < 400; minute++) {
            clock.advance(Duration.ofMinutes(1));
            accept(queue, "most", 9, "flooded.example");
            delivered.add(deliver(queue, lane).orElseThrow());
            read(queue);
        }

        assertThat(delivered.subList(0, 40)).containsOnly("most");
        assertThat(delivered.subList(60, 350)).contains("usual");
        assertThat(delivered.stream().filter("usual"::equals)).hasSizeGreaterThan(290);
    }

    @Test
    void betweenLanesAWorkerGoesToTheUrgentOneFirst() throws Exception {
        MailQueue queue = queue(100);
        for (int i = 0; i < 5; i++) {
            accept(queue, "usual", 0, "lane" + i + ".example");
        }
        accept(queue, "urgent", 2, "urgent.example");
        accept(queue, "most urgent", 9, "lane4.example");
        accept(queue, "least urgent", -9, "least.example");

        List<String> order = new ArrayList<>();
        while (queue.isWorkerWanted()) {
            order.add(queue.awaitWanted().orElseThrow().name().replace(".example", ""));
        }

        // lane4 asks a second time, for its second message
        assertThat(order).containsExactly("lane4", "urgent", "lane0", "lane1", "lane2", "lane3", "lane4", "least");
    }

    @Test
    void aLaneThatHasAskedForAllItsWorkersIsServedSoonerForWhatIsUrgent() throws Exception {
        MailQueue queue = queue(100);
        accept(queue, "usual", 0, "first.example");
        for (int i = 0; i < LIMIT; i++) {
            accept(queue, "usual", 0, "full.example");
        }
        accept(queue, "urgent", 1, "full.example");

        assertThat(IntStream.range(0, 3)
                        .mapToObj(i -> {
                            try {
                                return queue.awaitWanted().orElseThrow().name();
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                        })
                        .toList())
                .containsExactly("full.example", "first.example", "full.example");
        assertThat(queue.isWorkerWanted()).isFalse();
    }

    @Test
    void withdrawnWorksLeaveNoRoomTaken() throws Exception {
        MailQueue queue = queue(100);
        for (int i = 0; i < 2 * LIMIT; i++) {
            accept(queue, "urgent", 5, "lane.example");
        }
        queue.holdLane("lane.example");
        assertThat(queue.lanes().getFirst().ready()).isZero();
        queue.releaseLane("lane.example");
        read(queue);

        assertThat(deliverAll(queue)).hasSize(2 * LIMIT).containsOnly("urgent");
        assertThat(queue.memory().messages()).isZero();
    }
}
