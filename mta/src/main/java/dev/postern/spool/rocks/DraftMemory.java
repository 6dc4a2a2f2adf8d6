package dev.postern.spool.rocks;

import java.util.concurrent.atomic.AtomicLong;

/// The memory that drafts share beyond the little that each has of its own; used by any number of
/// threads.
final class DraftMemory {
    private final AtomicLong left;

    DraftMemory(long octets) {
        this.left = new AtomicLong(octets);
    }

    /// Takes so many octets; no if there are not so many.
    boolean take(long octets) {
        long before = left.get();
        while (before >= octets) {
            if (left.compareAndSet(before, before - octets)) {
                return true;
            }
            before = left.get();
        }
        return false;
    }

    /// Gives octets back.
    void give(long octets) {
        left.addAndGet(octets);
    }

    long left() {
        return left.get();
    }
}
