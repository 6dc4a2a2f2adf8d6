package dev.postern.delivery;

import dev.postern.transport.Transport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Carriages with an open connection that no worker has just now, each kept for the next worker of its lane, for a
/// bounded time and in a bounded number.
///
/// A worker takes one from here before it opens another, so a lane never has more connections than it had workers at
/// once. The one that was parked last goes first; whether its server is still there is found out by who uses it.
///
/// Touched by any number of threads; `lock` guards all fields that change.
final class Parking {
    private final Duration longest;
    private final int most;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Deque<Parked>> byLane = new LinkedHashMap<>();

    /// All of them, the one that was parked first at the front.
    private final Deque<Parked> all = new ArrayDeque<>();

    /// Those that had to make room and are still to be closed.
    private final List<Parked> leaving = new ArrayList<>();

    private boolean closed;

    /// One that is parked.
    ///
    /// @param until by {@link System#nanoTime}
    record Parked(String lane, Transport transport, Transport.Carriage carriage, long until) {}

    /// @param longest how long one is kept
    /// @param most how many are kept at once; beyond it the one that was parked first is closed
    Parking(Duration longest, int most) {
        this.longest = longest;
        this.most = most;
    }

    /// Keeps a carriage for its lane.
    ///
    /// @param now by {@link System#nanoTime}
    /// @return false if nothing is kept any more: the caller closes it
    boolean park(String lane, Transport transport, Transport.Carriage carriage, long now) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            Parked parked = new Parked(lane, transport, carriage, now + longest.toNanos());
            byLane.computeIfAbsent(lane, _ -> new ArrayDeque<>()).addLast(parked);
            all.addLast(parked);
            if (all.size() > most) {
                Parked first = all.getFirst();
                forget(first);
                leaving.add(first);
            }
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// The carriage of a lane that was parked last.
    Optional<Parked> take(String lane) {
        lock.lock();
        try {
            Deque<Parked> those = byLane.get(lane);
            if (those == null) {
                return Optional.empty();
            }
            Parked last = those.getLast();
            forget(last);
            return Optional.of(last);
        } finally {
            lock.unlock();
        }
    }

    private void forget(Parked parked) {
        all.remove(parked);
        Deque<Parked> those = byLane.get(parked.lane());
        if (those != null) {
            those.remove(parked);
            if (those.isEmpty()) {
                byLane.remove(parked.lane());
            }
        }
    }

    /// Waits until some have to be closed.
    ///
    /// @return those that nobody else has any more; empty when nothing is kept any more
    List<Parked> awaitOverdue() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            List<Parked> overdue = overdue(System.nanoTime());
            while (overdue.isEmpty() && !closed) {
                if (all.isEmpty()) {
                    changed.await();
                } else {
                    changed.awaitNanos(all.getFirst().until() - System.nanoTime());
                }
                overdue = overdue(System.nanoTime());
            }
            return overdue;
        } finally {
            lock.unlock();
        }
    }

    /// Takes out those whose time is over, and those that had to make room.
    List<Parked> overdue(long now) {
        lock.lock();
        try {
            List<Parked> overdue = new ArrayList<>(leaving);
            leaving.clear();
            while (!all.isEmpty() && (closed || all.getFirst().until() - now <= 0)) {
                Parked first = all.getFirst();
                forget(first);
                overdue.add(first);
            }
            return overdue;
        } finally {
            lock.unlock();
        }
    }

    /// Keeps nothing any more: what is here is overdue.
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
