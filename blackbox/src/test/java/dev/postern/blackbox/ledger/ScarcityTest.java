package dev.postern.blackbox.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Too few descriptors, or too little memory, for what clients want: they are served or put off, or the process ends;
/// after a restart nothing promised is missing.
final class ScarcityTest {
    private static final int DESCRIPTORS = 110;
    private static final int CLIENTS = 60;
    private static final int WORKERS = 40;
    private static final int KIB = 1024;
    private static final int LARGE_FROM = 300 * KIB;
    private static final int LARGE = 3000 * KIB;
    private static final int ROUNDS = Extent.times(1, 10);
    private static final int MOST_STARTS = 5;
    private static final int ROUND_MILLIS = 6_000;
    private static final int LOOK_MILLIS = 100;

    @TempDir
    private Path folder;

    private final Ledger ledger = new Ledger();

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void withoutDescriptorsNothingPromisedIsLost() throws IOException, InterruptedException {
        Extent.onlyInFull();
        run("descriptors", "ulimit -n " + DESCRIPTORS, new Mixed(), List.of());
    }

    /// With a heap that is small for what comes; `dev/torture` goes on with one in which little more than a start
    /// succeeds.
    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void withoutMemoryNothingPromisedIsLost() throws IOException, InterruptedException {
        Extent.onlyInFull();
        run(
                "memory",
                "export POSTERN_JAVA_OPTS=-Xmx\"$(cat '" + heap() + "')\"",
                new Large(),
                Extent.isTorture() ? List.of("40m", "24m", "192m") : List.of("40m"));
    }

    private Path heap() {
        return folder.resolve("heap");
    }

    /// One scene, with each of these heaps in turn where there are any; all is drained in the last.
    private void run(String what, String prelude, Mixture mixture, List<String> heaps)
            throws IOException, InterruptedException {
        int port = Ports.free();
        Inboxes inboxes = new Inboxes(folder.resolve("mail"));
        int ends = 0;
        String limits = "[limits]\nsessions-per-address = 200\n";
        if (!heaps.isEmpty()) {
            Files.writeString(heap(), heaps.getFirst());
        }
        try (LedgerSink sink = LedgerSink.start(Ports.free(), ledger);
                Postern postern = Postern.startUnder(
                        prelude, folder, Scene.configuration(port, sink.port(), WORKERS) + limits, port)) {
            Stubborn clients = Stubborn.start(CLIENTS, port, ledger, mixture);
            ends += watch(postern, sink, inboxes);
            assertThat(ledger.promises()).as(() -> Scene.endOfLog(postern)).isPositive();
            for (String heap : heaps.subList(Math.min(1, heaps.size()), heaps.size())) {
                Files.writeString(heap(), heap);
                postern.kill9();
                ends += again(sink, inboxes, postern);
                ends += watch(postern, sink, inboxes);
            }
            int lost = clients.end();
            Scene.drain(postern, inboxes, ledger);
            Balance balance = ledger.balance();
            Figures.tell(
                    what,
                    balance + "; the process ended " + ends + " times; " + lost + " connections ended without a reply");
            assertThat(balance.lost()).isEmpty();
            assertThat(balance.faults()).isEmpty();
            assertThat(balance.refusals().keySet()).allMatch(reply -> reply.startsWith("4"));
        }
    }

    /// Looks on for a while and starts the process again as often as it ends.
    ///
    /// @return how often it did
    private int watch(Postern postern, LedgerSink sink, Inboxes inboxes) throws IOException, InterruptedException {
        int ends = 0;
        for (int looked = 0; looked < ROUNDS * ROUND_MILLIS / LOOK_MILLIS; looked++) {
            Thread.sleep(LOOK_MILLIS);
            if (!postern.isAlive()) {
                ends += 1 + again(sink, inboxes, postern);
            }
        }
        return ends;
    }

    /// Enters what has arrived and starts the process, which has ended; again, where it ends before it listens.
    ///
    /// @return how often it did
    private int again(LedgerSink sink, Inboxes inboxes, Postern postern) throws IOException, InterruptedException {
        sink.awaitQuiet();
        inboxes.collect(ledger);
        ledger.endEra();
        for (int ends = 0; ; ends++) {
            try {
                postern.restart();
                return ends;
            } catch (IOException ended) {
                if (ends >= MOST_STARTS) {
                    throw ended;
                }
            }
        }
    }

    /// Letters that are kept in files, and are more together than the heap.
    private record Large() implements Mixture {
        @Override
        public Letter letter(long number) {
            return new Letter(number, LARGE_FROM + (int) (number * 7919 % (LARGE - LARGE_FROM)));
        }

        @Override
        public List<String> recipients(long number) {
            return List.of(number % 2 == 0 ? "joe@away.test" : "box" + number % 10 + "@box.test");
        }
    }
}
