package dev.postern.queue;

import dev.postern.event.Events;
import dev.postern.spool.DueEntry;
import dev.postern.spool.QueueId;
import dev.postern.spool.Spool;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Brings messages whose time has come from the schedule on disk into their lanes. Used by one
/// thread at a time.
///
/// Whoever changes a message must first make it active, and a message is only ever read after it
/// was made active: so what is read here is what holds, and nobody delivers from a state that is
/// out of date.
final class DueReader {
    private static final int WINDOW = 256;
    private static final int MOST_PER_TURN = 2048;

    /// How many messages are read by one look into the spool at most: as many may go beyond the bound of places.
    private static final int TOGETHER = 64;

    /// How long the schedule is left alone where nothing that is due was left in it.
    private static final Duration PAUSE = Duration.ofMillis(50);

    private static final Duration LANES_LOOKED_AT = Duration.ofMinutes(1);
    private static final Duration LONGEST_SLEEP = Duration.ofHours(1);
    private static final QueueId HIGHEST = new QueueId(Long.MAX_VALUE);

    private final QueueState state;
    private final QueueSettings settings;
    private final Spool spool;
    private final Sorter sorter;
    private final Events events;
    private Instant lanesLookedAt = Instant.MIN;

    /// Messages that were made active and are still to be read, with their entries, in the order of the schedule.
    private final Map<DueEntry, ActiveMessage> entered = new LinkedHashMap<>();

    DueReader(QueueState state, QueueSettings settings, Sorter sorter, Surroundings surroundings) {
        this.state = state;
        this.settings = settings;
        this.spool = surroundings.spool();
        this.sorter = sorter;
        this.events = surroundings.events();
    }

    /// Reads what is due and has room.
    ///
    /// @return when to read again, unless something happens before: `now` if there is more
    Instant read(Instant now) throws SpoolException {
        Instant until = now.minus(settings.handOverGrace());
        List<Lane> hungry;
        state.lock.lock();
        try {
            state.reviewDue(now);
            if (lanesLookedAt.plus(LANES_LOOKED_AT).isBefore(now) || lanesLookedAt.isAfter(now)) {
                state.forgetLanes(now);
                lanesLookedAt = now;
            }
            hungry = state.hungry();
        } finally {
            state.lock.unlock();
        }
        boolean more = false;
        for (Lane lane : hungry) {
            more |= feed(lane, now, until);
        }
        Reading tail = readTail(now, until);
        state.locked(state::starveDryLanes);
        if (more || tail == Reading.MORE) {
            return now;
        }
        Instant next = tail == Reading.NO_ROOM ? now.plus(LONGEST_SLEEP) : nextDue(now);
        Instant review = state.ask(state::nextReview).orElse(next);
        return review.isBefore(next) ? review : next;
    }

    /// How far a reading has come.
    private enum Reading {
        FINISHED,
        MORE,
        NO_ROOM
    }

    /// Reads on in the schedule.
    private Reading readTail(Instant now, Instant until) throws SpoolException {
        for (int read = 0; read < MOST_PER_TURN; read += WINDOW) {
            Optional<DueEntry> from = state.ask(state::beginReading);
            List<DueEntry> entries = spool.due(from, until, WINDOW);
            for (DueEntry entry : entries) {
                switch (step(entry, from, now)) {
                    case READ -> from = Optional.of(entry);
                    case NO_PLACE -> {
                        bringEntered(now, null);
                        return Reading.NO_ROOM;
                    }
                    case MOVED, TAIL -> {
                        bringEntered(now, null);
                        return Reading.MORE;
                    }
                }
            }
            bringEntered(now, null);
            if (entries.size() < WINDOW) {
                return finishTail(until, from) ? Reading.MORE : Reading.FINISHED;
            }
        }
        return Reading.MORE;
    }

    private enum Step {
        READ,
        NO_PLACE,
        MOVED,
        TAIL
    }

    /// Moves the tail over one entry and looks at its message.
    private Step step(DueEntry entry, Optional<DueEntry> from, Instant now) throws SpoolException {
        if (isEnough()) {
            bringEntered(now, null);
        }
        state.lock.lock();
        try {
            if (!state.mayMoveTail(from, entry)) {
                return Step.MOVED;
            }
            ActiveMessage message = state.active.get(entry.id());
            if (message == null && placesLeft() <= 0) {
                state.starve();
                return Step.NO_PLACE;
            }
            state.moveTail(entry);
            if (message != null) {
                look(message, now, null);
                return Step.READ;
            }
            enter(entry);
        } finally {
            state.lock.unlock();
        }
        return Step.READ;
    }

    /// Whether what was entered is to be read now: it is as much as is read together, or the next may find no place
    /// unless one of these needs none.
    private boolean isEnough() {
        return entered.size() == TOGETHER || (!entered.isEmpty() && state.ask(this::placesLeft) <= 0);
    }

    /// Places that are free when each message that is still to be read has taken one.
    private int placesLeft() {
        return state.freePlaces() - entered.size();
    }

    private void enter(DueEntry entry) {
        ActiveMessage message = new ActiveMessage(entry.id());
        state.enter(message);
        entered.put(entry, message);
    }

    /// Everything due until then has been read: the next reading begins there, so that entries
    /// deleted since need not be waded through.
    ///
    /// @return whether there may be more to read now
    private boolean finishTail(Instant until, Optional<DueEntry> from) {
        state.lock.lock();
        try {
            DueEntry end = new DueEntry(until, HIGHEST);
            if (!state.mayMoveTail(from, end)) {
                return !state.closed;
            }
            state.finishReading(end);
            return false;
        } finally {
            state.lock.unlock();
        }
    }

    /// Reads what a lane passed by of those senders for whom it has room now, from where it began to.
    ///
    /// @return whether there may be more for it now
    private boolean feed(Lane lane, Instant now, Instant until) throws SpoolException {
        state.locked(() -> lane.beginReading(state.freePlaces()));
        for (int read = 0; read < MOST_PER_TURN; read += WINDOW) {
            Optional<DueEntry> first = state.ask(lane.senders::beginWindow);
            if (first.isEmpty()) {
                return false;
            }
            List<DueEntry> entries = spool.due(first.map(QueueState::before), until, WINDOW);
            for (DueEntry entry : entries) {
                switch (feedStep(lane, entry, now)) {
                    case READ -> {}
                    case NO_PLACE -> {
                        bringEntered(now, lane);
                        return false;
                    }
                    case MOVED -> {
                        bringEntered(now, lane);
                        return true;
                    }
                    case TAIL -> { // from here on it is the tail's
                        bringEntered(now, lane);
                        state.locked(lane.senders::finishReading);
                        return false;
                    }
                }
            }
            bringEntered(now, lane);
            if (entries.size() < WINDOW) {
                return !state.ask(lane.senders::finishReading);
            }
        }
        return true;
    }

    /// Moves the cursors of a lane to one entry and looks at its message.
    private Step feedStep(Lane lane, DueEntry entry, Instant now) throws SpoolException {
        if (isEnough()) {
            bringEntered(now, lane);
        }
        state.lock.lock();
        try {
            if (!lane.senders.mayRead(entry) || state.closed) {
                return Step.MOVED;
            }
            if (!state.isBehindTail(entry)) {
                return Step.TAIL;
            }
            lane.senders.readOn(entry);
            ActiveMessage message = state.active.get(entry.id());
            if (!lane.isReading(placesLeft(), entered.size()) || (message == null && placesLeft() <= 0)) {
                state.starve();
                return Step.NO_PLACE;
            }
            if (message != null) {
                look(message, now, lane);
                return Step.READ;
            }
            enter(entry);
        } finally {
            state.lock.unlock();
        }
        return Step.READ;
    }

    /// Gives out what is due of a message that is active already.
    private void look(ActiveMessage message, Instant now, @Nullable Lane feeding) {
        if (message.isLoaded()) {
            state.assign(message, now, feeding);
            state.review(message, now);
        }
    }

    /// Reads the messages that were made active for it, and gives out what is due of them.
    ///
    /// @throws SpoolException if they cannot be read now: they are out of memory again, and will be seen again
    private void bringEntered(Instant now, @Nullable Lane feeding) throws SpoolException {
        if (entered.isEmpty()) {
            return;
        }
        Map<DueEntry, ActiveMessage> left = new LinkedHashMap<>(entered);
        entered.clear();
        try {
            Map<QueueId, SpooledMessage> found = new HashMap<>();
            for (SpooledMessage message :
                    spool.findAll(left.keySet().stream().map(DueEntry::id).toList())) {
                found.put(message.id(), message);
            }
            for (Map.Entry<DueEntry, ActiveMessage> each : List.copyOf(left.entrySet())) {
                ActiveMessage message = each.getValue();
                SpooledMessage read = found.get(message.id);
                Optional<SpooledMessage> there = read == null ? lookAgain(message) : Optional.of(read);
                if (there.isPresent()) {
                    give(message, there.get(), now, feeding);
                } else {
                    state.locked(() -> state.forget(message));
                }
                left.remove(each.getKey());
            }
        } finally {
            state.locked(() -> left.forEach((entry, message) -> passOver(entry, message, feeding)));
        }
    }

    /// Looks for a message that was not there, or cannot be read.
    private Optional<SpooledMessage> lookAgain(ActiveMessage message) throws SpoolException {
        try {
            return spool.find(message.id);
        } catch (SpoolException.Corrupt e) {
            events.emit(new QueueEvent.Unreadable(message.id, String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    /// The spool refuses: an entry will be seen again.
    private void passOver(DueEntry entry, ActiveMessage message, @Nullable Lane feeding) {
        if (!message.isLoaded()) {
            state.forget(message);
        }
        if (feeding == null) {
            state.expect(entry);
        } else {
            feeding.senders.readAgain(entry);
        }
    }

    /// Gives out what is due of a message that was read.
    private void give(ActiveMessage message, SpooledMessage read, Instant now, @Nullable Lane feeding)
            throws SpoolException {
        List<String> lanes = sorter.lanes(read);
        SpooledMessage moved;
        state.lock.lock();
        try {
            state.load(message, read, lanes);
            state.assign(message, now, feeding);
            moved = message.isIdle() ? ActiveMessage.withPutOff(read, message.dueAndFree(now), now) : read;
            message.reserved = !moved.equals(read);
            state.review(message, now);
            state.release(message, now);
        } finally {
            state.lock.unlock();
        }
        if (!moved.equals(read)) {
            move(message, read, moved, now);
        }
    }

    /// Writes that recipients without room travel with the next one of their message.
    private void move(ActiveMessage message, SpooledMessage read, SpooledMessage moved, Instant now)
            throws SpoolException {
        boolean written = false;
        message.saving.lock();
        try {
            spool.commitLazily(List.of(new SpoolChange.Update(read, moved)));
            written = true;
        } finally {
            state.lock.lock();
            try {
                if (written) {
                    message.saved(moved);
                }
                message.reserved = false;
                state.release(message, now);
            } finally {
                state.lock.unlock();
                message.saving.unlock();
            }
        }
    }

    /// When the next message is due that is not active yet, but not at once: those that come due one
    /// after the other are read together.
    private Instant nextDue(Instant now) throws SpoolException {
        Optional<DueEntry> from = state.ask(state::tail);
        List<DueEntry> next = spool.due(from, now.plus(LONGEST_SLEEP), 1);
        Instant soonest = now.plus(PAUSE);
        Instant due =
                next.isEmpty() ? now.plus(LONGEST_SLEEP) : next.getFirst().due().plus(settings.handOverGrace());
        return due.isBefore(soonest) ? soonest : due;
    }
}
