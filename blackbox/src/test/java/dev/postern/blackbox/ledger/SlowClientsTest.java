package dev.postern.blackbox.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.crowd.Crowd;
import dev.postern.blackbox.crowd.Habit;
import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Memory;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Slow clients of every kind, who come again whenever they were dropped, keep no mail of a good one from being taken;
/// they are all dropped in time, and leave nothing behind.
final class SlowClientsTest {
    private static final int OF_EACH_KIND = 250;
    private static final int FEW_OF_EACH_KIND = 25;
    private static final Duration DRIP = Duration.ofSeconds(1);
    private static final String SOMEBODY = "ann@box.test";

    private static final int LETTERS = 500;
    private static final int FEW_LETTERS = 100;
    private static final Duration BOUND = Duration.ofMinutes(3);

    /// The longest of the times in the configuration, which bounds a session in all.
    private static final Duration SESSION_TIME = Duration.ofSeconds(16);

    // What a sweep and a busy machine add to it.
    private static final Duration GRACE = Duration.ofSeconds(20);

    /// What may have come to stay for other reasons: what was compiled, cached and counted meanwhile.
    private static final long MARGIN = 6L << 20;

    @TempDir
    private Path folder;

    private final Ledger ledger = new Ledger();

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void slowClientsAreDroppedInTimeAndDisturbNobody() throws IOException, InterruptedException {
        int each = Extent.isFull() ? OF_EACH_KIND : FEW_OF_EACH_KIND;
        int letters = Extent.isFull() ? LETTERS : FEW_LETTERS;
        int port = Ports.free();
        int securePort = Ports.free();
        Inboxes inboxes = new Inboxes(folder.resolve("mail"));
        try (Postern postern = Postern.start(folder, configuration(port, securePort), port);
                Crowd crowd = Crowd.start()) {
            alone(port, letters);
            Memory before = Memory.of(postern.pid());
            Regular regular = Regular.start(port, ledger);
            for (Habit habit : habits()) {
                crowd.join(each, habit, new InetSocketAddress(Ports.loopback(), port));
            }
            crowd.join(each, Habit.drippingHandshake(DRIP), new InetSocketAddress(Ports.loopback(), securePort));
            int clients = crowd.habits().size() * each;
            awaitThatAllWereDroppedOnce(crowd, clients);
            Memory with = Memory.of(postern.pid());
            assertThat(ledger.awaitPromises(ledger.promises() + letters, BOUND.toNanos()))
                    .as(() -> ledger.balance() + "\n" + Scene.endOfLog(postern))
                    .isTrue();
            crowd.dismiss();
            long dismissed = System.nanoTime();
            crowd.await(count -> count.present() == 0, SESSION_TIME.plus(GRACE));
            Duration gone = Duration.ofNanos(System.nanoTime() - dismissed);
            String answers = regular.end();
            Await.until(
                    BOUND,
                    () -> Memory.of(postern.pid()).heap() < before.heap() + MARGIN,
                    () -> "a heap as it was before, " + before.heap());
            Memory after = Memory.of(postern.pid());
            Figures.tell(
                    "slow-clients",
                    String.format(
                            Locale.ROOT,
                            "%,d slow clients of %d kinds, %,d connections; the last was gone %d ms after none came any more "
                                    + "(session-time %d s); heap %,d KiB before, %,d with them, %,d after; PSS %d, %d, %d MiB; %s",
                            clients,
                            crowd.habits().size(),
                            crowd.count().came(),
                            gone.toMillis(),
                            SESSION_TIME.toSeconds(),
                            before.heap() >> 10,
                            with.heap() >> 10,
                            after.heap() >> 10,
                            before.pss() >> 20,
                            with.pss() >> 20,
                            after.pss() >> 20,
                            answers));
            Await.until(
                    BOUND,
                    () -> {
                        inboxes.collect(ledger);
                        return ledger.outstanding() == 0;
                    },
                    () -> ledger.balance() + "\n" + Scene.endOfLog(postern));
            assertThat(ledger.balance().faults()).isEmpty();
            assertThat(ledger.balance().refusals()).isEmpty();
            assertThat(inboxes.root().resolve("box.test/ann")).doesNotExist();
        }
    }

    private static List<Habit> habits() {
        return List.of(
                Habit.silent(),
                Habit.drippingCommand(DRIP),
                Habit.drippingData(SOMEBODY, DRIP),
                Habit.drippingChunk(SOMEBODY, DRIP),
                Habit.drippingNoop(DRIP),
                Habit.halfStartTls(),
                Habit.neverReading(),
                Habit.passingBy());
    }

    private void alone(int port, int letters) throws InterruptedException {
        Regular first = Regular.start(port, ledger);
        assertThat(ledger.awaitPromises(letters, BOUND.toNanos())).isTrue();
        first.end();
    }

    /// Each kind has come twice as often as it has clients.
    private static void awaitThatAllWereDroppedOnce(Crowd crowd, int clients) throws IOException, InterruptedException {
        int each = clients / crowd.habits().size();
        crowd.await(_ -> crowd.counts().values().stream().allMatch(count -> count.came() >= 2 * each), BOUND);
    }

    private static String configuration(int port, int securePort) {
        return Scene.configuration(port, 1, 4).replace("[domains]", """
                submissions = ["127.0.0.1:%d"]
                [domains]
                """.formatted(securePort))
                + """
                [limits]
                sessions = 100000
                sessions-per-address = 100000
                command-time-out = "8s"
                idle-time = "10s"
                transaction-time = "10s"
                session-time = "%ds"
                """.formatted(SESSION_TIME.toSeconds());
    }
}
