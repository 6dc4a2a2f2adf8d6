package dev.postern.queue;

import dev.postern.spool.RecipientState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// What waits for one next hop, and what is known of that next hop.
///
/// Touched by many threads; the queue's lock guards every field but the name.
///
/// A lane is *open*; or it *rests* until a moment, since its next hop is down: work that comes
/// meanwhile is passed over, not attempted; or its rest is over and it is *on probation*: one
/// work goes out as a probe, the others wait for what it tells. An operator may *hold* it:
/// nothing goes out, and nothing of it is kept in memory.
public final class Lane {
    private static final int PASSED_AT_ONCE = 1000;
    private static final int PASSED_PER_MINUTE = 6000;
    // The workers' looks at the clock come in another order than their turns.
    private static final Duration UNEQUAL = Duration.ofMinutes(1);

    private final String name;
    final Throttle throttle;
    final Condition arrived;

    /// What waits, each sender's in turn.
    private final FairQueue<Work, Sender> ready = new FairQueue<>(Work::turn, Work::sender);

    /// Who has how much room here, and what waits on disk since there was none.
    final Senders senders = new Senders();

    private boolean held;

    /// Workers that exist or have been asked for, and those of them that have a work.
    int workers;
    int inFlight;

    /// Works that are passed over just now: one at a time, and by and by, so that a backlog for a next hop that is down
    /// costs little, however large it is.
    private int passing;

    private final Pace passings = new Pace(PASSED_PER_MINUTE, PASSED_AT_ONCE);

    private int failures;
    private @Nullable Instant restFrom;
    private @Nullable Instant restUntil;
    private @Nullable Work probe;
    private String problem = "";
    private @Nullable Instant problemAt;

    private int waiting;

    private long delivered;
    private long deferred;
    private long failed;
    private Instant lastUsed;

    Lane(String name, LaneBounds bounds, Condition arrived, Instant now) {
        this.name = name;
        this.throttle = new Throttle(bounds);
        this.arrived = arrived;
        this.lastUsed = now;
    }

    /// The name of the lane: {@code mx:example.org}, `site:mx.example.net`, `host:smarthost`, `local:maildir`; {@link
    /// Sorter#REPORTS}.
    public String name() {
        return name;
    }

    /// What a lane does with what waits for it.
    public enum State {
        /// It goes out, as much at once as it may.
        OPEN,
        /// It goes out, less at once than it may, since the next hop did not bear more.
        THROTTLED,
        /// It goes out when the rate lets it.
        PACED,
        /// The next hop is down and is left alone.
        RESTS,
        /// The next hop was down; one work goes out, or is out, to see whether it still is.
        PROBES,
        /// An operator stopped it.
        HELD
    }

    /// A lane at one moment.
    ///
    /// @param ready works that wait in memory
    /// @param inFlight attempts under way
    /// @param limit attempts that there may be at once now
    /// @param bounds within which that adapts, and the rate
    /// @param nextAttempt before when none begins, where its rate or its rest puts it off
    /// @param backlog whether more waits on disk since there is no room in memory
    /// @param restsUntil until when its next hop is left alone
    /// @param delivered recipients since the start
    /// @param deferred attempts of recipients since the start
    /// @param failed recipients since the start
    /// @param problem what the last failed attempt met, the enhanced status first; empty if none
    ///     has
    public record Report(
            String name,
            int ready,
            int inFlight,
            int limit,
            LaneBounds bounds,
            State state,
            Optional<Instant> nextAttempt,
            boolean backlog,
            boolean held,
            Optional<Instant> restsUntil,
            long delivered,
            long deferred,
            long failed,
            String problem,
            Optional<Instant> problemAt) {}

    Report report(Instant now) {
        return new Report(
                name,
                waiting,
                inFlight,
                throttle.limit(),
                throttle.bounds(),
                state(now),
                rests(now) ? Optional.ofNullable(restUntil) : pausedUntil(now),
                senders.hasBacklog(),
                held,
                Optional.ofNullable(rests(now) ? restUntil : null),
                delivered,
                deferred,
                failed,
                problem,
                Optional.ofNullable(problemAt));
    }

    private State state(Instant now) {
        if (held) {
            return State.HELD;
        } else if (failures > 0) {
            return rests(now) ? State.RESTS : State.PROBES;
        } else if (pausedUntil(now).isPresent()) {
            return State.PACED;
        }
        return throttle.isClosed() ? State.THROTTLED : State.OPEN;
    }

    /// Until when nothing goes out of what waits, by a rate; empty if something may now, or if it waits for something
    /// else.
    Optional<Instant> pausedUntil(Instant now) {
        if (held || waiting == 0 || (failures > 0 && !rests(now))) {
            return Optional.empty();
        }
        Instant next = failures == 0 ? throttle.next(now) : passings.next(now);
        return Optional.of(next).filter(now::isBefore);
    }

    /// Whether a worker that finds nothing to do should go, with its connection.
    boolean isCrowded() {
        return failures == 0 && workers > throttle.limit();
    }

    /// How many works wait.
    int waiting() {
        return waiting;
    }

    boolean isHeld() {
        return held;
    }

    void hold(boolean nowHeld) {
        held = nowHeld;
    }

    /// The room for one more work of a message.
    ///
    /// @param freePlaces places that are free in memory
    /// @param feeding whether it comes from the schedule that is being read for this lane
    Seat seat(ActiveMessage message, int freePlaces, boolean feeding) {
        return held ? Seat.NONE : senders.seat(message.sender(), message.isUrgent(), room(freePlaces), feeding);
    }

    /// What is in memory of a lane that is closed is only in the way of others.
    private Senders.Room room(int freePlaces) {
        return new Senders.Room(throttle.bounds().most(), failures == 0 ? freePlaces : 0);
    }

    /// Whether this lane should be fed with what it passed by.
    boolean isHungry(int freePlaces) {
        return !held && senders.hasBacklog() && senders.isHungry(room(freePlaces));
    }

    /// Whether this lane should be fed now that a work was taken.
    boolean isHungryAfter(Work work, int freePlaces) {
        return senders.hasBacklog()
                && (waiting == 0 || senders.isHungryAfter(work.account(), work.seat(), room(freePlaces)));
    }

    /// Begins to read the schedule for what was passed by here and has room now.
    void beginReading(int freePlaces) {
        senders.beginReading(room(freePlaces));
    }

    /// Whether the schedule is to be read on for this lane.
    ///
    /// @param onTheWay messages of which it is not yet known whose they are
    boolean isReading(int freePlaces, int onTheWay) {
        return !held && senders.isReading(room(freePlaces), onTheWay);
    }

    void add(Work work) {
        ready.add(work);
        waiting++;
    }

    /// When the turn of the next work is; empty if nothing waits.
    Optional<Turn> nextTurn() {
        dropWithdrawn();
        return ready.peek().map(Work::turn);
    }

    private void dropWithdrawn() {
        while (ready.peek().filter(Work::isWithdrawn).isPresent()) {
            ready.remove();
        }
    }

    private void leaves(Work work) {
        waiting--;
        senders.rise(work.account(), work.seat());
    }

    /// A work that waits here is taken by somebody else.
    void withdraw(Work work) {
        work.withdraw();
        leaves(work);
    }

    /// Whether the next hop is left alone now. A rest that has not begun by the clock is over: the clock was set back,
    /// and the rest would last as much longer.
    boolean rests(Instant now) {
        return restUntil != null
                && restFrom != null
                && now.isBefore(restUntil)
                && !now.isBefore(restFrom.minus(UNEQUAL));
    }

    /// How many workers there should be now. A lane that is closed needs one that passes its
    /// works over, or carries the probe, even if all others are still waiting for the next hop
    /// that is down.
    int workersWanted(Instant now) {
        return held ? inFlight : inFlight + Math.min(waiting, free(now));
    }

    /// How many works may be taken now: to be attempted, passed over, or sent out as a probe.
    private int free(Instant now) {
        if (failures == 0) {
            return throttle.free(inFlight, now);
        }
        boolean one = rests(now) ? passing == 0 && passings.free(now) > 0 : probe == null;
        return one ? 1 : 0;
    }

    /// The next work to do; null if there is none now.
    @Nullable
    Work next(Instant now) {
        if (held) {
            return null;
        }
        dropWithdrawn();
        if (ready.isEmpty() || free(now) == 0) {
            return null;
        }
        Work.Rest rest = rests(now) && restUntil != null ? new Work.Rest(restUntil, problem) : null;
        Work work = ready.remove();
        if (rest == null && failures > 0) {
            probe = work;
        }
        leaves(work);
        inFlight++;
        lastUsed = now;
        if (rest == null) {
            work.take(null, throttle.begin(inFlight, now));
        } else {
            passing++;
            passings.take(now);
            work.take(rest, Throttle.Mark.NONE);
        }
        return work;
    }

    /// What a worker brought back.
    ///
    /// @return an event, if the state of the lane has changed
    @Nullable
    QueueEvent settled(Work work, Settlement settlement, Instant now, IntFunction<Duration> rest) {
        boolean wanted = waiting > 0 && inFlight >= throttle.limit();
        inFlight--;
        passing -= work.rest().isPresent() ? 1 : 0;
        boolean wasProbe = probe == work;
        probe = wasProbe ? null : probe;
        settlement.statuses().forEach(this::count);
        return switch (settlement.health()) {
            case Settlement.Health.Alive() -> answered(wanted, wasProbe, now);
            case Settlement.Health.Down down -> {
                problem = down.problem();
                problemAt = now;
                yield failed(new Failure(work.mark(), down.spoke(), wasProbe), now, rest);
            }
            case Settlement.Health.Untold() -> null;
        };
    }

    private void count(RecipientState.Status status) {
        switch (status) {
            case RecipientState.Status.Done _ -> delivered++;
            case RecipientState.Status.Failed _ -> failed++;
            case RecipientState.Status.Pending _ -> deferred++;
            case RecipientState.Status.Untold untold -> count(untold.end());
        }
    }

    /// A work goes to another lane without an attempt: that tells nothing of this one.
    void moved(Work work) {
        inFlight--;
        throttle.takeBack();
        probe = probe == work ? null : probe;
    }

    /// A failed attempt: what was known when it began, whether the next hop itself refused it, and whether it was a
    /// probe.
    private record Failure(Throttle.Mark mark, boolean spoke, boolean wasProbe) {}

    private @Nullable QueueEvent answered(boolean wanted, boolean wasProbe, Instant now) {
        restUntil = null;
        if (throttle.isDoubted() || failures > 0) {
            arrived.signalAll();
        }
        boolean bearsAll = throttle.answered(wanted, now);
        if (failures == 0) {
            return bearsAll ? new QueueEvent.LaneUnthrottled(name, throttle.limit()) : null;
        }
        failures = 0;
        if (wasProbe) {
            throttle.restart();
        }
        return new QueueEvent.LaneReopened(name);
    }

    private @Nullable QueueEvent failed(Failure failure, Instant now, IntFunction<Duration> rest) {
        boolean isDown = throttle.saysDown(failure.mark(), failure.spoke(), inFlight);
        boolean closed = throttle.refused(failure.mark(), inFlight + 1, now);
        if (failures > 0 && !failure.wasProbe()) {
            return null; // began before the lane was closed: tells nothing new
        }
        if (failures == 0 && !isDown) {
            arrived.signalAll(); // workers that are too many go, with their connections
            return closed ? new QueueEvent.LaneThrottled(name, throttle.limit(), problem) : null;
        }
        failures++;
        restFrom = now;
        restUntil = now.plus(rest.apply(failures));
        return new QueueEvent.LaneRests(name, restUntil, failures, problem);
    }

    /// Ends the rest: the next work is a probe.
    void endRest() {
        restUntil = null;
    }

    /// Takes out everything that waits.
    List<Work> clear() {
        List<Work> all =
                ready.drain().stream().filter(work -> !work.isWithdrawn()).toList();
        all.forEach(this::leaves);
        return all;
    }

    /// Since when nothing has happened here, a rest included.
    Instant quietSince() {
        return restUntil != null && restUntil.isAfter(lastUsed) ? restUntil : lastUsed;
    }

    /// Whether nothing is known of its next hop: works only passed through.
    boolean tellsNothing() {
        return failures == 0 && delivered + deferred + failed == 0;
    }

    /// Whether there is nothing in it but the memory of its next hop.
    boolean isUnused() {
        return workers == 0 && waiting == 0 && !senders.hasBacklog() && !held;
    }
}
