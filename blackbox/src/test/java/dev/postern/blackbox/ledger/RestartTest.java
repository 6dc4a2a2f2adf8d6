package dev.postern.blackbox.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A long queue does not hold up a start, and nothing of it is lost by a kill.
final class RestartTest {
    private static final int QUEUED = 100_000;
    private static final int SESSIONS = 20;
    private static final int WORKERS = 40;
    private static final int OCTETS = 512;
    private static final Duration FILL = Duration.ofMinutes(10);
    private static final Duration DRAIN = Duration.ofMinutes(15);

    @TempDir
    private Path folder;

    private final Ledger ledger = new Ledger();
    private final Gate gate = new Gate();

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void aKilledServerWithALongQueueIsUpAgainAndDeliversAllOfIt() throws IOException, InterruptedException {
        Extent.onlyInFull();
        int port = Ports.free();
        int nextHop = Ports.free(); // nobody listens there yet
        try (Postern postern = Postern.start(folder, Scene.patient(port, nextHop, WORKERS), port)) {
            Load load = Load.start(SESSIONS, port, gate, ledger, new AllAway());
            long filling = System.nanoTime();
            gate.open();
            assertThat(ledger.awaitPromises(QUEUED, FILL.toNanos()))
                    .as(() -> Scene.endOfLog(postern))
                    .isTrue();
            gate.end();
            load.join();
            double filled = seconds(filling);
            postern.kill9();
            ledger.endEra();

            long starting = System.nanoTime();
            postern.restart();
            double started = seconds(starting);
            Duration work = ProcessHandle.of(postern.pid())
                    .flatMap(process -> process.info().totalCpuDuration())
                    .orElseThrow();
            Figures.tell(
                    "restart",
                    String.format(
                            Locale.ROOT,
                            "%.2f s (%.2f s of CPU) from the start of the process to its open port, with %d messages in"
                                    + " the queue, taken in within %.1f s",
                            started,
                            work.toMillis() / 1e3,
                            ledger.promises(),
                            filled));

            try (LedgerSink sink = LedgerSink.start(nextHop, ledger)) {
                Await.until(
                        DRAIN,
                        () -> ledger.outstanding() == 0,
                        () -> ledger.balance() + "\n" + Scene.endOfLog(postern));
                Scene.awaitEmptyQueue(postern, DRAIN);
                Scene.stop(postern);
                sink.awaitQuiet();
            }
        }
        Balance balance = ledger.balance();
        assertThat(balance.lost()).isEmpty();
        assertThat(balance.faults()).isEmpty();
        assertThat(balance.refusals()).isEmpty();
        assertThat(balance.count().arrivals()).isEqualTo(balance.count().promised());
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /// Small letters for the next hop.
    private record AllAway() implements Mixture {
        @Override
        public Letter letter(long number) {
            return new Letter(number, OCTETS);
        }

        @Override
        public List<String> recipients(long number) {
            return List.of("joe@away.test");
        }
    }
}
