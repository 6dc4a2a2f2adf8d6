package dev.postern.blackbox.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// 250 means durable: the server is killed again and again while twenty sessions send, and what it had promised
/// arrives all the same, in Maildirs and at the next hop, with every octet of its body. Each start has other options.
final class KillTest {
    private static final int SESSIONS = 20;
    private static final int KILLS = Extent.kills(100, 500);

    // Of six kills one comes while the server still starts.
    private static final int EARLY = 6;
    private static final int LONGEST_START_MILLIS = 1500;
    private static final int MOST_PROMISES = 400;
    private static final int LONGEST_DELAY_MILLIS = 200;

    private static final int WORKERS = 40;
    // What was delivered while the last group of commits was under way counts as in flight too.
    private static final int IN_FLIGHT = 2 * WORKERS;

    private static final Duration PROGRESS = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final Ledger ledger = new Ledger();
    private final Gate gate = new Gate();
    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private Inboxes inboxes;
    private int port;

    @BeforeEach
    void place() throws IOException {
        inboxes = new Inboxes(folder.resolve("mail"));
        port = Ports.free();
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void whatGotA250ArrivesWhateverTheMomentOfTheKill() throws IOException, InterruptedException {
        Extent.onlyInFull();
        long began = System.nanoTime();
        try (LedgerSink sink = LedgerSink.start(Ports.free(), ledger);
                Postern postern = Postern.start(folder, Scene.configuration(port, sink.port(), WORKERS), port)) {
            Load load = Load.start(SESSIONS, port, gate, ledger, new Mixed());
            for (int kill = 0; kill < KILLS; kill++) {
                killAtRandom(postern, sink);
                if (random.nextInt(EARLY) == 0 && kill + 1 < KILLS) {
                    kill++;
                    killWhileItStarts(postern, sink);
                }
                postern.reconfigure(Scene.configuration(port, sink.port(), WORKERS, Options.drawn(random)));
                postern.restart();
            }
            gate.open();
            assertThat(ledger.awaitPromises(ledger.promises() + 1, PROGRESS.toNanos()))
                    .as(() -> Scene.endOfLog(postern))
                    .isTrue();
            gate.end();
            load.join();
            Scene.drain(postern, inboxes, ledger);
            Balance balance = ledger.balance();
            Figures.tell(
                    "kills",
                    balance + "; seed " + seed + "; "
                            + Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s");
            check(balance);
        }
    }

    private void killAtRandom(Postern postern, LedgerSink sink) throws IOException, InterruptedException {
        gate.open();
        int promises = ledger.promises() + random.nextInt(MOST_PROMISES);
        assertThat(ledger.awaitPromises(promises, PROGRESS.toNanos()))
                .as(() -> promises + " promises, there are " + ledger.promises() + "\n" + Scene.endOfLog(postern))
                .isTrue();
        // No event is awaited here: the moment is to be any.
        Thread.sleep(random.nextInt(LONGEST_DELAY_MILLIS));
        kill(postern, sink);
    }

    private void killWhileItStarts(Postern postern, LedgerSink sink) throws IOException, InterruptedException {
        postern.beginRestart();
        Thread.sleep(random.nextInt(LONGEST_START_MILLIS));
        kill(postern, sink);
    }

    private void kill(Postern postern, LedgerSink sink) throws IOException, InterruptedException {
        gate.shut();
        assertThat(postern.isAlive()).as(() -> Scene.endOfLog(postern)).isTrue();
        postern.kill9();
        sink.awaitQuiet();
        inboxes.collect(ledger);
        ledger.endEra();
    }

    private static void check(Balance balance) {
        assertThat(balance.lost()).isEmpty();
        assertThat(balance.faults()).isEmpty();
        assertThat(balance.repeatedInOneEra()).isEmpty();
        assertThat(balance.mostRepeatsOfOneKill()).isLessThanOrEqualTo(IN_FLIGHT);
        assertThat(balance.refusals().keySet()).allMatch(reply -> reply.startsWith("4"));
        assertThat(balance.count().kills()).isEqualTo(KILLS);
        assertThat(balance.count().promised()).isGreaterThan(10 * KILLS);
    }
}
