package dev.postern.blackbox.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.crowd.Crowd;
import dev.postern.blackbox.crowd.Habit;
import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Memory;
import dev.postern.blackbox.peers.OpenFiles;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Thousands of clients that wait and send nothing have a small price each, and a good one beside them is served as if
/// they were not there.
final class IdleCrowdTest {
    private static final int CLIENTS = 20_000;
    private static final int FEW = 1_000;

    // What the server keeps of its files for other things than sessions, and some for the good client.
    private static final int OTHER_FILES = 1024 + 76;

    private static final long PRICE = 12L << 10;
    private static final long ALL_MEMORY = 400L << 20;
    private static final int LETTERS = 300;
    private static final Duration BOUND = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    private final Ledger ledger = new Ledger();

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void idleClientsCostLittleAndDisturbNobody() throws IOException, InterruptedException {
        int wanted = Extent.isFull() ? CLIENTS : FEW;
        int clients = (int) Math.min(wanted, OpenFiles.permitted() - OTHER_FILES);
        int port = Ports.free();
        Inboxes inboxes = new Inboxes(folder.resolve("mail"));
        try (Postern postern = Postern.start(folder, configuration(port), port);
                Crowd crowd = Crowd.start()) {
            alone(port);
            Memory before = Memory.of(postern.pid());
            Regular coming = Regular.start(port, ledger);
            crowd.join(clients, Habit.idle(), new InetSocketAddress(Ports.loopback(), port));
            crowd.await(count -> count.settled() == clients, BOUND);
            String whileTheyCame = coming.end();
            Regular regular = Regular.start(port, ledger);
            assertThat(ledger.awaitPromises(ledger.promises() + LETTERS, BOUND.toNanos()))
                    .as(() -> ledger.balance() + "\n" + Scene.endOfLog(postern))
                    .isTrue();
            String answers = regular.end();
            Await.until(
                    BOUND,
                    () -> price(before, Memory.of(postern.pid()), clients) < PRICE,
                    () -> "a price below " + PRICE + " octets");
            Memory with = Memory.of(postern.pid());
            assertThat(crowd.count()).isEqualTo(new Crowd.Count(clients, clients, clients, 0));
            Figures.tell(
                    "idle-crowd",
                    figures(wanted, clients, before, with) + "; " + answers + "; while they came: " + whileTheyCame);
            assertThat(with.pss()).isLessThan(ALL_MEMORY);
            Await.until(
                    BOUND,
                    () -> {
                        inboxes.collect(ledger);
                        return ledger.outstanding() == 0;
                    },
                    () -> ledger.balance() + "\n" + Scene.endOfLog(postern));
            assertThat(ledger.balance().faults()).isEmpty();
        }
    }

    private void alone(int port) throws InterruptedException {
        Regular first = Regular.start(port, ledger);
        assertThat(ledger.awaitPromises(LETTERS, BOUND.toNanos())).isTrue();
        first.end();
    }

    private static long price(Memory before, Memory with, int clients) {
        return (with.heap() - before.heap()) / clients;
    }

    private static String figures(int wanted, int clients, Memory before, Memory with) {
        String text = String.format(
                Locale.ROOT,
                "%,d idle sessions: heap %,d octets each, PSS %d MiB in all (%d without them), %d threads",
                clients,
                price(before, with, clients),
                with.pss() >> 20,
                before.pss() >> 20,
                with.threads());
        return clients < wanted ? text + " (as many as the limit of open files permits, not " + wanted + ")" : text;
    }

    private static String configuration(int port) {
        return Scene.configuration(port, 1, 4) + """
                [limits]
                sessions = 100000
                sessions-mx = 100000
                sessions-per-address = 100000
                """;
    }
}
