package dev.postern.queue;

import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Counts by lanes what is in the spool, on disk and in memory alike, for those who look at the queue; used by any
/// number of threads.
///
/// It is counted when somebody asks, by reading the spool once in the background, and again not before ten times as
/// long has passed as that took: so that looking at a queue of any size costs a tenth of a core at most. `lock` guards
/// what changes.
public final class Census {
    /// How many lanes are counted by name; what waits in others is counted together.
    public static final int MOST_LANES = 10_000;

    /// The lane under whose name that stands.
    public static final String OTHERS = "others";

    private static final int PAGE = 500;
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final int PAUSE_FACTOR = 10;

    private final QueueView view;
    private final InstantSource clock;
    private final Executor executor;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private @Nullable Result last;
    private boolean counting;

    /// @param executor runs a count
    public Census(QueueView view, InstantSource clock, Executor executor) {
        this.view = view;
        this.clock = clock;
        this.executor = executor;
    }

    /// What was counted.
    ///
    /// @param at when the count ended
    /// @param took how long it took
    /// @param messages in the spool
    /// @param lanes by name
    public record Result(Instant at, Duration took, long messages, Map<String, Count> lanes) {}

    /// What there is of one lane.
    ///
    /// @param fresh recipients that have met no problem yet
    /// @param deferred recipients that have, by an attempt or since their next hop was left alone
    /// @param held recipients, among both, whose messages an operator holds
    /// @param oldest when the oldest of their messages arrived
    /// @param next when the next attempt is due; empty where all are held
    /// @param problem what the last attempt met of one whose next attempt is the next
    public record Count(
            long fresh, long deferred, long held, Instant oldest, Optional<Instant> next, Optional<String> problem) {
        private Count and(SpooledMessage message, RecipientState.Status.Pending pending) {
            boolean isFresh = pending.attempts() == 0 && pending.lastProblem().isEmpty();
            boolean isNext = !message.held()
                    && next.filter(at -> !pending.due().isBefore(at)).isEmpty();
            return new Count(
                    fresh + (isFresh ? 1 : 0),
                    deferred + (isFresh ? 0 : 1),
                    held + (message.held() ? 1 : 0),
                    message.arrived().isBefore(oldest) ? message.arrived() : oldest,
                    isNext ? Optional.of(pending.due()) : next,
                    pending.lastProblem().isPresent() && (isNext || problem.isEmpty())
                            ? pending.lastProblem()
                            : problem);
        }
    }

    /// What was counted last; a new count begins if that is too long ago.
    ///
    /// @param patience how long to wait for the count that runs
    /// @return empty if there is none yet
    public Optional<Result> look(Duration patience) {
        lock.lock();
        try {
            if (!counting && !isFresh(clock.instant())) {
                counting = true;
                executor.execute(this::count);
            }
            long left = patience.toNanos();
            while (counting && left > 0) {
                left = ended.awaitNanos(left);
            }
            return Optional.ofNullable(last);
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            return Optional.ofNullable(last);
        } finally {
            lock.unlock();
        }
    }

    private boolean isFresh(Instant now) {
        if (last == null || now.isBefore(last.at())) {
            return false;
        }
        Duration pause = last.took().multipliedBy(PAUSE_FACTOR);
        return now.isBefore(last.at().plus(pause.compareTo(FRESH) > 0 ? pause : FRESH));
    }

    private void count() {
        Result result = null;
        try {
            result = counted();
        } catch (SpoolException e) {
            return; // whoever needs the spool tells of it; the last count stays
        } finally {
            lock.lock();
            try {
                last = result == null ? last : result;
                counting = false;
                ended.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private Result counted() throws SpoolException {
        Instant began = clock.instant();
        Map<String, Count> lanes = new HashMap<>();
        long messages = 0;
        Optional<QueueId> after = Optional.empty();
        do {
            QueueView.Page page = view.page(QueueFilter.all(), after, PAGE);
            for (QueueView.Row row : page.rows()) {
                add(lanes, row);
            }
            messages += page.rows().size();
            after = page.next();
        } while (after.isPresent());
        Instant at = clock.instant();
        return new Result(at, Duration.between(began, at), messages, lanes);
    }

    private static void add(Map<String, Count> lanes, QueueView.Row row) {
        for (int i = 0; i < row.lanes().size(); i++) {
            if (row.message().recipients().get(i).status() instanceof RecipientState.Status.Pending pending) {
                String name = row.lanes().get(i);
                String counted = lanes.size() < MOST_LANES || lanes.containsKey(name) ? name : OTHERS;
                Count before = lanes.getOrDefault(
                        counted, new Count(0, 0, 0, row.message().arrived(), Optional.empty(), Optional.empty()));
                lanes.put(counted, before.and(row.message(), pending));
            }
        }
    }
}
