package dev.postern.blackbox.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The wall clock jumps by minutes and by days, forth and back, while mail comes and goes: mail is taken
/// and carried all the same, and nothing promised is lost. What was put off keeps the hour for which it
/// was put off, so the last jump leads to the latest hour of all.
final class ClockTest {
    private static final int CLIENTS = 8;
    private static final int WORKERS = 8;
    private static final int PARCELS_A_JUMP = 150;
    private static final int ROUNDS = Extent.times(1, 10);
    // Less than the five days after which mail is given up.
    private static final List<String> JUMPS = List.of("+90m", "-90m", "+1d", "-1d");
    private static final int LATEST_DAYS = 2;
    // A jump makes mail old, and a notice of delay is a letter that the ledger does not know.
    private static final Options NO_NOTICES = new Options("\ndelay-notice-after = \"0s\"", "");
    private static final Duration PROGRESS = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final Ledger ledger = new Ledger();

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void whateverTheClockSaysNothingPromisedIsLost() throws IOException, InterruptedException {
        Extent.onlyInFull();
        Peers.require("torture");
        int port = Ports.free();
        Inboxes inboxes = new Inboxes(folder.resolve("mail"));
        Path hour = folder.resolve("hour");
        Files.writeString(hour, "+0");
        // Only the wall clock: no machine lets the other one jump. The fix is for an old C library; with it all waits
        // of a
        // JVM end at once.
        String prelude = "export LD_PRELOAD='%s' FAKETIME_TIMESTAMP_FILE='%s' FAKETIME_CACHE_DURATION=1"
                + " FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_FORCE_MONOTONIC_FIX=0 NO_FAKE_STAT=1";
        prelude = prelude.formatted(Unpacked.library("libfaketimeMT.so.1"), hour);
        LocalDate began = LocalDate.now(ZoneOffset.UTC);
        int jumps = 0;
        try (LedgerSink sink = LedgerSink.start(Ports.free(), ledger);
                Postern postern = Postern.startUnder(
                        prelude, folder, Scene.configuration(port, sink.port(), WORKERS, NO_NOTICES), port)) {
            Stubborn clients = Stubborn.start(CLIENTS, port, ledger, new Mixed());
            for (int i = 0; i < ROUNDS; i++) {
                for (String jump : JUMPS) {
                    jump(hour, jump);
                    jumps++;
                    awaitMore(postern, inboxes);
                }
            }
            jump(hour, "+" + LATEST_DAYS + "d");
            jumps++;
            awaitMore(postern, inboxes);
            int lost = clients.end();
            Scene.drain(postern, inboxes, ledger);
            Balance balance = ledger.balance();
            Figures.tell("clock", jumps + " jumps; " + balance);
            assertThat(postern.log())
                    .as("the clock did jump")
                    .contains(began.plusDays(LATEST_DAYS).toString());
            assertThat(lost).as("connections without a reply").isZero();
            assertThat(balance.lost()).isEmpty();
            assertThat(balance.faults()).isEmpty();
            assertThat(balance.repeatedInOneEra()).isEmpty();
            assertThat(balance.refusals().keySet()).allMatch(reply -> reply.startsWith("4"));
        }
    }

    private static void jump(Path hour, String to) throws IOException {
        Path next = hour.resolveSibling("next-hour");
        Files.writeString(next, to);
        Files.move(next, hour, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Waits until as much mail again is taken, and as much again has arrived.
    private void awaitMore(Postern postern, Inboxes inboxes) throws IOException, InterruptedException {
        int promises = ledger.promises() + PARCELS_A_JUMP;
        int arrived = ledger.balance().count().arrivals() + PARCELS_A_JUMP;
        assertThat(ledger.awaitPromises(promises, PROGRESS.toNanos()))
                .as(() -> "no mail is taken: " + ledger.balance() + "\n" + Scene.endOfLog(postern))
                .isTrue();
        Await.until(
                PROGRESS,
                () -> {
                    inboxes.collect(ledger);
                    return ledger.balance().count().arrivals() >= arrived;
                },
                () -> "no mail arrives: " + ledger.balance() + "\n" + Scene.endOfLog(postern));
    }
}
