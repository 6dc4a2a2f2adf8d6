package dev.postern.blackbox;

import static dev.postern.blackbox.Site.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Maildir;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.RecordingSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two Posterns, each of which forwards to the other what the other forwards to it.
final class ForwardingLoopTest {
    @Test
    void circleEndsWithOneReportToTheAuthorAndNothingInTheQueues(@TempDir Path folder)
            throws IOException, InterruptedException {
        int onePort = Ports.free();
        int twoPort = Ports.free();
        try (RecordingSink origin = RecordingSink.start("PIPELINING", "8BITMIME");
                Postern one = start(folder.resolve("one"), "one", onePort, "two", twoPort, origin.port());
                Postern two = start(folder.resolve("two"), "two", twoPort, "one", onePort, origin.port())) {
            try (RawSmtp smtp = Site.greeted(onePort)) {
                Site.expect(
                        250,
                        Site.transfer(smtp, Site.message("round"), "ann@origin.test", "joe@one.test", "boss@one.test"));
            }
            RecordingSink.Taken report = origin.awaitMessageTo("ann@origin.test", SOON);
            assertThat(report.mail()).startsWith("FROM:<>");
            assertThat(new String(report.content(), StandardCharsets.UTF_8))
                    .contains("Status: 5.4.6", "it has come back: a loop", "Subject: round");
            for (Postern server : new Postern[] {one, two}) {
                Await.until(SOON, () -> queued(server).equals("{\"messages\":0}"), () -> queued(server) + server.log());
            }
            assertThat(origin.messages()).hasSize(1);
            assertThat(new Maildir(one.folder().resolve("mail/one.test/boss")).files())
                    .as("who was another recipient has it once")
                    .hasSize(1);
        }
    }

    private static String queued(Postern server) {
        try {
            return server.cli("queue", "list", "--json").output().strip();
        } catch (IOException failed) {
            return failed.toString();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return interrupted.toString();
        }
    }

    /// A server of `NAME.test` whose alias `joe` leads to `joe` at another.
    private static Postern start(Path folder, String name, int port, String other, int otherPort, int originPort)
            throws IOException, InterruptedException {
        Site.accounts(folder, "boss@" + name + ".test");
        Files.writeString(folder.resolve("aliases"), "joe: joe@" + other + ".test\n");
        return Postern.start(folder, """
                        hostname = "mail.%1$s.test"
                        [listen]
                        mx = ["127.0.0.1:%2$d"]
                        [domains]
                        local = ["%1$s.test"]
                        postmaster = "boss@%1$s.test"
                        [smarthost.other]
                        host = "127.0.0.1"
                        port = %4$d
                        tls = "opportunistic"
                        recipient-domains = ["%3$s.test"]
                        [smarthost.origin]
                        host = "127.0.0.1"
                        port = %5$d
                        tls = "opportunistic"
                        recipient-domains = ["origin.test"]
                        """.formatted(name, port, other, otherPort, originPort), port);
    }
}
