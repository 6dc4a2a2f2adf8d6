package dev.postern.spool.rocks;

import dev.postern.spool.SpoolException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The threads that read the database, so that no virtual thread calls into native code. Used by
/// any number of threads.
final class Readers implements AutoCloseable {
    private static final int THREADS = 2;

    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("spool-reader-", 1).factory());
    private final OpenStore open;

    Readers(OpenStore open) {
        this.open = open;
    }

    /// Asks the database and waits for the answer.
    ///
    /// @throws SpoolException what the database failed with, that it was too slow, or that the
    ///     spool is closed
    <T> T ask(OpenStore.Question<T> question, long patienceNanos) throws SpoolException, InterruptedException {
        Future<T> answer;
        try {
            answer = threads.submit(() -> open.read(question));
        } catch (RejectedExecutionException closed) {
            throw new SpoolException.TooSlow("the spool is closed");
        }
        try {
            return answer.get(patienceNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException tooLong) {
            answer.cancel(false);
            throw new SpoolException.TooSlow(
                    "the spool did not read within " + TimeUnit.NANOSECONDS.toMillis(patienceNanos) + " ms");
        } catch (ExecutionException failed) {
            throw rethrown(Objects.requireNonNull(failed.getCause()));
        }
    }

    private static SpoolException rethrown(Throwable cause) {
        return switch (cause) {
            case SpoolException known -> Faults.again(known);
            case RuntimeException ours -> throw ours;
            case Error machine -> throw machine;
            default -> throw new IllegalStateException(cause);
        };
    }

    /// Finishes the reads under way.
    @Override
    public void close() {
        threads.close();
    }
}
