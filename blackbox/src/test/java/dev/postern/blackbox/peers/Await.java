package dev.postern.blackbox.peers;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/// Waiting, within a bound, for something that only a look can tell: a port, a file of a foreign program.
public final class Await {
    private static final Duration PAUSE = Duration.ofMillis(10);

    private Await() {}

    /// A question about the outside world.
    @FunctionalInterface
    public interface Question {
        /// Whether it has come about.
        ///
        /// @throws IOException when the look itself failed: it ends the wait
        boolean holds() throws IOException, InterruptedException;
    }

    /// Returns as soon as the question holds.
    ///
    /// @param bound how long to look at most
    /// @param complaint what to say when it never held; asked for only then
    /// @throws AssertionError with the complaint, after the bound
    public static void until(Duration bound, Question question, Supplier<String> complaint)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + bound.toNanos();
        while (!question.holds()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + bound + ": " + complaint.get());
            }
            Thread.sleep(PAUSE);
        }
    }
}
