package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Dkimpy;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Knot;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.RecordingSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From the keys that `postern init` makes to the next ones: `postern dkim rotate` waits until the name server has
/// them, then the running server signs by them, and what was signed before is still believed.
final class KeyRotationTest {
    private static final Pattern RECORD =
            Pattern.compile("^ *((\\S+)\\._domainkey\\.postern\\.test\\.  TXT .*)$", Pattern.MULTILINE);
    private static final Pattern SELECTOR = Pattern.compile("[; \t]s=([^;]+);");

    @TempDir
    private Path folder;

    private int submission;

    /// The records of keys that an output tells to publish.
    private static List<String> records(Finished said) {
        List<String> records = new ArrayList<>();
        RECORD.matcher(said.output()).results().map(found -> found.group(1)).forEach(records::add);
        return records;
    }

    private static String zone(List<String> records) {
        return String.join("\n", records) + "\n";
    }

    private byte[] sent(RecordingSink elsewhere, String to) throws IOException, InterruptedException {
        byte[] message = ("From: <joe@postern.test>\r\nTo: <" + to + ">\r\nSubject: signed\r\n\r\nHello.\r\n")
                .getBytes(StandardCharsets.UTF_8);
        try (RawSmtp smtp = Site.loggedIn(submission, "joe@postern.test")) {
            Site.expect(250, Site.transfer(smtp, message, "joe@postern.test", to));
        }
        return elsewhere.awaitMessageTo(to, Site.SOON).content();
    }

    private static List<String> selectors(byte[] message) {
        return SELECTOR.matcher(new String(message, StandardCharsets.UTF_8))
                .results()
                .map((MatchResult found) -> found.group(1))
                .sorted()
                .toList();
    }

    private static Finished rotate(Postern postern, int port, String... more) {
        List<String> words = new ArrayList<>(List.of("dkim", "rotate", "--server-port", Integer.toString(port)));
        words.addAll(List.of(more));
        try {
            return postern.cli(words.toArray(String[]::new));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void keysAreChangedWhenTheNameServerHasTheNextOnesAndMailIsBelievedThroughout()
            throws IOException, InterruptedException {
        Peers.require("knot", "dkimpy");
        Path home = folder.resolve("postern");
        Finished init = Postern.command(folder, new byte[0], "init", "postern.test", "-d", home.toString());
        assertThat(init.exitCode()).as(init.toString()).isZero();
        List<String> first = records(init);
        assertThat(first).hasSize(2);
        submission = Ports.free();
        try (Knot knot = Knot.start(folder.resolve("knot"), "", List.of(), Map.of("postern.test", zone(first)));
                RecordingSink elsewhere = RecordingSink.start("PIPELINING", "8BITMIME");
                Postern postern = start(home, knot, elsewhere)) {
            Dkimpy dkimpy = Dkimpy.at(folder.resolve("dkimpy"), knot.port());
            byte[] before = sent(elsewhere, "before@elsewhere.test");
            List<String> old = selectors(before);
            assertThat(old).hasSize(2);

            Finished asked = rotate(postern, knot.port(), "--no-wait");
            assertThat(asked.exitCode()).as(asked.toString()).isEqualTo(75);
            assertThat(asked.output()).contains("ns.root.test (127.0.0.1): ", " does not exist there");
            List<String> next = records(asked);
            assertThat(next).hasSize(2).doesNotContainAnyElementsOf(first);
            assertThat(selectors(sent(elsewhere, "asked@elsewhere.test"))).isEqualTo(old);

            CompletableFuture<Finished> waits =
                    CompletableFuture.supplyAsync(() -> rotate(postern, knot.port(), "--time-out", "50s"));
            Path lock = home.resolve("dkim/.lock");
            Await.until(Site.SOON, () -> isLocked(lock), () -> "nobody rotates");
            assertThat(selectors(sent(elsewhere, "waiting@elsewhere.test"))).isEqualTo(old);
            List<String> both = new ArrayList<>(first);
            both.addAll(next);
            knot.change("postern.test", zone(both));
            Finished done = waits.join();
            assertThat(done.exitCode()).as(done.toString()).isZero();
            assertThat(records(done)).containsAll(next);
            assertThat(done.output())
                    .contains(
                            "all name servers have the records",
                            "The running server signs by them.",
                            "\"v=DKIM1; p=\"");

            byte[] after = sent(elsewhere, "after@elsewhere.test");
            assertThat(selectors(after)).hasSize(2).doesNotContainAnyElementsOf(old);
            assertThat(dkimpy.verify(List.of(before, after)))
                    .hasSize(2)
                    .allSatisfy(results -> assertThat(results)
                            .containsExactlyInAnyOrder(
                                    "pass postern.test rsa-sha256", "pass postern.test ed25519-sha256"));

            Finished good = list(postern, knot);
            assertThat(good.exitCode()).as(good.toString()).isZero();
            assertThat(good.output()).contains(selectors(after)).contains("signs", "retired on");
            knot.change("postern.test", zone(first));
            Finished bad = list(postern, knot);
            assertThat(bad.exitCode()).as(bad.toString()).isEqualTo(1);
            assertThat(bad.output()).contains("NOT PUBLISHED RIGHTLY");
            Finished json = postern.cli("dkim", "list", "--json", "--server-port", Integer.toString(knot.port()));
            assertThat(json.output().lines().toList())
                    .hasSize(4)
                    .allMatch(line -> line.startsWith("{\"domain\":\"postern.test\""))
                    .filteredOn(line -> line.contains("\"state\":\"active\""))
                    .hasSize(2)
                    .allMatch(line -> line.contains("\"published\":false"));
        }
    }

    private static Finished list(Postern postern, Knot knot) throws IOException, InterruptedException {
        return postern.cli("dkim", "list", "--server-port", Integer.toString(knot.port()));
    }

    /// Whether another process holds a lock on a file, as the system tells it.
    private static boolean isLocked(Path file) throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
        return Files.readAllLines(Path.of("/proc/locks")).stream().anyMatch(line -> line.contains(inode));
    }

    private Postern start(Path home, Knot knot, RecordingSink elsewhere) throws IOException, InterruptedException {
        Site.accounts(home, "joe@postern.test");
        return Postern.start(home, """
                        hostname = "mail.postern.test"
                        [listen]
                        submission = ["127.0.0.1:%d"]
                        [domains]
                        local = ["postern.test"]
                        postmaster = "joe@postern.test"
                        [dns]
                        servers = ["127.0.0.1:%d"]
                        [smarthost.elsewhere]
                        host = "127.0.0.1"
                        port = %d
                        tls = "opportunistic"
                        """.formatted(submission, knot.port(), elsewhere.port()), submission);
    }
}
