package dev.postern.queue;

import dev.postern.event.Events;
import dev.postern.spool.Content;
import dev.postern.spool.DueEntry;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.Spool;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What is due when, in lanes by next hop; used by any number of threads, starts none itself.
///
/// Three kinds of threads work on it: one *reader* that calls {@link #tick} and {@link
/// #awaitTick} in turn, one *dispatcher* that calls {@link #awaitWanted} and starts a worker for
/// each lane that it gets, and the *workers*, each for one lane, that call {@link #take} until it
/// gives nothing. Sessions hand over what they have accepted, operators {@link #claim} messages.
///
/// In memory is a bounded number of active messages, whatever the backlog; see {@link QueueState}
/// for the discipline. Each active message has one owner object with a lock under which its
/// changes are written, one transaction an attempt. Where the spool refuses a change that cannot
/// be undone (a delivery has happened), the change stays in memory and is written as soon as the
/// spool takes it.
public final class MailQueue {
    private static final Duration SPOOL_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final QueueState state;
    private final QueueSettings settings;
    private final Sorter sorter;
    private final DueReader reader;
    private final Spool spool;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Events events;

    /// A queue over what is in the spool; it reads nothing before the first {@link #tick}.
    public MailQueue(QueueSettings settings, Sorter sorter, Surroundings surroundings) {
        this.state = new QueueState(settings);
        this.settings = settings;
        this.sorter = sorter;
        this.reader = new DueReader(state, settings, sorter, surroundings);
        this.spool = surroundings.spool();
        this.clock = surroundings.clock();
        this.random = surroundings.random();
        this.events = surroundings.events();
    }

    // What comes in.

    /// A message that has just been committed to the spool: it waits in its lanes at once, with
    /// its content in memory as far as the budget goes. Where there is no room it stays on disk
    /// and is read when its turn has come.
    public void accepted(SpooledMessage message, Content content) {
        Optional<Instant> due = message.due();
        if (due.isEmpty()) {
            return; // held: an operator will release it
        }
        List<String> lanes = sorter.lanes(message);
        Instant now = clock.instant();
        DueEntry entry = new DueEntry(due.get(), message.id());
        state.lock.lock();
        try {
            if (state.closed || state.active.containsKey(message.id())) {
                return;
            }
            if (due.get().isAfter(now) || state.mayHaveBeenRead(entry) || state.freePlaces() <= 0) {
                state.expect(entry); // the reader may have had it already: what is on disk tells
                return;
            }
            ActiveMessage active = new ActiveMessage(message.id());
            state.enter(active);
            state.load(active, message, lanes);
            state.assign(active, now, null);
            if (!active.isIdle()) {
                state.holdContent(active, content);
            }
            state.release(active, now);
        } finally {
            state.lock.unlock();
        }
    }

    // The reader.

    /// Reads from the schedule what is due and has room, and writes what the spool refused
    /// before. Called by one thread.
    ///
    /// @return when to call it again, unless {@link #awaitTick} ends sooner
    public Instant tick() {
        Instant now = clock.instant();
        try {
            saveAgain(now);
            Instant next = reader.read(now);
            spoolWorks();
            return next;
        } catch (SpoolException e) {
            spoolRefuses(e);
            return now.plus(SPOOL_PAUSE);
        }
    }

    /// Waits until there is something to {@link #tick} for, at the latest until a time.
    ///
    /// @return false when the queue is closed
    public boolean awaitTick(Instant next) throws InterruptedException {
        Duration left = Duration.between(clock.instant(), next);
        state.lock.lockInterruptibly();
        try {
            // The clock may be set; so it is looked at again before long.
            state.awaitReader(next, left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT);
            return !state.closed;
        } finally {
            state.lock.unlock();
        }
    }

    /// Lets {@link #awaitTick} end: the clock was set, or the configuration has changed.
    public void wake() {
        state.locked(state::signalReader);
    }

    // Workers.

    /// Waits until a lane wants one more worker: that whose work is to go first. Whoever gets it must let a worker
    /// {@link #take} from it, or {@link #leave} it.
    ///
    /// @return empty when the queue is closed
    public Optional<Lane> awaitWanted() throws InterruptedException {
        state.lock.lockInterruptibly();
        try {
            while (!state.closed && state.wanting.isEmpty()) {
                state.workerWanted.await();
            }
            return state.closed
                    ? Optional.empty()
                    : Optional.of(state.wanting.remove().lane());
        } finally {
            state.lock.unlock();
        }
    }

    /// Whether a lane waits for a worker.
    public boolean isWorkerWanted() {
        return state.ask(() -> !state.wanting.isEmpty());
    }

    /// The next work of a lane, waiting for it if there is none.
    ///
    /// @param patience how long at most
    /// @param leaving what the worker does before it leaves the lane, so that the next one finds it done
    /// @return empty when there was none in time, or the queue is closed: the worker has left the
    ///     lane
    public Optional<Work> take(Lane lane, Duration patience, Runnable leaving) {
        long left = patience.toNanos();
        state.lock.lock();
        try {
            while (!state.closed) {
                Instant now = clock.instant();
                Work work = lane.next(now);
                if (work != null) {
                    work.owner().waiting.remove(work);
                    work.owner().inFlight++;
                    if (lane.isHungryAfter(work, state.freePlaces())) {
                        state.signalReader();
                    }
                    return Optional.of(work);
                }
                if (left <= 0 || lane.isCrowded()) {
                    break;
                }
                Optional<Duration> pause = lane.pausedUntil(now).map(until -> Duration.between(now, until));
                long wait = Math.min(left, pause.map(Duration::toNanos).orElse(left));
                left += lane.arrived.awaitNanos(wait) - wait;
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        } finally {
            state.lock.unlock();
        }
        leaving.run();
        leave(lane);
        return Optional.empty();
    }

    /// The same for a worker that leaves nothing behind.
    public Optional<Work> take(Lane lane, Duration patience) {
        return take(lane, patience, () -> {});
    }

    /// Whether a lane has more workers than it may make attempts at once.
    public boolean isCrowded(Lane lane) {
        return state.ask(lane::isCrowded);
    }

    /// A worker ends without having been sent away by {@link #take}; if the lane still has work,
    /// it asks for another worker.
    public void leave(Lane lane) {
        state.locked(() -> {
            lane.workers--;
            state.wantWorkers(lane, clock.instant());
        });
    }

    /// Looks at the rest of the message of a work that is about to end, and lets nothing else of it end until what
    /// comes of that is written.
    ///
    /// @param ending is given the rest, and settles the work, or keeps it
    public <X extends Exception> void end(Work work, Ending<X> ending) throws X {
        ActiveMessage message = work.owner();
        message.saving.lock();
        try {
            ending.end(state.ask(() -> message.siblings(work)));
        } finally {
            message.saving.unlock();
        }
    }

    /// How a work ends that the rest of its message matters for.
    @FunctionalInterface
    public interface Ending<X extends Exception> {
        /// Ends it.
        void end(Siblings rest) throws X;
    }

    /// Writes what an attempt came to, as one transaction, and ends it.
    ///
    /// @throws SpoolException if the spool refuses: nothing has happened, the work is still the
    ///     caller's
    public void settle(Work work, Settlement settlement) throws SpoolException {
        settle(work, settlement, false);
    }

    /// The same for what must not be lost and needs nothing but the message itself: if the spool
    /// refuses, it is kept in memory and written later. Whatever else the settlement has is left
    /// out then.
    public void keep(Work work, Settlement settlement) {
        try {
            settle(work, settlement, true);
        } catch (SpoolException e) {
            spoolRefuses(e);
        }
    }

    private void settle(Work work, Settlement settlement, boolean keep) throws SpoolException {
        ActiveMessage message = work.owner();
        message.saving.lock();
        try {
            Instant now = clock.instant();
            SpooledMessage before = state.ask(message::saved);
            SpooledMessage after = state.ask(() -> after(message, work, settlement, now));
            SpoolException refusal = null;
            try {
                write(before, after, settlement);
            } catch (SpoolException e) {
                if (!keep) {
                    throw e;
                }
                refusal = e;
            }
            finish(work, settlement, after, refusal != null);
            if (refusal != null) {
                throw refusal;
            }
        } finally {
            message.saving.unlock();
        }
    }

    /// Has a work wait elsewhere, without an attempt, since its recipients belong to other lanes than was thought when
    /// they were sorted; nothing is written.
    ///
    /// @param names of the lanes of its recipients, in their order
    /// @return false if some of them have been moved before: the work is still the caller's
    public boolean move(Work work, List<String> names) {
        List<String> keptBack = sorter.lanes(work.message());
        List<String> others = new ArrayList<>(names);
        for (int i = 0; i < others.size(); i++) {
            String sorted = keptBack.get(work.recipients().get(i));
            others.set(i, sorted.startsWith(HoldRule.PREFIX) ? sorted : others.get(i));
        }
        return state.ask(() -> {
            boolean goes = work.owner().move(work.recipients(), others);
            if (goes) {
                work.lane().moved(work);
                ended(work, clock.instant());
            }
            return goes;
        });
    }

    /// The message with what the attempt came to.
    private static SpooledMessage after(ActiveMessage message, Work work, Settlement settlement, Instant now) {
        List<RecipientState> states = new ArrayList<>(message.current().recipients());
        if (settlement.statuses().size() != work.recipients().size()) {
            throw new IllegalArgumentException(settlement.statuses().size() + " outcomes for "
                    + work.recipients().size() + " recipients");
        }
        for (int i = 0; i < work.recipients().size(); i++) {
            int recipient = work.recipients().get(i);
            states.set(
                    recipient, states.get(recipient).with(settlement.statuses().get(i)));
        }
        settlement.others().forEach((recipient, status) -> {
            if (!work.borrowed().contains(recipient)) {
                throw new IllegalArgumentException("recipient " + recipient + " is somebody else's");
            }
            states.set(recipient, states.get(recipient).with(status));
        });
        return ActiveMessage.withPutOff(message.current().withRecipients(states), message.dueAndFree(now), now);
    }

    private void write(SpooledMessage before, SpooledMessage after, Settlement settlement) throws SpoolException {
        List<SpoolChange> changes = new ArrayList<>(1 + settlement.with().size());
        changes.add(change(before, after));
        changes.addAll(settlement.with());
        if (settlement.durable()) {
            spool.commit(changes);
        } else {
            spool.commitLazily(changes);
        }
    }

    private static SpoolChange change(SpooledMessage before, SpooledMessage after) {
        return after.isFinished() ? new SpoolChange.Remove(before) : new SpoolChange.Update(before, after);
    }

    private void finish(Work work, Settlement settlement, SpooledMessage after, boolean refused) {
        Instant now = clock.instant();
        QueueEvent news;
        state.lock.lock();
        try {
            ActiveMessage message = work.owner();
            if (refused) {
                message.unsaved(after);
                state.unsaved.add(message);
            } else {
                message.saved(after);
                state.unsaved.remove(message);
            }
            news = work.lane().settled(work, settlement, now, this::rest);
            ended(work, now);
        } finally {
            state.lock.unlock();
        }
        if (news != null) {
            events.emit(news);
        }
    }

    private Duration rest(int failures) {
        BackOff rest = settings.laneRest();
        return rest.spread(rest.after(failures), random);
    }

    private void ended(Work work, Instant now) {
        ActiveMessage message = work.owner();
        work.recipients().forEach(message.claimed::clear);
        work.borrowed().forEach(message.claimed::clear);
        work.borrow(List.of());
        message.inFlight--;
        if (message.inFlight == 0) {
            state.calm.signalAll();
        }
        state.assign(message, now, null);
        state.review(message, now);
        state.release(message, now);
        state.wantWorkers(work.lane(), now);
    }

    // A spool that refuses.

    private void spoolRefuses(SpoolException e) {
        boolean first = state.ask(() -> {
            boolean news = !state.refused && !state.closed;
            state.refused = true;
            if (news) {
                state.signalReader();
            }
            return news;
        });
        if (first) {
            events.emit(new QueueEvent.SpoolRefuses(String.valueOf(e.getMessage())));
        }
    }

    private void spoolWorks() {
        boolean again = state.ask(() -> {
            boolean news = state.refused && state.unsaved.isEmpty();
            state.refused &= !news;
            return news;
        });
        if (again) {
            events.emit(new QueueEvent.SpoolWorksAgain());
        }
    }

    /// Writes what the spool refused.
    private void saveAgain(Instant now) throws SpoolException {
        for (ActiveMessage message : state.ask(() -> List.copyOf(state.unsaved))) {
            message.saving.lock();
            try {
                boolean needed = state.ask(() -> message.unsaved);
                if (needed) {
                    SpooledMessage after = state.ask(message::current);
                    spool.commitLazily(List.of(change(state.ask(message::saved), after)));
                    state.locked(() -> {
                        message.saved(after);
                        state.unsaved.remove(message);
                        state.calm.signalAll();
                        state.assign(message, now, null);
                        state.review(message, now);
                        state.release(message, now);
                    });
                }
            } finally {
                message.saving.unlock();
            }
        }
    }

    // Operators.

    /// What came of an operator's wish to have a message.
    public sealed interface Claiming {
        /// There is no such message.
        record Unknown() implements Claiming {}

        /// It is being delivered just now, or in another operator's hands.
        record Busy() implements Claiming {}

        /// The operator has it.
        record Granted(Claim claim) implements Claiming {}
    }

    /// Gives a message into an operator's hands: no attempt of it begins until the claim is
    /// closed.
    ///
    /// @param patience how long to wait for the end of an attempt that is under way
    public Claiming claim(QueueId id, Duration patience) throws SpoolException {
        ActiveMessage message;
        boolean granted;
        state.lock.lock();
        try {
            message = awaitRead(id, patience);
            if (message == null) {
                message = new ActiveMessage(id);
                message.reserved = true;
                state.enter(message);
                granted = false;
            } else if (message.isLoaded() && !message.reserved) {
                granted = reserve(message, patience);
                if (!granted) {
                    return message.current().isFinished() ? new Claiming.Unknown() : new Claiming.Busy();
                }
            } else {
                return new Claiming.Busy(); // the reader or another operator has it
            }
        } finally {
            state.lock.unlock();
        }
        return granted || load(message) ? new Claiming.Granted(new Claim(this, message)) : new Claiming.Unknown();
    }

    /// An active message, once it has been read, if it is in time; null if it is not active.
    private @Nullable ActiveMessage awaitRead(QueueId id, Duration patience) {
        long left = patience.toNanos();
        ActiveMessage message = state.active.get(id);
        try {
            while (message != null && !message.isLoaded() && left > 0 && !state.closed) {
                left = state.calm.awaitNanos(left);
                message = state.active.get(id);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
        return message;
    }

    /// Withdraws what waits of an active message, and waits for the attempts that are under way.
    private boolean reserve(ActiveMessage message, Duration patience) {
        message.reserved = true;
        state.withdraw(message);
        long left = patience.toNanos();
        try {
            while (left > 0 && !state.closed && (message.inFlight > 0 || message.unsaved)) {
                left = state.calm.awaitNanos(left);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
        boolean free =
                message.inFlight == 0 && !message.unsaved && !message.current().isFinished();
        if (!free) {
            Instant now = clock.instant();
            message.reserved = false;
            state.assign(message, now, null);
            state.review(message, now);
            state.release(message, now);
        }
        return free;
    }

    private boolean load(ActiveMessage message) throws SpoolException {
        Optional<SpooledMessage> found = Optional.empty();
        try {
            found = spool.find(message.id);
        } finally {
            if (found.isEmpty()) {
                state.locked(() -> state.forget(message));
            }
        }
        found.ifPresent(read -> {
            List<String> lanes = sorter.lanes(read);
            state.locked(() -> state.load(message, read, lanes));
        });
        return found.isPresent();
    }

    /// Writes what the operator made of a message.
    void settle(ActiveMessage message, Optional<SpooledMessage> after, List<SpoolChange> with) throws SpoolException {
        message.saving.lock();
        try {
            SpooledMessage before = state.ask(message::saved);
            List<SpoolChange> changes = new ArrayList<>();
            changes.add(after.map(next -> change(before, next)).orElseGet(() -> new SpoolChange.Remove(before)));
            changes.addAll(with);
            spool.commit(changes);
            state.locked(() -> message.saved(after.orElseGet(() -> finished(before))));
        } finally {
            message.saving.unlock();
        }
    }

    private static SpooledMessage finished(SpooledMessage message) {
        return message.withRecipients(message.recipients().stream()
                .map(r -> r.due().isPresent() ? r.with(new RecipientState.Status.Failed("removed by an operator")) : r)
                .toList());
    }

    /// The operator gives a message back.
    void release(ActiveMessage message) {
        List<String> lanes = sorter.lanes(state.ask(message::current));
        Instant now = clock.instant();
        state.locked(() -> {
            message.reserved = false;
            message.sort(lanes);
            state.assign(message, now, null);
            state.review(message, now);
            state.release(message, now);
            state.calm.signalAll();
        });
    }

    /// Lets the next work of a lane that rests go out as a probe now.
    public void probe(String lane) {
        state.locked(() -> {
            Lane known = state.lanes.get(lane);
            if (known != null) {
                known.endRest();
                state.wantWorkers(known, clock.instant());
            }
        });
    }

    /// Keeps all lanes within other bounds from now on; what is known of their next hops stays known.
    public void keepWithin(LaneRules rules) {
        state.locked(() -> state.keepWithin(rules, clock.instant()));
    }

    /// Stops a lane, until {@link #releaseLane} or the end of the process: what waits for it
    /// stays on disk. Attempts under way go on.
    public void holdLane(String lane) {
        Instant now = clock.instant();
        state.locked(() -> {
            Lane held = state.lane(lane, now);
            held.hold(true);
            state.empty(held, now);
        });
        events.emit(new QueueEvent.LaneHeld(lane));
    }

    /// Lets a lane that was stopped go on.
    ///
    /// @return false if it was not stopped
    public boolean releaseLane(String lane) {
        boolean wasHeld = state.ask(() -> {
            Lane held = state.lanes.get(lane);
            if (held == null || !held.isHeld()) {
                return false;
            }
            held.hold(false);
            state.signalReader();
            return true;
        });
        if (wasHeld) {
            events.emit(new QueueEvent.LaneReleased(lane));
        }
        return wasHeld;
    }

    /// Sorts what is in memory into its lanes again, since the rules for that have changed. Attempts under way go on;
    /// so may a message that was sorted, and not yet in memory, at this very moment.
    public void sortAgain() {
        for (ActiveMessage message : state.ask(() -> List.copyOf(state.active.values()))) {
            Optional<SpooledMessage> current =
                    state.ask(() -> message.isLoaded() ? Optional.of(message.current()) : Optional.empty());
            if (current.isPresent()) {
                List<String> lanes = sorter.lanes(current.get());
                Instant now = clock.instant();
                state.locked(() -> state.sort(message, current.get(), lanes, now));
            }
        }
    }

    /// Whether each recipient that a message still has waits in a lane that an operator holds.
    public boolean isHeldBack(SpooledMessage message) {
        List<String> lanes = sorter.lanes(message);
        return state.ask(() -> lanes.stream().filter(name -> !name.isEmpty()).allMatch(name -> {
            Lane lane = state.lanes.get(name);
            return lane != null && lane.isHeld();
        }));
    }

    /// The lanes that are in memory, by name.
    public List<Lane.Report> lanes() {
        Instant now = clock.instant();
        return state.ask(() -> state.lanes.values().stream()
                .map(lane -> lane.report(now))
                .sorted(Comparator.comparing(Lane.Report::name))
                .toList());
    }

    /// Whether a message is in memory: it waits in a lane, is being delivered, or is in an
    /// operator's hands.
    public boolean isActive(QueueId id) {
        return state.ask(() -> state.active.containsKey(id));
    }

    /// How much of the queue is in memory.
    ///
    /// @param messages active messages
    /// @param freePlaces recipients that still find room; below zero where the last message went
    ///     beyond the bound
    /// @param contentHeld octets of content
    /// @param unsaved messages whose outcome the spool refused so far
    public record Memory(int messages, int freePlaces, long contentHeld, int unsaved) {}

    /// How much of the queue is in memory.
    public Memory memory() {
        return state.ask(
                () -> new Memory(state.active.size(), state.freePlaces(), state.contentHeld(), state.unsaved.size()));
    }

    /// Ends: nobody gets any work from now on. What is under way may still be settled, as long as
    /// the spool is open.
    public void close() {
        state.locked(() -> {
            state.closed = true;
            state.readerWanted.signalAll();
            state.workerWanted.signalAll();
            state.calm.signalAll();
            state.lanes.values().forEach(lane -> lane.arrived.signalAll());
        });
    }
}
