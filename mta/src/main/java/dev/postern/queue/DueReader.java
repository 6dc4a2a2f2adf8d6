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
import java.util.List;
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
    private static final Duration LANES_LOOKED_AT = Duration.ofMinutes(1);
    private static final Duration LONGEST_SLEEP = Duration.ofHours(1);
    private static final QueueId HIGHEST = new QueueId(Long.MAX_VALUE);

    private final QueueState state;
    private final QueueSettings settings;
    private final Spool spool;
    private final Sorter sorter;
    private final Events events;
    private Instant lanesLookedAt = Instant.MIN;

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
                        return Reading.NO_ROOM;
                    }
                    case MOVED -> {
                        return Reading.MORE;
                    }
                }
            }
            if (entries.size() < WINDOW) {
                return finishTail(until, from) ? Reading.MORE : Reading.FINISHED;
            }
        }
        return Reading.MORE;
    }

    private enum Step {
        READ,
        NO_PLACE,
        MOVED
    }

    /// Moves the tail over one entry and looks at its message.
    private Step step(DueEntry entry, Optional<DueEntry> from, Instant now) throws SpoolException {
        ActiveMessage message;
        state.lock.lock();
        try {
            if (!state.mayMoveTail(from, entry)) {
                return Step.MOVED;
            }
            message = state.active.get(entry.id());
            if (message == null && state.freePlaces() <= 0) {
                state.starve();
                return Step.NO_PLACE;
            }
            state.moveTail(entry);
            if (message != null) {
                look(message, now, null);
                return Step.READ;
            }
            message = new ActiveMessage(entry.id());
            state.enter(message);
        } finally {
            state.lock.unlock();
        }
        try {
            bring(message, now, null);
        } catch (SpoolException e) {
            state.locked(() -> state.expect(entry));
            throw e;
        }
        return Step.READ;
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

    /// Reads what a lane passed by, from where it began to.
    ///
    /// @return whether there may be more for it now
    private boolean feed(Lane lane, Instant now, Instant until) throws SpoolException {
        for (int read = 0; read < MOST_PER_TURN; read += WINDOW) {
            long passes;
            DueEntry first;
            state.lock.lock();
            try {
                passes = lane.passes;
                first = lane.resume;
            } finally {
                state.lock.unlock();
            }
            if (first == null) {
                return false;
            }
            List<DueEntry> entries = spool.due(Optional.of(QueueState.before(first)), until, WINDOW);
            for (DueEntry entry : entries) {
                switch (feedStep(lane, entry, passes, now)) {
                    case READ -> {}
                    case NO_PLACE -> {
                        return false;
                    }
                    case MOVED -> {
                        return true;
                    }
                }
            }
            if (entries.size() < WINDOW) {
                return !finishFeeding(lane, passes);
            }
        }
        return true;
    }

    /// Moves the cursor of a lane to one entry and looks at its message.
    private Step feedStep(Lane lane, DueEntry entry, long passes, Instant now) throws SpoolException {
        ActiveMessage message;
        state.lock.lock();
        try {
            if (lane.passes != passes || state.closed) {
                return Step.MOVED;
            }
            lane.resume = entry;
            if (!state.isBehindTail(entry)) {
                lane.resume = null; // from here on it is the tail's
                return Step.NO_PLACE;
            }
            message = state.active.get(entry.id());
            if (!lane.admits(state.freePlaces(), true) || (message == null && state.freePlaces() <= 0)) {
                state.starve();
                return Step.NO_PLACE;
            }
            if (message != null) {
                look(message, now, lane);
                return Step.READ;
            }
            message = new ActiveMessage(entry.id());
            state.enter(message);
        } finally {
            state.lock.unlock();
        }
        bring(message, now, lane);
        return Step.READ;
    }

    /// A lane has been given everything that it passed by.
    ///
    /// @return whether it has, rather than passed something by meanwhile
    private boolean finishFeeding(Lane lane, long passes) {
        state.lock.lock();
        try {
            boolean finished = lane.passes == passes;
            if (finished) {
                lane.resume = null;
            }
            return finished;
        } finally {
            state.lock.unlock();
        }
    }

    /// Gives out what is due of a message that is active already.
    private void look(ActiveMessage message, Instant now, @Nullable Lane feeding) {
        if (message.isLoaded()) {
            state.assign(message, now, feeding);
            state.review(message, now);
        }
    }

    /// Reads a message that was made active for it, and gives out what is due of it.
    private void bring(ActiveMessage message, Instant now, @Nullable Lane feeding) throws SpoolException {
        Optional<SpooledMessage> found = Optional.empty();
        try {
            found = spool.find(message.id);
        } catch (SpoolException.Corrupt e) {
            events.emit(new QueueEvent.Unreadable(message.id, String.valueOf(e.getMessage())));
        } finally {
            if (found.isEmpty()) {
                state.locked(() -> state.forget(message));
            }
        }
        if (found.isEmpty()) {
            return;
        }
        List<String> lanes = sorter.lanes(found.get());
        SpooledMessage read = found.get();
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

    /// When the next message is due that is not active yet.
    private Instant nextDue(Instant now) throws SpoolException {
        Optional<DueEntry> from = state.ask(state::tail);
        List<DueEntry> next = spool.due(from, now.plus(LONGEST_SLEEP), 1);
        return next.isEmpty() ? now.plus(LONGEST_SLEEP) : next.getFirst().due().plus(settings.handOverGrace());
    }
}
