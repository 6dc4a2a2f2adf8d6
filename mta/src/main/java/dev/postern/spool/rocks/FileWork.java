package dev.postern.spool.rocks;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/// The threads that wait for files, so that no virtual thread does: a write that the system makes
/// wait, or a sync, would hold its carrier. Used by any number of threads.
final class FileWork implements AutoCloseable {
    private static final int THREADS = 4;

    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("spool-file-", 1).factory());

    /// Something done with a file.
    @FunctionalInterface
    interface Job<T> {
        T run() throws IOException;
    }

    /// Does a job and waits for its end, however long it takes, since it works on what belongs to
    /// the caller.
    ///
    /// @throws IOException what the job threw, or that the spool is closed
    <T> T call(Job<T> job) throws IOException {
        Future<T> end = submit(job);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return end.get();
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException failed) {
            throw rethrown(Objects.requireNonNull(failed.getCause()));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Does a job some time; nothing if the spool is closed.
    <T> Future<T> submit(Job<T> job) throws IOException {
        try {
            return threads.submit(job::run);
        } catch (RejectedExecutionException closed) {
            throw new IOException("the spool is closed", closed);
        }
    }

    private static IOException rethrown(Throwable cause) {
        return switch (cause) {
            case IOException disk -> disk;
            case RuntimeException ours -> throw ours;
            case Error machine -> throw machine;
            default -> throw new IllegalStateException(cause);
        };
    }

    /// Finishes the jobs under way.
    @Override
    public void close() {
        threads.close();
    }
}
