package dev.postern.spool.rocks;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Withdraws the transactions that have waited too long for the committer: one timer for all of them,
/// since one for each costs as much as the commit. Its thread sleeps between two looks; {@link #close()}
/// ends it.
final class PatienceWatch implements AutoCloseable {
    /// How many looks there are within the patience; a caller waits by one part of it longer at most.
    private static final int LOOKS = 10;

    private final TransactionLine line;
    private final Duration patience;
    private final CountDownLatch closed = new CountDownLatch(1);

    /// Begins to watch.
    PatienceWatch(TransactionLine line, Duration patience) {
        this.line = line;
        this.patience = patience;
        Thread.ofVirtual().name("spool-patience").start(this::watch);
    }

    private void watch() {
        try {
            while (!closed.await(patience.toNanos() / LOOKS, TimeUnit.NANOSECONDS)) {
                line.withdrawOverdue(System.nanoTime(), patience);
            }
        } catch (InterruptedException stop) {
            throw new IllegalStateException("somebody interrupted the watch of the spool", stop);
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
