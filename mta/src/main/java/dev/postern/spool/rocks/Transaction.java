package dev.postern.spool.rocks;

import dev.postern.spool.QueueId;
import dev.postern.spool.SpoolException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/// Changes that happen as one, already in the form of records; made by the caller, carried out by
/// the committer.
///
/// Touched by both: `stage` decides whose it is. It may be withdrawn as long as it waits, by its caller who is to stop,
/// and by the line where it has waited too long; once the committer has taken it, the caller waits for the disk however
/// long that takes, since nobody could say whether it happened.
final class Transaction {
    /// One change, in the form of records.
    @SuppressWarnings("ArrayRecordComponent") // neither compared nor changed
    sealed interface Change {
        /// About how many octets it writes.
        default long octets() {
            return switch (this) {
                case InsertSmall(QueueId _, byte[] message, byte[] content) -> message.length + content.length;
                case InsertLarge(QueueId _, byte[] message, FileRecord _) -> message.length;
                case Update(QueueId _, byte[] message) -> message.length;
                case Explain(QueueId _, byte[] decisions) -> decisions.length;
                case Summarize(Segments.Built built) -> built.summary().octets();
                case Remove _, SetAside _ -> 0;
            };
        }

        /// A new message whose content goes into the database.
        record InsertSmall(QueueId id, byte[] message, byte[] content) implements Change {}

        /// A new message whose content is in a synced file.
        record InsertLarge(QueueId id, byte[] message, FileRecord file) implements Change {}

        /// Another record for a message.
        record Update(QueueId id, byte[] message) implements Change {}

        /// A message that goes.
        record Remove(QueueId id) implements Change {}

        /// More decisions.
        record Explain(QueueId key, byte[] decisions) implements Change {}

        /// A message that is taken out of the schedule and kept as it is.
        record SetAside(QueueId id, String why) implements Change {}

        /// A summary for the index.
        record Summarize(Segments.Built built) implements Change {}
    }

    private enum Stage {
        WAITING,
        TAKEN,
        WITHDRAWN
    }

    private final List<Change> changes;
    private final boolean lazy;
    private final long since = System.nanoTime();
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);
    private final CompletableFuture<Optional<SpoolException>> outcome = new CompletableFuture<>();

    Transaction(List<Change> changes, boolean lazy) {
        this.changes = changes;
        this.lazy = lazy;
    }

    List<Change> changes() {
        return changes;
    }

    /// About how many octets it writes.
    long octets() {
        return changes.stream().mapToLong(Change::octets).sum();
    }

    /// {@link System#nanoTime()} of when it was made.
    long since() {
        return since;
    }

    /// Whether it may wait for the next sync, and nobody waits for it.
    boolean isLazy() {
        return lazy;
    }

    /// The committer makes it its own; no if the caller has withdrawn it.
    boolean take() {
        return stage.compareAndSet(Stage.WAITING, Stage.TAKEN);
    }

    /// It has happened.
    void succeed() {
        outcome.complete(Optional.empty());
    }

    /// It has not happened, and never will.
    void fail(SpoolException why) {
        outcome.complete(Optional.of(why));
    }

    boolean isSettled() {
        return outcome.isDone();
    }

    /// Waits until it has happened, or was withdrawn.
    ///
    /// @throws SpoolException what hindered it
    void await() throws SpoolException {
        boolean interrupted = false;
        try {
            while (!isSettled()) {
                try {
                    outcome.get();
                } catch (InterruptedException end) {
                    interrupted = true;
                    withdraw("interrupted before the spool began to write");
                }
            }
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        Optional<SpoolException> failure = outcome.join();
        if (failure.isPresent()) {
            throw Faults.again(failure.get());
        }
    }

    /// Withdraws it, if the committer has not taken it: it will not happen.
    void withdraw(String why) {
        if (stage.compareAndSet(Stage.WAITING, Stage.WITHDRAWN)) {
            fail(new SpoolException.TooSlow(why));
        }
    }

    /// Waits until it is settled in whatever way; no if it is not in time.
    boolean awaitSettled(long patienceNanos) throws InterruptedException {
        try {
            outcome.get(patienceNanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException tooLong) {
            return false;
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        }
    }
}
