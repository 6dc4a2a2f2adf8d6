package dev.postern.blackbox.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The n-th system call fails that writes, syncs, renames or deletes on the way of one message, for every n: its sender
/// hears 250 or an honest 4xx, what was promised arrives, and the server works again without a restart.
final class InjectedFaultTest {
    private static final int WORKERS = 8;
    private static final int KIB = 1024;
    private static final int MOST_CALLS = 40;
    private static final int FILES_AHEAD = 12;
    private static final Duration WELL_AGAIN = Duration.ofSeconds(60);
    // A call that none of the way's steps makes is not waited for longer.
    private static final Duration LATEST = Duration.ofMillis(1500);

    @TempDir
    private Path folder;

    private final Ledger ledger = new Ledger();
    private final Map<String, Integer> failed = new TreeMap<>();
    private int port;

    /// A kind of system call, how it fails, and whether only those on the files of the database do.
    private record Fault(String calls, String how, boolean database) {
        String at(int n) {
            return calls + ":" + how + ":when=" + n;
        }
    }

    private static List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        for (String error : Extent.isTorture() ? List.of("EIO", "ENOSPC", "EDQUOT") : List.of("EIO")) {
            String how = "error=" + error;
            faults.add(new Fault("fsync,fdatasync", how, false));
            faults.add(new Fault("write,pwrite64,writev", how, true));
            faults.add(new Fault("rename,renameat,renameat2,link,linkat", how, false));
            if (Extent.isTorture()) {
                faults.add(new Fault("unlink,unlinkat", how, false));
                faults.add(new Fault("ftruncate,fallocate", how, false));
                faults.add(new Fault("mkdir,mkdirat", how, false));
            }
        }
        if (Extent.isTorture()) {
            // The system takes nothing and says so: an octet count of zero is no error, and no success.
            faults.add(new Fault("write,pwrite64,writev", "retval=0", true));
        }
        return faults;
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void whateverCallFailsNothingPromisedIsLost() throws IOException, InterruptedException {
        Extent.onlyInFull();
        Peers.require("torture");
        port = Ports.free();
        Inboxes inboxes = new Inboxes(folder.resolve("mail"));
        try (LedgerSink sink = LedgerSink.start(Ports.free(), ledger);
                Postern postern = Postern.start(folder, Scene.configuration(port, sink.port(), WORKERS), port)) {
            for (Fault fault : faults()) {
                for (One letter : List.of(new One(KIB), new One(400 * KIB))) {
                    everyCall(postern, fault, letter);
                    inboxes.collect(ledger);
                }
            }
            postern.kill9();
            sink.awaitQuiet();
            inboxes.collect(ledger);
            ledger.endEra();
            postern.restart();
            Scene.drain(postern, inboxes, ledger);
        }
        Balance balance = ledger.balance();
        Figures.tell("strace", "failed " + failed + "; " + balance);
        assertThat(balance.lost()).isEmpty();
        assertThat(balance.faults()).isEmpty();
        assertThat(balance.refusals().keySet()).allMatch(reply -> reply.startsWith("4"));
        assertThat(failed.keySet()).as("calls that failed").anyMatch(fault -> fault.startsWith("fsync"));
    }

    private void everyCall(Postern postern, Fault fault, Mixture letter) throws IOException, InterruptedException {
        for (int n = 1; n <= MOST_CALLS; n++) {
            boolean happened;
            try (Strace strace =
                    Strace.attach(postern.pid(), folder, fault.at(n), fault.database() ? database() : List.of())) {
                try {
                    RawSmtp.Reply reply = Stubborn.once(port, ledger, letter);
                    assertThat(reply.code() == 250 || reply.code() / 100 == 4)
                            .as(fault.at(n) + ": " + reply)
                            .isTrue();
                } catch (IOException ended) {
                    // The connection may end; then nothing was promised.
                }
                long end = System.nanoTime() + LATEST.toNanos();
                while (strace.injected() == 0 && System.nanoTime() < end) {
                    Thread.sleep(20);
                }
                happened = strace.injected() > 0;
            }
            if (!happened) {
                return;
            }
            failed.merge(fault.calls() + " " + fault.how(), 1, Integer::sum);
            awaitWell(postern, fault.at(n));
        }
    }

    private void awaitWell(Postern postern, String fault) throws IOException, InterruptedException {
        Await.until(
                WELL_AGAIN,
                () -> {
                    if (!postern.isAlive()) {
                        throw new IOException(fault + " ended the server:\n" + Scene.endOfLog(postern));
                    }
                    try {
                        return Stubborn.once(port, ledger, new One(KIB)).code() == 250;
                    } catch (IOException ended) {
                        // Not yet.
                        return false;
                    }
                },
                () -> "after " + fault + "\n" + Scene.endOfLog(postern));
    }

    /// The files of the database that there are, and those that it may begin next: it numbers them all in one row.
    private List<Path> database() throws IOException {
        List<Path> files = new ArrayList<>();
        long last = 0;
        try (Stream<Path> all = Files.list(folder.resolve("data/spool/db"))) {
            for (Path file : all.toList()) {
                String name = file.getFileName().toString();
                if (name.matches("\\d+[.](log|sst|blob)|MANIFEST-\\d+")) {
                    last = Math.max(last, Long.parseLong(name.replaceAll("\\D", "")));
                    files.add(file);
                }
            }
        }
        for (long next = last + 1; next <= last + FILES_AHEAD; next++) {
            for (String kind : List.of("%06d.log", "%06d.sst", "%06d.blob", "MANIFEST-%06d", "%06d.dbtmp")) {
                files.add(folder.resolve("data/spool/db").resolve(kind.formatted(next)));
            }
        }
        return files;
    }

    /// Letters of one size for an inbox and for the next hop.
    private record One(int octets) implements Mixture {
        @Override
        public Letter letter(long number) {
            return new Letter(number, octets);
        }

        @Override
        public List<String> recipients(long number) {
            return List.of("joe@box.test", "joe@away.test");
        }
    }
}
