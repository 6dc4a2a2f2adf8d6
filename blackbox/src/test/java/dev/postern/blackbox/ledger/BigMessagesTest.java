package dev.postern.blackbox.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Many sessions that send a big message each at the same time need no more heap than the launcher
/// gives to every server, and nothing of what was removed stays on disk.
final class BigMessagesTest {
    private static final int SESSIONS = 200;
    private static final int CHUNKS = 50;
    private static final int CHUNK = 1 << 20;
    private static final int LINE = 512;

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void allAreTakenAtOnceWithinTheUsualHeap() throws Exception {
        Extent.onlyInFull();
        int port = Ports.free();
        int nextHop = Ports.free(); // nobody listens there: everything stays in the queue
        String configuration = Scene.patient(port, nextHop, 2) + """
                [limits]
                sessions-per-address = 250
                """;
        try (Postern postern = Postern.start(folder, configuration, port);
                ExecutorService clients = Executors.newFixedThreadPool(SESSIONS)) {
            CyclicBarrier together = new CyclicBarrier(SESSIONS);
            byte[] chunk = lines();
            List<Future<RawSmtp.Reply>> replies = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                replies.add(clients.submit(() -> transfer(port, together, chunk)));
            }
            for (Future<RawSmtp.Reply> reply : replies) {
                assertThat(reply.get().code()).as(() -> Scene.endOfLog(postern)).isEqualTo(250);
            }
            Figures.tell(
                    "big-messages",
                    String.format(
                            Locale.ROOT,
                            "%d sessions sent %d MiB each at the same time; %s",
                            SESSIONS,
                            (CHUNKS * CHUNK) >> 20,
                            peak(postern)));
            assertThat(onDisk()).isGreaterThan((long) SESSIONS * CHUNKS * CHUNK);
            Finished removed = postern.cli("queue", "remove", "--all", "--yes");
            assertThat(removed.output()).startsWith(SESSIONS + " message(s)");
            Scene.stop(postern);
            assertThat(onDisk()).isLessThan((long) CHUNKS * CHUNK);
        }
    }

    private static RawSmtp.Reply transfer(int port, CyclicBarrier together, byte[] chunk) throws Exception {
        try (RawSmtp smtp = RawSmtp.connect(port)) {
            smtp.reply();
            smtp.command("EHLO client.test");
            smtp.command("MAIL FROM:<me@back.test> SIZE=" + (long) CHUNKS * chunk.length);
            smtp.command("RCPT TO:<joe@away.test>");
            together.await();
            RawSmtp.Reply reply = null;
            for (int i = 1; i <= CHUNKS; i++) {
                smtp.send("BDAT " + chunk.length + (i == CHUNKS ? " LAST\r\n" : "\r\n"));
                smtp.send(chunk);
                reply = smtp.reply();
                assertThat(reply.code()).as(reply.toString()).isEqualTo(250);
            }
            return Objects.requireNonNull(reply);
        }
    }

    private static byte[] lines() {
        byte[] octets = new byte[CHUNK];
        Arrays.fill(octets, (byte) 'x');
        for (int end = LINE; end <= octets.length; end += LINE) {
            octets[end - 2] = '\r';
            octets[end - 1] = '\n';
        }
        System.arraycopy("Subject: big\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 0, octets, 0, 16);
        return octets;
    }

    private static String peak(Postern postern) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(postern.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .findFirst()
                .map(line -> "peak RSS " + line.replaceAll("\\D+", " ").strip() + " kB")
                .orElse("peak RSS unknown");
    }

    private long onDisk() throws IOException {
        long sum = 0;
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
        }
        return sum;
    }
}
