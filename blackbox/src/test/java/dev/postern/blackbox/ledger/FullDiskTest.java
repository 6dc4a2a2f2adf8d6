package dev.postern.blackbox.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A disk without room, or without inodes, whatever little is left of them: clients are put off, nothing promised is
/// lost, and once there is room again all goes on without a restart.
final class FullDiskTest {
    private static final long MIB = 1024 * 1024;
    private static final int CLIENTS = 8;
    private static final int WORKERS = 8;
    private static final int ROUNDS = Extent.times(2, 30);
    private static final int MOST_LEFT_KIB = 3000;
    private static final int MOST_INODES_LEFT = 12;
    private static final int WHILE_FULL_MILLIS = 2500;
    private static final int FILES_OF_A_FOLDER = 5000;
    private static final Duration PROGRESS = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final Ledger ledger = new Ledger();
    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    /// Takes room or inodes away, but for a few.
    @FunctionalInterface
    private interface Filling {
        void fill(Path filler) throws IOException;
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void withoutRoomClientsWaitAndNothingIsLost() throws IOException, InterruptedException {
        Extent.onlyInFull();
        try (LoopDisk disk = LoopDisk.make(folder, 256 * MIB, "mkfs.ext4", "-q", "-m", "0")) {
            run(disk, "full", filler -> {
                long left = random.nextInt(MOST_LEFT_KIB) * 1024L;
                try (RandomAccessFile file =
                        new RandomAccessFile(filler.resolve("octets").toFile(), "rw")) {
                    byte[] mebibyte = new byte[(int) MIB];
                    // Written, since a hole takes no room.
                    for (long over = disk.room() - left; over > 0; over = disk.room() - left) {
                        file.write(mebibyte, 0, (int) Math.min(over, mebibyte.length));
                        if (over < 4096) {
                            return;
                        }
                    }
                } catch (IOException full) {
                    // Nothing at all is left, which is as good.
                }
            });
        }
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void withoutInodesClientsWaitAndNothingIsLost() throws IOException, InterruptedException {
        Extent.onlyInFull();
        try (LoopDisk disk = LoopDisk.make(folder, 256 * MIB, "mkfs.ext4", "-q", "-m", "0", "-N", "4000")) {
            run(disk, "inodes", filler -> {
                int made = 0;
                try {
                    while (made < FILES_OF_A_FOLDER) {
                        Files.createFile(filler.resolve(Integer.toString(made)));
                        made++;
                    }
                } catch (IOException none) {
                    for (int left = random.nextInt(MOST_INODES_LEFT); left > 0 && made > 0; left--) {
                        made--;
                        Files.delete(filler.resolve(Integer.toString(made)));
                    }
                }
            });
        }
    }

    private void run(LoopDisk disk, String what, Filling filling) throws IOException, InterruptedException {
        int port = Ports.free();
        Path filler = disk.path().resolve("filler");
        Inboxes inboxes = new Inboxes(disk.path().resolve("mail"));
        // No reserve: the disk itself is to refuse, in the middle of whatever is done.
        String limits = "[limits]\ndisk-reserve = \"0B\"\noverload-disk = \"0B\"\n";
        try (LedgerSink sink = LedgerSink.start(Ports.free(), ledger);
                Postern postern = Postern.start(
                        folder,
                        Scene.on(disk.path(), Scene.configuration(port, sink.port(), WORKERS) + limits),
                        port)) {
            Stubborn clients = Stubborn.start(CLIENTS, port, ledger, new Mixed());
            for (int i = 0; i < ROUNDS; i++) {
                awaitMore(postern);
                Files.createDirectories(filler);
                filling.fill(filler);
                // Full for a while, with whatever happens then.
                Thread.sleep(WHILE_FULL_MILLIS);
                assertThat(postern.isAlive()).as(() -> Scene.endOfLog(postern)).isTrue();
                boolean kill = i % 2 == 1;
                if (kill) {
                    postern.kill9();
                    sink.awaitQuiet();
                }
                empty(filler);
                inboxes.collect(ledger);
                if (kill) {
                    ledger.endEra();
                    postern.restart();
                }
            }
            awaitMore(postern);
            int lost = clients.end();
            Scene.drain(postern, inboxes, ledger);
            Balance balance = ledger.balance();
            Figures.tell(what, balance + "; " + lost + " connections ended without a reply; seed " + seed);
            assertThat(balance.lost()).isEmpty();
            assertThat(balance.faults()).isEmpty();
            assertThat(balance.refusals()).isNotEmpty();
            assertThat(balance.refusals().keySet()).allMatch(reply -> reply.startsWith("4"));
        }
    }

    private void awaitMore(Postern postern) throws InterruptedException {
        int promises = ledger.promises() + 100;
        assertThat(ledger.awaitPromises(promises, PROGRESS.toNanos()))
                .as(() -> "no mail is taken: " + ledger.balance() + "\n" + Scene.endOfLog(postern))
                .isTrue();
    }

    private static void empty(Path filler) throws IOException {
        try (var files = Files.list(filler)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
