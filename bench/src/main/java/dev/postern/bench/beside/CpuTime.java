package dev.postern.bench.beside;

import java.io.IOException;
import java.time.Duration;

/// CPU time of a server and of all that works for it.
interface CpuTime {
    /// How long one look is.
    Duration LOOK = Duration.ofMillis(500);

    /// CPU seconds within a look, of a server that does nothing; a JVM that waits for work is not quite still.
    double REST = 0.025;

    /// CPU seconds used until now, in user and in kernel mode.
    double seconds() throws IOException;

    /// Waits until next to no CPU time was used within a look: what was begun is finished.
    ///
    /// @return the seconds used until then
    /// @throws IOException after the bound
    default double awaitRest(Duration bound) throws IOException, InterruptedException {
        long end = System.nanoTime() + bound.toNanos();
        double before = seconds();
        while (true) {
            Thread.sleep(LOOK);
            double now = seconds();
            if (now - before <= REST) {
                return now;
            }
            if (System.nanoTime() - end > 0) {
                throw new IOException("a server does not come to rest within " + bound);
            }
            before = now;
        }
    }
}
