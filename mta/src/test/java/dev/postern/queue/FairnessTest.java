package dev.postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.queue.Settlement.Health;
import dev.postern.smtp.Handling;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Priority;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
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
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How the senders of a lane, and lanes, share what there is: in numbers, worked by hand. The test is the reader and
/// the workers.
@Timeout(120)
class FairnessTest {
    private static final byte[] CONTENT = new byte[10];
    private static final int LIMIT = 20;
    private static final int PLACES = 2000;
    private static final String LANE = "lane.example";

    private final ManualClock clock = ManualClock.atNoon();
    private final MemorySpool spool = new MemorySpool(clock);
    private final Map<QueueId, String> senders = new HashMap<>();
    private final Set<QueueId> delivered = new HashSet<>();

    private MailQueue queue() {
        return new MailQueue(
                new QueueSettings(
                        PLACES,
                        1000,
                        _ -> LaneBounds.fixed(LIMIT),
                        new BackOff(Duration.ofMinutes(10), 2, Duration.ofHours(1), 0),
                        Duration.ZERO),
                (recipient, _) -> ((Mailbox) recipient).host().toString(),
                new Surroundings(spool, clock, new Random(1), event -> {}));
    }

    private static Mailbox domain(String sender) {
        return Mailbox.of("news", DomainName.of(sender + ".example"));
    }

    private SpooledMessage store(String sender, String lane) throws SpoolException {
        return store(sender, Origin.report(), domain(sender), 0, lane);
    }

    private SpooledMessage store(String sender, Origin origin, ReversePath path, int priority, String lane)
            throws SpoolException {
        QueueId id = spool.nextId();
        Instant now = clock.instant();
        SpooledMessage message = new SpooledMessage(
                id,
                now,
                origin,
                path,
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
        senders.put(id, sender);
        clock.advance(Duration.ofNanos(100_000));
        return message;
    }

    private void accept(MailQueue queue, String sender) throws SpoolException {
        clock.advance(Duration.ofMillis(1));
        queue.accepted(store(sender, LANE), Content.of(CONTENT));
    }

    private void read(MailQueue queue) {
        Instant next = queue.tick();
        while (!next.isAfter(clock.instant())) {
            next = queue.tick();
        }
    }

    private static Lane lane(MailQueue queue) throws InterruptedException {
        assertThat(queue.isWorkerWanted()).isTrue();
        return queue.awaitWanted().orElseThrow();
    }

    /// Takes the next work, and delivers it.
    private String deliver(MailQueue queue, Lane lane) throws SpoolException {
        Work work = queue.take(lane, Duration.ZERO).orElseThrow();
        queue.settle(work, new Settlement(List.of(new Status.Done("done")), List.of(), false, new Health.Alive()));
        assertThat(delivered.add(work.id())).as("delivered once").isTrue();
        return senders.get(work.id());
    }

    /// Delivers so many, the reader looking after each few as it does beside twenty workers.
    private List<String> deliver(MailQueue queue, Lane lane, int count) throws SpoolException {
        List<String> order = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            order.add(deliver(queue, lane));
            assertThat(queue.memory().messages()).isLessThanOrEqualTo(PLACES);
            if (i % 5 == 0) {
                queue.tick();
            }
        }
        return order;
    }

    private static long count(List<String> order, String sender) {
        return order.stream().filter(sender::equals).count();
    }

    @Test
    void aMessageBehindAMailingOfAHundredThousandWaitsForOneOfThem() throws Exception {
        for (int i = 0; i < 100_000; i++) {
            store("mailing", LANE);
        }
        MailQueue queue = queue();
        read(queue);
        Lane lane = lane(queue);
        assertThat(queue.lanes().getFirst().ready()).isLessThanOrEqualTo(PLACES / 2);
        deliver(queue, lane, 100);

        for (int i = 0; i < LIMIT; i++) {
            accept(queue, "reset");
        }
        List<String> order = deliver(queue, lane, 2 * LIMIT);
        assertThat(order.subList(0, 2)).contains("reset");
        assertThat(count(order, "reset")).isEqualTo(LIMIT);
        assertThat(queue.memory().messages()).isLessThanOrEqualTo(PLACES);
    }

    @Test
    void afterARestartAMessageBehindAMailingWaitsForTheReadingOnly() throws Exception {
        for (int i = 0; i < 100_000; i++) {
            store("mailing", LANE);
        }
        store("reset", LANE);
        MailQueue queue = queue();
        Instant next = queue.tick();
        Lane lane = lane(queue);
        int deliveries = 0;
        while (!next.isAfter(clock.instant())) { // one delivery a reading: deliveries are slow, and the lane stays full
            deliver(queue, lane);
            deliveries++;
            next = queue.tick();
        }
        assertThat(deliveries).isLessThan(100);
        assertThat(deliver(queue, lane, 3)).contains("reset");
    }

    @Test
    void tenSendersOfDifferentSizesHaveEqualSharesWhileTheyHaveMail() throws Exception {
        Random random = new Random(3);
        List<String> all = new ArrayList<>();
        for (int sender = 0; sender < 10; sender++) {
            for (int i = 0; i < 1000 * (sender + 1); i++) {
                all.add("s" + sender);
            }
        }
        Collections.shuffle(all, random);
        for (String sender : all) {
            store(sender, LANE);
        }
        MailQueue queue = queue();
        read(queue);
        Lane lane = lane(queue);
        List<String> order = deliver(queue, lane, 5000);
        for (int sender = 0; sender < 10; sender++) {
            assertThat(count(order, "s" + sender)).as("sender %s", sender).isBetween(450L, 550L);
        }
        order.addAll(deliver(queue, lane, all.size() - order.size()));
        assertThat(spool.count()).isZero();
        assertThat(queue.memory().messages()).isZero();
        assertThat(queue.lanes().getFirst().backlog()).isFalse();
    }

    @Test
    void mailingsOneBehindTheOtherShareTheLane() throws Exception {
        for (String sender : List.of("first", "second", "third")) {
            for (int i = 0; i < 5000; i++) {
                store(sender, LANE);
            }
        }
        MailQueue queue = queue();
        read(queue);
        Lane lane = lane(queue);
        List<String> order = deliver(queue, lane, 3000);
        for (String sender : List.of("first", "second", "third")) {
            assertThat(count(order, sender)).as(sender).isBetween(900L, 1100L);
        }
        deliver(queue, lane, 12_000);
        assertThat(spool.count()).isZero();
    }

    @Test
    void moreBackloggedSendersThanCursorsLoseNothingAndLetNewcomersThrough() throws Exception {
        int many = Senders.OWN_CURSORS + 50;
        for (int round = 0; round < 200; round++) {
            for (int sender = 0; sender < many; sender++) {
                store("s" + sender, LANE);
            }
        }
        MailQueue queue = queue();
        read(queue);
        Lane lane = lane(queue);
        deliver(queue, lane, 300);
        accept(queue, "reset");
        List<String> order = deliver(queue, lane, many + 1);
        assertThat(order).contains("reset");
        deliver(queue, lane, many * 200 - 300 - many);
        assertThat(spool.count()).isZero();
        assertThat(queue.memory().messages()).isZero();
    }

    @Test
    void moreSendersThanAreRememberedWaitAsTheyCameAndLoseNothing() throws Exception {
        int many = Senders.OWN_CURSORS + Senders.KNOWN_AMONG_REST + 500;
        for (int round = 0; round < 8; round++) {
            for (int sender = 0; sender < many; sender++) {
                store("s" + sender, LANE);
            }
        }
        MailQueue queue = queue();
        read(queue);
        Lane lane = lane(queue);
        assertThat(deliver(queue, lane, 8 * many).stream().distinct()).hasSize(many);
        assertThat(spool.count()).isZero();
        assertThat(queue.lanes().getFirst().backlog()).isFalse();
    }

    @Test
    void whatComesWhileTheBacklogIsReadIsNeitherLostNorDoubled() throws Exception {
        Random random = new Random(5);
        for (int i = 0; i < 5000; i++) {
            store("s" + random.nextInt(5), LANE);
        }
        MailQueue queue = queue();
        read(queue);
        Lane lane = lane(queue);
        for (int i = 0; i < 5000; i++) {
            if (i % 2 == 0) {
                accept(queue, "s" + random.nextInt(40));
            }
            deliver(queue, lane);
            if (random.nextInt(7) == 0) {
                queue.tick();
            }
        }
        int left = (int) spool.count();
        assertThat(left).isEqualTo(2500);
        deliver(queue, lane, left);
        assertThat(spool.count()).isZero();
        assertThat(queue.memory().messages()).isZero();
    }

    @Test
    void aUserIsOneSenderWhateverHeWritesAndReportsAreOne() throws Exception {
        Origin user = new Origin(
                "submission", Optional.empty(), Optional.empty(), Optional.of("mailing"), "ESMTPSA", Optional.empty());
        MailQueue queue = queue();
        for (int i = 0; i < 10; i++) {
            queue.accepted(store("mailing", user, domain("name" + i), 0, LANE), Content.of(CONTENT));
        }
        for (int i = 0; i < 10; i++) {
            queue.accepted(store("report", Origin.report(), new NullPath(), 0, LANE), Content.of(CONTENT));
        }
        accept(queue, "reset");

        Lane lane = lane(queue);
        assertThat(deliver(queue, lane, 5)).containsExactly("mailing", "report", "reset", "mailing", "report");
    }

    @Test
    void mailOfAHigherPriorityGoesBeforeAnySendersTurn() throws Exception {
        MailQueue queue = queue();
        for (int i = 0; i < 100; i++) {
            accept(queue, "s" + i);
        }
        queue.accepted(store("reset", Origin.report(), domain("s1"), 1, LANE), Content.of(CONTENT));

        assertThat(deliver(queue, lane(queue))).isEqualTo("reset");
    }

    @Test
    void aLaneWithOneMessageWaitsForOneWorkerOfEachOther() throws Exception {
        MailQueue queue = queue();
        for (int i = 0; i < 2 * LIMIT; i++) {
            for (String lane : List.of("one.example", "two.example", "three.example")) {
                queue.accepted(store("mailing", lane), Content.of(CONTENT));
            }
        }
        queue.accepted(store("mailing", "small.example"), Content.of(CONTENT));

        List<String> order = new ArrayList<>();
        while (queue.isWorkerWanted()) {
            order.add(queue.awaitWanted().orElseThrow().name());
        }
        assertThat(order).hasSize(3 * LIMIT + 1);
        assertThat(order.subList(0, 4)).containsExactly("one.example", "two.example", "three.example", "small.example");
    }
}
