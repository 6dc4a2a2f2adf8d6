package dev.postern.queue;

import dev.postern.spool.Content;
import dev.postern.spool.DueEntry;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpooledMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is in memory of the queue, all of it guarded by one lock: every method but the
/// constructor demands that the caller holds it.
///
/// The schedule on disk is read by a cursor, the *tail*: everything at or before it has been
/// looked at and is either active, or done with, or was passed by in a lane that remembers where
/// ({@link Senders}), or stands there again because it was changed, in which case the tail
/// was moved back before it ({@link #expect}). Everything after it is still to be read.
final class QueueState {
    private static final Duration LANE_KEPT = Duration.ofMinutes(10);
    private static final int MAX_IDLE_LANES = 10_000;

    /// The part of the places that must be free before the reader, once starved, reads on.
    private static final int WAKE_PART = 64;

    final ReentrantLock lock = new ReentrantLock();

    /// Signalled when the reader of the schedule has something to do, when a worker is wanted,
    /// when a message comes to rest.
    final Condition readerWanted = lock.newCondition();

    final Condition workerWanted = lock.newCondition();
    final Condition calm = lock.newCondition();

    final Map<QueueId, ActiveMessage> active = new HashMap<>();
    final Map<String, Lane> lanes = new LinkedHashMap<>();

    /// Lanes that want one more worker: of those that are equally urgent each in turn, however many they want.
    final FairQueue<Wish, Lane> wanting = new FairQueue<>(Wish::turn, Wish::lane);

    final Set<ActiveMessage> unsaved = new LinkedHashSet<>();
    boolean closed;
    boolean refused;

    /// A lane asks for a worker.
    ///
    /// @param turn of the work for which it does
    record Wish(Lane lane, Turn turn) {}

    private final QueueSettings settings;
    private LaneRules rules;
    private final TreeMap<DueEntry, ActiveMessage> reviews = new TreeMap<>();

    private final Pauses pauses = new Pauses();
    private int placesTaken;
    private long contentHeld;
    private @Nullable DueEntry tail;

    /// How far the tail has ever come: it may have gone back since, but what lies before this may have been read, and
    /// delivered, all the same.
    private @Nullable DueEntry farthest;

    /// The first entry that was written since the reader began its last reading.
    private @Nullable DueEntry news;

    /// When the reader means to wake by itself: as early as can be while it is awake.
    private Instant readerWakes = Instant.MIN;

    /// The first moment for which the reader was wanted since it woke last.
    private Instant readerWantedAt = Instant.MAX;

    private boolean readerSignalled;
    private boolean starved;

    QueueState(QueueSettings settings) {
        this.settings = settings;
        this.rules = settings.rules();
    }

    /// Does something under the lock.
    void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /// Asks something under the lock.
    <T> T ask(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    // The cursor.

    Optional<DueEntry> tail() {
        return Optional.ofNullable(tail);
    }

    /// The tail, for a reading that begins now.
    Optional<DueEntry> beginReading() {
        news = null;
        return tail();
    }

    /// Whether the tail may go on to an entry: nobody has moved it since, and nothing was written
    /// since the reading began that it would pass by unseen.
    boolean mayMoveTail(Optional<DueEntry> from, DueEntry to) {
        return !closed && tail().equals(from) && (news == null || news.compareTo(to) > 0);
    }

    /// Whether the reader may have had an entry already, so that only the spool tells what became of it.
    boolean mayHaveBeenRead(DueEntry entry) {
        return farthest != null && entry.compareTo(farthest) <= 0;
    }

    boolean isBehindTail(DueEntry entry) {
        return tail != null && entry.compareTo(tail) <= 0;
    }

    void moveTail(DueEntry to) {
        tail = to;
        farthest = mayHaveBeenRead(to) ? farthest : to;
    }

    /// Everything until then has been read, and by a clock that was set back nothing after it was.
    void finishReading(DueEntry end) {
        if (!isBehindTail(end)) {
            moveTail(end);
        }
        farthest = end;
    }

    /// An entry of the schedule that was written just now will be seen when its time has come.
    void expect(DueEntry entry) {
        if (isBehindTail(entry)) {
            tail = before(entry);
        }
        if (news == null || entry.compareTo(news) < 0) {
            news = entry;
        }
        wakeReader(entry.due().plus(settings.handOverGrace()));
    }

    /// The place in the schedule just before an entry.
    static DueEntry before(DueEntry entry) {
        return entry.id().value() > 0
                ? new DueEntry(entry.due(), new QueueId(entry.id().value() - 1))
                : new DueEntry(entry.due().minusNanos(1), new QueueId(Long.MAX_VALUE));
    }

    // The reader's sleep.

    void signalReader() {
        readerSignalled = true;
        readerWanted.signalAll();
    }

    /// Has the reader awake at a moment. One that is awake now and may have looked already will
    /// not go to sleep beyond it.
    private void wakeReader(Instant at) {
        readerWantedAt = at.isBefore(readerWantedAt) ? at : readerWantedAt;
        if (at.isBefore(readerWakes)) {
            signalReader();
        }
    }

    /// Waits until the reader is signalled, at most so long.
    ///
    /// @param wakes when it means to wake by itself, on the clock of the queue
    void awaitReader(Instant wakes, Duration longest) throws InterruptedException {
        readerSignalled |= readerWantedAt.isBefore(wakes);
        readerWakes = wakes;
        long nanos = longest.toNanos();
        while (!readerSignalled && !closed && nanos > 0) {
            nanos = readerWanted.awaitNanos(nanos);
        }
        readerSignalled = false;
        readerWantedAt = Instant.MAX;
        readerWakes = Instant.MIN;
    }

    // Active messages.

    int freePlaces() {
        return settings.places() - placesTaken;
    }

    /// Notes that something stays on disk for want of places; the reader will hear when there are
    /// some again.
    void starve() {
        starved = true;
    }

    /// A message becomes active; it may still have to be read.
    void enter(ActiveMessage message) {
        active.put(message.id, message);
    }

    /// An active message has been read, or was handed over.
    void load(ActiveMessage message, SpooledMessage read, List<String> laneNames) {
        message.load(read, laneNames);
        placesTaken += message.places();
        calm.signalAll();
    }

    /// Keeps the content of a message at hand if the budget allows.
    void holdContent(ActiveMessage message, Content content) {
        if (contentHeld + content.size() <= settings.contentBudget()) {
            contentHeld += content.size();
            message.content = content;
        }
    }

    long contentHeld() {
        return contentHeld;
    }

    /// A message that was to be read is not there.
    void forget(ActiveMessage message) {
        active.remove(message.id);
        calm.signalAll();
    }

    /// Lets a message go out of memory, if nobody has any part of it; if it is pending, the spool
    /// has it.
    void release(ActiveMessage message, Instant now) {
        if (!message.isIdle() || active.get(message.id) != message) {
            return;
        }
        active.remove(message.id);
        forgetReview(message);
        calm.signalAll();
        placesTaken -= message.places();
        if (message.content != null) {
            contentHeld -= message.content.size();
            message.content = null;
        }
        Optional<DueEntry> entry = message.entry();
        if (entry.isPresent() && entry.get().due().isAfter(now)) {
            expect(entry.get());
        }
        if (starved && freePlaces() >= Math.max(1, settings.places() / WAKE_PART)) {
            starved = false;
            signalReader();
        }
    }

    // Lanes.

    Lane lane(String name, Instant now) {
        return lanes.computeIfAbsent(name, n -> new Lane(n, rules.of(n), lock.newCondition(), now));
    }

    /// Gives the recipients of a message that are due and free to their lanes, as far as these
    /// have room.
    ///
    /// @param feeding the lane for which the schedule is being read, where it is read for one
    void assign(ActiveMessage message, Instant now, @Nullable Lane feeding) {
        if (message.current().held() || message.reserved || closed) {
            return;
        }
        BitSet free = message.dueAndFree(now);
        while (!free.isEmpty()) {
            String name = message.lane(free.nextSetBit(0));
            List<Integer> sharing = new ArrayList<>(1);
            for (int i = free.nextSetBit(0); i >= 0; i = free.nextSetBit(i + 1)) {
                if (message.lane(i).equals(name)) {
                    sharing.add(i);
                }
            }
            sharing.forEach(free::clear);
            assign(message, lane(name, now), sharing, now, feeding);
        }
    }

    private void assign(
            ActiveMessage message, Lane lane, List<Integer> recipients, Instant now, @Nullable Lane feeding) {
        Seat seat = lane.seat(message, freePlaces(), lane == feeding);
        if (seat == Seat.NONE) {
            message.entry().ifPresent(entry -> lane.senders.passBy(message.sender(), entry, lane == feeding));
            starved = true;
            return;
        }
        Work work = new Work(message, lane, recipients, seat);
        recipients.forEach(message.claimed::set);
        message.waiting.add(work);
        lane.add(work);
        lane.arrived.signal();
        if (!wantWorkers(lane, now) && work.turn().isUrgent()) {
            hasten(lane, work.turn());
        }
    }

    /// A lane that waits for a worker already gets it for a work that is more urgent than the one it asked for.
    private void hasten(Lane lane, Turn turn) {
        if (wanting.removeIf(lane, wish -> wish.turn().compareTo(turn) > 0)) {
            wanting.add(new Wish(lane, turn));
        }
    }

    /// Asks for the workers that a lane lacks, the first of them for the work that is next.
    ///
    /// @return whether it lacked any
    boolean wantWorkers(Lane lane, Instant now) {
        boolean asked = false;
        while (!closed && lane.workers < lane.workersWanted(now)) {
            Optional<Turn> next = asked ? Optional.empty() : lane.nextTurn().filter(Turn::isUrgent);
            lane.workers++;
            wanting.add(new Wish(lane, next.map(turn -> turn.at(now)).orElse(Turn.usual(now))));
            workerWanted.signal();
            asked = true;
        }
        pause(lane, now);
        return asked;
    }

    /// Has a lane looked at again when its rate lets the next work go, unless a worker waits for that.
    private void pause(Lane lane, Instant now) {
        if (lane.workers <= lane.inFlight) {
            lane.pausedUntil(now).filter(until -> pauses.add(lane, until)).ifPresent(this::wakeReader);
        }
    }

    /// Lets lanes go on whose rate permits it.
    private void endPauses(Instant now) {
        pauses.end(now).forEach(lane -> wantWorkers(lane, now));
    }

    /// Gives the lanes, those that will be as well as those that are, other bounds.
    void keepWithin(LaneRules next, Instant now) {
        rules = next;
        lanes.forEach((name, lane) -> {
            lane.throttle.keepWithin(next.of(name));
            lane.arrived.signalAll();
            wantWorkers(lane, now);
        });
    }

    /// Takes back what waits in lanes of a message.
    void withdraw(ActiveMessage message) {
        for (Work work : message.waiting) {
            work.lane().withdraw(work);
            work.recipients().forEach(message.claimed::clear);
        }
        message.waiting.clear();
    }

    /// Has what waits of an active message wait in other lanes, if nothing has changed what they were asked for.
    void sort(ActiveMessage message, SpooledMessage asked, List<String> laneNames, Instant now) {
        boolean isSame =
                active.get(message.id) == message && message.current().orders().equals(asked.orders());
        if (!isSame || message.reserved || message.hasLanes(laneNames)) {
            return;
        }
        withdraw(message);
        message.sort(laneNames);
        assign(message, now, null);
        review(message, now);
        release(message, now);
    }

    /// Takes everything that waits in a lane out of memory; the lane remembers where to read on.
    void empty(Lane lane, Instant now) {
        for (Work work : lane.clear()) {
            ActiveMessage message = work.owner();
            message.waiting.remove(work);
            work.recipients().forEach(message.claimed::clear);
            message.entry().ifPresent(entry -> lane.senders.passBy(message.sender(), entry, false));
            release(message, now);
        }
    }

    /// Lanes that have room for what they passed by.
    List<Lane> hungry() {
        List<Lane> hungry = new ArrayList<>();
        for (Lane lane : lanes.values()) {
            if (lane.isHungry(freePlaces())) {
                hungry.add(lane);
            }
        }
        return hungry;
    }

    /// Has the reader woken for lanes that have nothing left in memory, but more on disk, as soon as
    /// there is room: no work of theirs will be taken that could wake it.
    void starveDryLanes() {
        starved |= lanes.values().stream()
                .anyMatch(lane -> lane.senders.hasBacklog() && !lane.isHeld() && lane.waiting() == 0);
    }

    /// Forgets lanes that nobody has used for a while, and the longest unused of those that
    /// merely rest if there are too many.
    void forgetLanes(Instant now) {
        lanes.values()
                .removeIf(lane -> lane.isUnused()
                        && (lane.tellsNothing()
                                || lane.quietSince().plus(LANE_KEPT).isBefore(now)));
        Iterator<Lane> oldest = lanes.values().stream()
                .filter(Lane::isUnused)
                .sorted(Comparator.comparing(Lane::quietSince))
                .toList()
                .iterator();
        while (lanes.size() > MAX_IDLE_LANES && oldest.hasNext()) {
            lanes.remove(oldest.next().name());
        }
    }

    // Recipients that come due while their message is active.

    /// Looks at an active message again when the next recipient that nobody has is due.
    void review(ActiveMessage message, Instant now) {
        forgetReview(message);
        message.nextFree().filter(at -> at.isAfter(now)).ifPresent(at -> {
            message.review = new DueEntry(at, message.id);
            reviews.put(message.review, message);
            wakeReader(at);
        });
    }

    private void forgetReview(ActiveMessage message) {
        if (message.review != null) {
            reviews.remove(message.review);
            message.review = null;
        }
    }

    /// Gives out the recipients that have come due, and lets lanes go on whose rate permits it.
    void reviewDue(Instant now) {
        endPauses(now);
        while (!reviews.isEmpty() && !reviews.firstKey().due().isAfter(now)) {
            ActiveMessage message = reviews.firstEntry().getValue();
            assign(message, now, null);
            review(message, now);
        }
    }

    /// When the next review is due, or a lane may go on.
    Optional<Instant> nextReview() {
        Optional<Instant> review = Optional.ofNullable(reviews.firstEntry())
                .map(entry -> entry.getKey().due());
        Optional<Instant> pause = pauses.next();
        return review.isEmpty() || (pause.isPresent() && pause.get().isBefore(review.get())) ? pause : review;
    }
}
