package dev.postern.blackbox;

import static dev.postern.blackbox.Site.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Maildir;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.Program;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.RecordingSink;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server ends when it is told to: what is under way may finish within a bound, what was taken
/// is not lost.
final class ShutdownTest {
    /// Longer than any test waits for anything.
    private static final String LONG_DRAIN = "50s";

    private static final String SHORT_DRAIN = "1s";

    @TempDir
    private Path folder;

    private Postern start(int mx, int next, String drain) throws IOException, InterruptedException {
        return Postern.start(folder, """
                        hostname = "mail.postern.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        [domains]
                        local = ["postern.test"]
                        recipients = "any"
                        postmaster = "joe@postern.test"
                        [relay.domains]
                        "next.test" = "127.0.0.1:%d"
                        [limits]
                        drain = "%s"
                        """.formatted(mx, next, drain), mx);
    }

    @Test
    void openTransactionFinishesAndItsMessageIsKept() throws Exception {
        int mx = Ports.free();
        try (Postern postern = start(mx, Ports.free(), LONG_DRAIN)) {
            CompletableFuture<Integer> ended;
            try (RawSmtp smtp = Site.greeted(mx);
                    RawSmtp idle = Site.greeted(mx)) {
                Site.envelope(smtp, "me@example.test", "joe@postern.test");
                Site.expect(354, smtp.command("DATA"));
                smtp.send("Subject: finished\r\n\r\nhalf");
                ended = ending(postern);
                // The idle session is told to go: the drain has begun.
                Site.expect(421, idle.reply());
                assertThat(idle.ended()).isTrue();
                assertThat(Ports.isListening(mx)).isFalse();
                smtp.send(" and half\r\n.\r\n");
                Site.expect(250, smtp.reply());
            }
            assertThat(ended.get()).isZero();
            postern.restart();
            assertThat(arrived(postern)).endsWith("\n\nhalf and half\n");
        }
    }

    @Test
    void transactionThatDoesNotFinishIsCutOffAfterTheBound() throws Exception {
        int mx = Ports.free();
        try (Postern postern = start(mx, Ports.free(), SHORT_DRAIN);
                RawSmtp smtp = Site.greeted(mx)) {
            Site.envelope(smtp, "me@example.test", "joe@postern.test");
            Site.expect(354, smtp.command("DATA"));
            smtp.send("Subject: never finished\r\n\r\nhalf");
            // Returns when the server has ended; longer than a minute is a failure.
            assertThat(postern.stop()).isZero();
            assertThat(lastWord(smtp)).isIn(421, 0);
            assertThat(postern.log()).doesNotContain("Exception", "\tat ");
            postern.restart();
            try (RawSmtp again = Site.greeted(mx)) {
                Site.expect(250, Site.transfer(again, Site.message("finished"), "me@example.test", "joe@postern.test"));
            }
            assertThat(arrived(postern)).contains("Subject: finished");
            assertThat(new Maildir(folder.resolve("mail/postern.test/joe")).files())
                    .hasSize(1);
        }
    }

    /// The code of a farewell, 0 where the connection ended without one.
    private static int lastWord(RawSmtp smtp) {
        try {
            return smtp.reply().code();
        } catch (EOFException ended) {
            return 0;
        } catch (IOException reset) {
            // A connection that is reset has ended without a farewell.
            return 0;
        }
    }

    @Test
    void interruptOfTheTerminalEndsItAsWell() throws Exception {
        int mx = Ports.free();
        try (Postern postern = start(mx, Ports.free(), SHORT_DRAIN)) {
            long pid = postern.pid();
            ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
            Program.run(List.of("kill", "-INT", Long.toString(pid)), folder, Map.of(), new byte[0], SOON);
            Await.until(SOON, () -> !process.isAlive(), postern::log);
            assertThat(postern.log()).doesNotContain("Exception", "\tat ");
            assertThat(folder.resolve("data/control.sock")).doesNotExist();
        }
    }

    @Test
    void whatCouldNotBeDeliveredIsResumedAfterAStopAndAfterAKill() throws Exception {
        int mx = Ports.free();
        int next = Ports.free();
        try (Postern postern = start(mx, next, SHORT_DRAIN)) {
            String id = submit(mx, "resumed");
            Await.until(SOON, () -> postern.log().contains("deferred id=" + id), postern::log);
            postern.stop();
            postern.restart();
            assertThat(list(postern)).contains(id, "joe@next.test", "deferred");
            postern.kill9();
            postern.restart();
            assertThat(list(postern)).contains(id, "joe@next.test", "deferred");
            try (RecordingSink sink = RecordingSink.start(next, "PIPELINING")) {
                assertThat(postern.cli("queue", "retry", "--all").exitCode()).isZero();
                byte[] content = sink.awaitMessageTo("joe@next.test", SOON).content();
                assertThat(new String(content, StandardCharsets.UTF_8)).endsWith("Subject: resumed\r\n\r\nHello.\r\n");
                Await.until(SOON, () -> postern.log().contains("delivered id=" + id), postern::log);
                assertThat(list(postern)).startsWith("0 message(s)");
                assertThat(sink.messages()).hasSize(1);
                assertThat(sink.complaints()).isEmpty();
            }
        }
    }

    private static String submit(int mx, String subject) throws IOException {
        try (RawSmtp smtp = Site.greeted(mx)) {
            RawSmtp.Reply reply = Site.transfer(smtp, Site.message(subject), "me@example.test", "joe@next.test");
            Site.expect(250, reply);
            return reply.texts().getFirst().replaceFirst(".*queued as ", "");
        }
    }

    private static String list(Postern postern) throws IOException, InterruptedException {
        Finished listed = postern.cli("queue", "list");
        assertThat(listed.exitCode()).as(listed.toString()).isZero();
        return listed.output();
    }

    private static CompletableFuture<Integer> ending(Postern postern) {
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                ended.complete(postern.stop());
            } catch (InterruptedException | RuntimeException | Error failed) {
                ended.completeExceptionally(failed);
            }
        });
        return ended;
    }

    private String arrived(Postern postern) throws IOException, InterruptedException {
        Maildir inbox = new Maildir(folder.resolve("mail/postern.test/joe"));
        return new String(inbox.awaitMessages(1, SOON, postern::log).getFirst(), StandardCharsets.UTF_8);
    }
}
