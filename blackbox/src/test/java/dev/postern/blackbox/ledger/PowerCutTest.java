package dev.postern.blackbox.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// 250 means durable, also without power: the disk under spool and inboxes forgets what it was not made to keep, again
/// and again, and nothing is lost. Without syncs it is.
final class PowerCutTest {
    private static final long DISK = 512L * 1024 * 1024;
    private static final int SESSIONS = 20;
    private static final int WORKERS = 40;
    private static final int CUTS = Extent.times(2, 25);
    private static final int MOST_PROMISES = 300;
    private static final int LONGEST_DELAY_MILLIS = 300;
    private static final Duration PROGRESS = Duration.ofMinutes(2);
    private static final int TRIES = 5;
    private static final int PROMISES_OF_A_TRY = 100;

    @TempDir
    private Path folder;

    private final Ledger ledger = new Ledger();
    private final Gate gate = new Gate();
    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs"})
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void whatGotA250ArrivesWhateverTheMomentOfTheCut(String kind) throws IOException, InterruptedException {
        Extent.onlyInFull();
        int port = Ports.free();
        try (LoopDisk disk = LoopDisk.make(folder, DISK, "mkfs." + kind, "-q");
                LedgerSink sink = LedgerSink.start(Ports.free(), ledger);
                Postern postern = Postern.start(
                        folder, Scene.on(disk.path(), Scene.configuration(port, sink.port(), WORKERS)), port)) {
            Inboxes inboxes = new Inboxes(disk.path().resolve("mail"));
            Load load = Load.start(SESSIONS, port, gate, ledger, new Mixed());
            for (int i = 0; i < CUTS; i++) {
                gate.open();
                awaitPromises(ledger.promises() + 1 + random.nextInt(MOST_PROMISES), postern);
                // No event is awaited here: the moment is to be any.
                Thread.sleep(random.nextInt(LONGEST_DELAY_MILLIS));
                gate.shut();
                disk.cut();
                // What the server says now must be no promise either.
                Thread.sleep(random.nextInt(LONGEST_DELAY_MILLIS));
                postern.kill9();
                sink.awaitQuiet();
                disk.remount();
                inboxes.collect(ledger);
                disk.sync();
                ledger.endEra();
                postern.restart();
            }
            gate.open();
            awaitPromises(ledger.promises() + 1, postern);
            gate.end();
            load.join();
            Scene.drain(postern, inboxes, ledger);
            Balance balance = ledger.balance();
            Figures.tell("power-" + kind, balance + "; seed " + seed);
            assertThat(balance.lost()).isEmpty();
            assertThat(balance.faults()).isEmpty();
            assertThat(balance.repeatedInOneEra()).isEmpty();
            assertThat(balance.refusals().keySet()).allMatch(reply -> reply.startsWith("4"));
        }
    }

    /// The test can fail: a server whose syncs do nothing loses mail in it.
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void aServerWithoutSyncsLosesMail() throws IOException, InterruptedException {
        Extent.onlyInFull();
        Peers.require("torture");
        Path library = Unpacked.library("libeatmydata.so");
        int tries = 0;
        int lost = 0;
        while (lost == 0 && tries++ < TRIES) {
            lost = lostWith("export LD_PRELOAD='" + library + "'", folder.resolve("try-" + tries));
        }
        Figures.tell("power-without-syncs", lost + " of " + PROMISES_OF_A_TRY + " or more lost at try " + tries);
        assertThat(lost).as("lost without syncs").isPositive();
    }

    private int lostWith(String prelude, Path place) throws IOException, InterruptedException {
        Files.createDirectories(place);
        Ledger own = new Ledger();
        Gate open = new Gate();
        int port = Ports.free();
        int nextHop = Ports.free(); // nobody listens there before the cut
        try (LoopDisk disk = LoopDisk.make(place, DISK, "mkfs.ext4", "-q");
                Postern postern = Postern.startUnder(
                        prelude, place, Scene.on(disk.path(), Scene.configuration(port, nextHop, WORKERS)), port)) {
            Load load = Load.start(SESSIONS, port, open, own, new Away());
            open.open();
            assertThat(own.awaitPromises(PROMISES_OF_A_TRY, PROGRESS.toNanos())).isTrue();
            open.shut();
            disk.cut();
            postern.kill9();
            open.end();
            load.join();
            disk.remount();
            try {
                postern.restart();
            } catch (IOException unreadable) {
                return own.promises(); // a spool of which too little came to the disk to be opened: all is lost
            }
            try (LedgerSink sink = LedgerSink.start(nextHop, own)) {
                Scene.awaitEmptyQueue(postern, PROGRESS);
                Scene.stop(postern);
                sink.awaitQuiet();
            }
        }
        return own.balance().lost().size();
    }

    private void awaitPromises(int count, Postern postern) throws InterruptedException {
        assertThat(ledger.awaitPromises(count, PROGRESS.toNanos()))
                .as(() -> count + " promises, there are " + ledger.promises() + "\n" + Scene.endOfLog(postern))
                .isTrue();
    }

    private record Away() implements Mixture {
        private static final int OCTETS = 4000;

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
