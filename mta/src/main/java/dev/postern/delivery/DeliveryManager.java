package dev.postern.delivery;

import dev.postern.dsn.DsnComposer;
import dev.postern.event.Events;
import dev.postern.queue.Lane;
import dev.postern.queue.MailQueue;
import dev.postern.queue.Surroundings;
import dev.postern.queue.Work;
import dev.postern.wire.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Sends what the queue holds: starts the reader of the schedule, the dispatcher, and a worker
/// for each place in a lane that has work.
///
/// All of them are virtual threads. A worker keeps its connection from message to message, and
/// ends when its lane has had nothing for it for a while; the connection stays for the next worker of
/// the lane ({@link Parking}). There are at most so many workers as
/// the settings say; lanes that have to wait for one get it in the order in which they asked, those
/// with urgent mail sooner, and a worker of a lane that has had its turn makes room for them.
///
/// Touched by several threads; `lock` guards `live`.
public final class DeliveryManager {
    /// How many works a worker does while other lanes wait for one.
    private static final int TURN = 20;

    /// How long a connection without a worker is kept, and how many of them.
    private static final Duration LONGEST_PARKED = Duration.ofSeconds(10);

    private static final int MOST_PARKED = 200;

    private static final Duration AFTER_MISTAKE = Duration.ofSeconds(1);
    private static final Duration LAST_PATIENCE = Duration.ofSeconds(2);

    private final DeliveryAttempt.Parts parts;
    private final MailQueue queue;
    private final Events events;
    private final Semaphore places;
    private final Parking parking = new Parking(LONGEST_PARKED, MOST_PARKED);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private final Map<Thread, Duty> live = new HashMap<>();

    /// What a thread is for: to keep the works coming, or to do them.
    private enum Duty {
        KEEPER,
        WORKER
    }

    /// What the manager sends with.
    ///
    /// @param lanes tells how a recipient is reached, and in which lane it waits: the sorter of the queue
    /// @param transports tells what carries there
    /// @param composer writes reports
    /// @param reports brings them into the spool
    public record Means(LaneSorter lanes, TransportChoice transports, DsnComposer composer, Reports reports) {}

    /// @param surroundings those of the queue
    public DeliveryManager(MailQueue queue, DeliverySettings settings, Means means, Surroundings surroundings) {
        this.queue = queue;
        this.events = surroundings.events();
        this.places = new Semaphore(settings.workers(), true);
        this.parts = new DeliveryAttempt.Parts(
                queue,
                settings,
                means.lanes(),
                means.transports(),
                new Reporter(means.composer(), means.reports()),
                surroundings);
    }

    /// Begins to send; called once.
    public void start() {
        run(Duty.KEEPER, "postern-queue-reader", this::read);
        run(Duty.KEEPER, "postern-queue-dispatcher", this::dispatch);
        run(Duty.KEEPER, "postern-farewells", this::sayFarewells);
    }

    /// Ends: no attempt begins from now on; those under way have until the deadline, then they
    /// are broken off. What could not be sent stays in the spool.
    ///
    /// @return whether nothing had to be broken off
    public boolean stop(Deadline deadline) {
        queue.close();
        parking.close();
        boolean clean = awaitEnd(deadline);
        int cutOff = 0;
        if (!clean) {
            cutOff = breakOff();
            awaitEnd(Deadline.after(LAST_PATIENCE));
        }
        events.emit(new DeliveryEvent.Stopped(cutOff));
        return clean;
    }

    private int breakOff() {
        lock.lock();
        try {
            live.keySet().forEach(Thread::interrupt);
            return (int)
                    live.values().stream().filter(duty -> duty == Duty.WORKER).count();
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitEnd(Deadline deadline) {
        lock.lock();
        try {
            while (!live.isEmpty() && !deadline.passed()) {
                ended.awaitNanos(deadline.remaining().toNanos());
            }
            return live.isEmpty();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            return live.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void run(Duty duty, String name, Runnable work) {
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                events.emit(new DeliveryEvent.Stumbled(name, e));
            } finally {
                lock.lock();
                try {
                    live.remove(Thread.currentThread());
                    ended.signalAll();
                } finally {
                    lock.unlock();
                }
            }
        });
        lock.lock();
        try {
            live.put(thread, duty);
        } finally {
            lock.unlock();
        }
        thread.start();
    }

    private void read() {
        try {
            Instant next;
            do {
                next = tick();
            } while (queue.awaitTick(next));
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private Instant tick() {
        try {
            return queue.tick();
        } catch (RuntimeException e) {
            events.emit(new DeliveryEvent.Stumbled(Thread.currentThread().getName(), e));
            return parts.surroundings().clock().instant().plus(AFTER_MISTAKE);
        }
    }

    private void dispatch() {
        try {
            for (Optional<Lane> lane = queue.awaitWanted(); lane.isPresent(); lane = queue.awaitWanted()) {
                Lane wanting = lane.get();
                places.acquire();
                run(Duty.WORKER, "postern-delivery-" + wanting.name(), () -> work(wanting));
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /// Closes the connections that no worker has come back for, side by side: each may take a moment.
    private void sayFarewells() {
        try {
            for (List<Parking.Parked> overdue = parking.awaitOverdue();
                    !overdue.isEmpty();
                    overdue = parking.awaitOverdue()) {
                overdue.forEach(
                        parked -> run(Duty.KEEPER, "postern-farewell-" + parked.lane(), parked.carriage()::close));
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /// Works for a lane. The connection is parked before the lane is left, so that the next worker finds it.
    private void work(Lane lane) {
        try (Carriages carriages = new Carriages(parking, lane.name())) {
            int turn = 0;
            Duration patience = parts.settings().idle();
            while (turn < TURN || !isCrowded()) {
                Optional<Work> work = queue.take(lane, patience, () -> end(lane, carriages));
                if (work.isEmpty()) {
                    return;
                }
                DeliveryAttempt attempt = new DeliveryAttempt(parts, work.get(), carriages);
                attempt.run();
                // What comes next for the domains of a lane that is only passed through goes past it.
                patience = attempt.hasMoved() ? Duration.ZERO : parts.settings().idle();
                turn++;
            }
            end(lane, carriages);
            queue.leave(lane);
        } finally {
            places.release();
        }
    }

    /// Leaves the connection of a worker that ends to the next one of its lane, unless there are more than the lane may
    /// have: it is connections that a next hop counts.
    private void end(Lane lane, Carriages carriages) {
        if (queue.isCrowded(lane)) {
            carriages.drop();
        } else {
            carriages.park();
        }
    }

    private boolean isCrowded() {
        return places.availablePermits() == 0 && (places.hasQueuedThreads() || queue.isWorkerWanted());
    }
}
