package dev.postern.delivery;

import dev.postern.delivery.QueueActions.Result;
import dev.postern.delivery.QueueActions.Tally;
import dev.postern.delivery.QueueJob.Order;
import dev.postern.delivery.QueueJob.State;
import dev.postern.event.IoFault;
import dev.postern.kept.KeptStore;
import dev.postern.queue.QueueView;
import dev.postern.queue.Surroundings;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpoolException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What operators want of all messages of some kind, done bit by bit, over restarts and crashes.
///
/// One thread {@link #run}s it, a step of each job in turn. A step looks at the next messages in the
/// order of their ids, does what is wanted to those that are meant, and writes down how far it has come.
/// After a crash the messages of the last step are looked at again; every action leaves alone what it
/// was done to already, but for a retry, which is made once more.
///
/// Used by any number of threads; `lock` guards `jobs` and is held while they are written down, never
/// while messages are changed. The other fields that change are the running thread's own.
public final class QueueJobs implements Runnable {
    /// How many jobs there may be that have not ended.
    public static final int MOST = 16;

    /// How many that have ended are remembered.
    static final int REMEMBERED = 50;

    /// The longest text of a filter or a reason, in characters.
    public static final int LONGEST_TEXT = 500;

    private static final int STEP = 128;
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);

    private final QueueActions actions;
    private final KeptStore store;
    private final Executor executor;
    private final Surroundings surroundings;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TreeMap<Long, QueueJob> jobs = new TreeMap<>();
    private boolean stumbling;
    private long stepped;

    /// Reads the jobs that are kept; what is something else is told and put aside.
    ///
    /// @param executor runs the changes of one step, at most {@value #STEP} at a time
    public QueueJobs(QueueActions actions, KeptStore store, Executor executor, Surroundings surroundings) {
        this.actions = actions;
        this.store = store;
        this.executor = executor;
        this.surroundings = surroundings;
        load();
    }

    private void load() {
        try {
            byte[] octets = store.read();
            if (octets.length > 0) {
                QueueJobText.parse(octets).forEach(job -> jobs.put(job.number(), job));
            }
        } catch (IllegalArgumentException e) {
            unwritten(store.name() + " is put aside: " + e.getMessage());
            try {
                store.putAside();
            } catch (IOException stays) {
                unwritten(IoFault.sentence(stays));
            }
        } catch (IOException e) {
            unwritten(IoFault.sentence(e));
        }
    }

    private void unwritten(String why) {
        surroundings.events().emit(new DeliveryEvent.JobsUnwritten(why));
    }

    /// All that run, and the last that have ended, oldest first.
    public List<QueueJob> all() {
        lock.lock();
        try {
            return List.copyOf(jobs.values());
        } finally {
            lock.unlock();
        }
    }

    /// One of them.
    public Optional<QueueJob> find(long number) {
        lock.lock();
        try {
            return Optional.ofNullable(jobs.get(number));
        } finally {
            lock.unlock();
        }
    }

    /// Begins a job; it is on disk on return. What comes into the queue from now on is not meant.
    ///
    /// @throws IllegalArgumentException with a sentence, if there are too many, or a text is too long
    /// @throws IOException if it cannot be written down
    public QueueJob begin(Order order) throws IOException {
        Stream.concat(
                        QueueJobText.words(order.filter()).values().stream(),
                        QueueJobText.words(order.action()).values().stream())
                .filter(text -> text.length() > LONGEST_TEXT)
                .findAny()
                .ifPresent(_ -> {
                    throw new IllegalArgumentException("a text has more than " + LONGEST_TEXT + " characters");
                });
        QueueJob job;
        lock.lock();
        try {
            if (jobs.values().stream().filter(QueueJobs::isRunning).count() >= MOST) {
                throw new IllegalArgumentException("there are " + MOST
                        + " jobs under way already: wait, or cancel some ('postern queue jobs' shows them)");
            }
            long number = jobs.isEmpty() ? 1 : jobs.lastKey() + 1;
            job = QueueJob.begun(
                    number,
                    surroundings.clock().instant(),
                    order,
                    surroundings.spool().nextId());
            Map<Long, QueueJob> before = new LinkedHashMap<>(jobs);
            jobs.put(number, job);
            forgetOld();
            save(before);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        Map<String, String> which = QueueJobText.words(order.filter());
        surroundings
                .events()
                .emit(new DeliveryEvent.JobBegan(job.number(), word(job), which.isEmpty() ? "all" : which.toString()));
        return job;
    }

    /// Ends a job between two of its steps; what it has done stays done. On disk on return.
    ///
    /// @return the job as it is now; empty if there is none
    public Optional<QueueJob> cancel(long number) throws IOException {
        QueueJob cancelled;
        lock.lock();
        try {
            QueueJob job = jobs.get(number);
            if (job == null || !isRunning(job)) {
                return Optional.ofNullable(job);
            }
            cancelled = job.in(State.CANCELLED);
            Map<Long, QueueJob> before = new LinkedHashMap<>(jobs);
            jobs.put(number, cancelled);
            save(before);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        ended(cancelled);
        return Optional.of(cancelled);
    }

    /// Waits for the end of a job.
    ///
    /// @param patience how long at most
    /// @return the job as it is then; empty if there is none
    public Optional<QueueJob> await(long number, Duration patience) {
        long left = patience.toNanos();
        lock.lock();
        try {
            QueueJob job = jobs.get(number);
            while (job != null && isRunning(job) && left > 0) {
                left = changed.awaitNanos(left);
                job = jobs.get(number);
            }
            return Optional.ofNullable(job);
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            return find(number);
        } finally {
            lock.unlock();
        }
    }

    /// Works through the jobs until the thread is interrupted.
    @Override
    public void run() {
        try {
            while (true) {
                QueueJob job = next();
                try {
                    step(job);
                    stumbling = false;
                } catch (IOException e) {
                    tell(IoFault.sentence(e));
                    Thread.sleep(AFTER_TROUBLE);
                } catch (RuntimeException e) {
                    surroundings
                            .events()
                            .emit(new DeliveryEvent.Stumbled(
                                    Thread.currentThread().getName(), e));
                    giveUp(job);
                }
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private QueueJob next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Optional<QueueJob> next = Stream.concat(
                                jobs.tailMap(stepped, false).values().stream(), jobs.values().stream())
                        .filter(QueueJobs::isRunning)
                        .findFirst();
                if (next.isPresent()) {
                    stepped = next.get().number();
                    return next.get();
                }
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void tell(String why) {
        if (!stumbling) {
            unwritten(why);
        }
        stumbling = true;
    }

    private void giveUp(QueueJob job) throws InterruptedException {
        try {
            advance(job, job.in(State.FAILED));
        } catch (IOException e) {
            tell(IoFault.sentence(e));
            Thread.sleep(AFTER_TROUBLE);
        }
    }

    /// Looks at some more messages.
    private void step(QueueJob job) throws IOException, InterruptedException {
        QueueView.Page page = actions.view().page(job.order().filter(), job.after(), STEP);
        List<QueueId> meant = page.rows().stream()
                .map(row -> row.message().id())
                .filter(id -> id.compareTo(job.through()) < 0)
                .toList();
        Map<QueueId, Result> results = applyAll(meant, job.order().action());
        Tally tally = job.tally();
        List<QueueId> again = new ArrayList<>(job.again());
        for (QueueId id : meant) {
            Result result = results.getOrDefault(id, Result.UNKNOWN);
            if (result == Result.BUSY && again.size() < QueueJob.MOST_AGAIN) {
                again.add(id);
            } else {
                tally = tally.and(result);
            }
        }
        Optional<QueueId> next = page.next().filter(id -> id.compareTo(job.through()) < 0);
        if (next.isPresent()) {
            advance(job, job.reached(next, again, tally));
        } else {
            for (Result result : applyAll(again, job.order().action()).values()) {
                tally = tally.and(result);
            }
            advance(
                    job,
                    job.reached(Optional.of(job.through()), List.of(), tally).in(State.DONE));
        }
    }

    /// Does the same to several messages, all at once, so that they share what they wait for.
    private Map<QueueId, Result> applyAll(List<QueueId> ids, QueueActions.Action action)
            throws SpoolException, InterruptedException {
        Map<QueueId, Result> results = new ConcurrentHashMap<>();
        Troubles troubles = new Troubles();
        for (int from = 0; from < ids.size(); from += STEP) {
            List<QueueId> some = ids.subList(from, Math.min(ids.size(), from + STEP));
            CountDownLatch ended = new CountDownLatch(some.size());
            for (QueueId id : some) {
                executor.execute(() -> {
                    try {
                        results.put(id, actions.apply(id, action));
                    } catch (SpoolException.Corrupt unreadable) {
                        results.put(id, Result.UNKNOWN); // told of by whoever reads it for delivery
                    } catch (SpoolException e) {
                        troubles.spool = e;
                    } catch (RuntimeException | Error e) {
                        troubles.mistake = e;
                    } finally {
                        ended.countDown();
                    }
                });
            }
            ended.await();
        }
        troubles.raise();
        return results;
    }

    /// What the changes of a step met.
    private static final class Troubles {
        private volatile @Nullable SpoolException spool;
        private volatile @Nullable Throwable mistake;

        private void raise() throws SpoolException {
            SpoolException refusal = spool;
            Throwable ours = mistake;
            if (ours != null) {
                throw new IllegalStateException("a message could not be changed", ours);
            }
            if (refusal != null) {
                throw refusal;
            }
        }
    }

    /// Writes down how far a job has come, unless an operator has ended it meanwhile.
    private void advance(QueueJob job, QueueJob further) throws IOException {
        lock.lock();
        try {
            QueueJob now = jobs.get(job.number());
            if (now == null) {
                return;
            }
            Map<Long, QueueJob> before = new LinkedHashMap<>(jobs);
            jobs.put(job.number(), isRunning(now) ? further : further.in(now.state()));
            save(before);
            changed.signalAll();
            if (!isRunning(now)) {
                return;
            }
        } finally {
            lock.unlock();
        }
        if (!isRunning(further)) {
            ended(further);
        }
    }

    private void ended(QueueJob job) {
        Tally tally = job.tally();
        surroundings
                .events()
                .emit(new DeliveryEvent.JobEnded(
                        job.number(),
                        word(job),
                        QueueJobText.word(job.state()),
                        tally.done(),
                        tally.busy(),
                        tally.held()));
    }

    /// Writes the jobs down; if that fails they are as they were.
    private void save(Map<Long, QueueJob> before) throws IOException {
        boolean written = false;
        try {
            store.write(QueueJobText.of(List.copyOf(jobs.values())));
            written = true;
        } finally {
            if (!written) {
                jobs.clear();
                jobs.putAll(before);
            }
        }
    }

    private void forgetOld() {
        List<Long> ended = jobs.values().stream()
                .filter(job -> !isRunning(job))
                .map(QueueJob::number)
                .toList();
        ended.subList(0, Math.max(0, ended.size() - REMEMBERED)).forEach(jobs::remove);
    }

    private static boolean isRunning(QueueJob job) {
        return job.state() == State.RUNNING;
    }

    /// What a job does, in a word.
    private static String word(QueueJob job) {
        return QueueJobText.words(job.order().action()).getOrDefault("action", "");
    }
}
