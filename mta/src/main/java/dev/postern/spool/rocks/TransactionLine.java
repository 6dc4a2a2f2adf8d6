package dev.postern.spool.rocks;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The bounded line in front of the committer, in the order of arrival. Touched by any number of
/// threads; `lock` guards every field.
final class TransactionLine {
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition emptied = lock.newCondition();
    private final ArrayDeque<Transaction> waiting = new ArrayDeque<>();
    private @Nullable Transaction lastLazy;
    private boolean closed;

    TransactionLine(int capacity) {
        this.capacity = capacity;
    }

    /// What became of an attempt to stand in the line.
    enum Entry {
        /// It stands in the line.
        JOINED,
        /// There was no room in time.
        NO_ROOM,
        /// The line is closed.
        CLOSED
    }

    /// Puts a transaction at the end, waiting for room.
    Entry join(Transaction transaction, long patienceNanos) throws InterruptedException {
        long left = patienceNanos;
        lock.lockInterruptibly();
        try {
            while (!closed && waiting.size() >= capacity) {
                if (left <= 0) {
                    return Entry.NO_ROOM;
                }
                left = emptied.awaitNanos(left);
            }
            if (closed) {
                return Entry.CLOSED;
            }
            waiting.add(transaction);
            if (transaction.isLazy()) {
                lastLazy = transaction;
            }
            filled.signal();
            return Entry.JOINED;
        } finally {
            lock.unlock();
        }
    }

    /// Moves transactions to `taken` until one more would be beyond `most` in number or `octets` in
    /// size, but at least one; waits for the first. None if none came in time, or the line is
    /// closed and empty.
    void take(List<Transaction> taken, int most, long octets, long patienceNanos) throws InterruptedException {
        long left = patienceNanos;
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !closed && left > 0) {
                left = filled.awaitNanos(left);
            }
            long sum = 0;
            for (Transaction next = waiting.peek(); next != null && taken.size() < most; next = waiting.peek()) {
                sum += next.octets();
                if (sum > octets && !taken.isEmpty()) {
                    break;
                }
                taken.add(waiting.remove());
            }
            if (!taken.isEmpty()) {
                emptied.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Withdraws those that have stood here longer than `patience`; not the lazy ones, for which nobody waits.
    void withdrawOverdue(long nanoTime, Duration patience) {
        lock.lock();
        try {
            for (Transaction next : waiting) {
                if (nanoTime - next.since() < patience.toNanos()) {
                    return;
                }
                if (!next.isLazy()) {
                    next.withdraw("the spool did not begin to write within " + patience.toMillis() + " ms");
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Moves all transactions to `left` without waiting.
    void drain(List<Transaction> left) {
        lock.lock();
        try {
            left.addAll(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    /// The last lazy transaction that was put into the line, null if none was.
    @Nullable
    Transaction lastLazy() {
        lock.lock();
        try {
            return lastLazy;
        } finally {
            lock.unlock();
        }
    }

    /// Takes no more; what stands in the line stays.
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
            emptied.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// How many stand in the line.
    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /// Whether nothing more is taken.
    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// Whether nothing stands in the line and nothing will.
    boolean isFinished() {
        lock.lock();
        try {
            return closed && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
