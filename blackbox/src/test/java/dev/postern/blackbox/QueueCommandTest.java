package dev.postern.blackbox;

import static dev.postern.blackbox.Sentences.assertThatItSaysNo;
import static dev.postern.blackbox.Site.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Maildir;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.RecordingSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// `postern queue` against a running server: what waits is seen and changed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class QueueCommandTest {
    private Path folder;

    private Postern postern;
    private int mx;
    private int next;

    /// Nobody listens at the next hops until a test starts somebody there, and nothing is tried
    /// again by itself while a test runs.
    @BeforeAll
    void start(@TempDir Path given) throws IOException, InterruptedException {
        folder = given;
        mx = Ports.free();
        next = Ports.free();
        postern = Postern.start(folder, """
                        hostname = "mail.postern.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        [domains]
                        local = ["postern.test"]
                        recipients = "any"
                        postmaster = "joe@postern.test"
                        [relay.domains]
                        "next.test" = "127.0.0.1:%d"
                        "down.test" = "127.0.0.1:%d"
                        "first.test" = "127.0.0.1:%d"
                        [delivery]
                        first-wait = "1h"
                        """.formatted(mx, next, Ports.free(), Ports.free()), mx);
    }

    @AfterAll
    void stop() {
        if (postern != null) {
            postern.close();
        }
    }

    @Test
    void listShowsWhatWaitsAndWhy() throws IOException, InterruptedException {
        String id = deferred("listed", "me@example.test", "one@first.test", "two@first.test");
        assertThat(queue("list", "--to", "one@first.test"))
                .contains(id, "<me@example.test>", "one@first.test  deferred, next attempt ", "two@first.test")
                .containsIgnoringCase("refused");
        assertThat(queue("list", "--to", "one@first.test", "--json"))
                .contains("{\"id\":\"" + id + "\"", "\"from\":\"me@example.test\"", "\"attempts\":1");
        assertThat(queue("list", "--from", "somebody@else.test")).doesNotContain(id);
        assertThat(queue("list", "--older-than", "1h")).doesNotContain(id);
        assertThat(queue("show", id))
                .contains(id, "Received: from client.test", "Subject: listed")
                .doesNotContain("Hello.");
        assertThat(queue("remove", id)).isEqualTo("1 message(s) removed\n");
    }

    @Test
    void retryTriesNow() throws IOException, InterruptedException {
        String id = deferred("retried", "me@example.test", "retry@next.test");
        try (RecordingSink sink = RecordingSink.start(next, "PIPELINING")) {
            assertThat(queue("retry", id)).isEqualTo("1 message(s) are tried now\n");
            assertThat(text(sink.awaitMessageTo("retry@next.test", SOON).content()))
                    .contains("Subject: retried");
            awaitLog("delivered id=" + id);
        }
        assertThat(queue("list")).doesNotContain(id);
    }

    @Test
    void heldMessageIsNotTriedUntilItIsReleased() throws IOException, InterruptedException {
        String held = deferred("held", "me@example.test", "held@next.test");
        String other = deferred("not held", "me@example.test", "other@next.test");
        assertThat(queue("hold", "--to", "held@next.test")).isEqualTo("1 message(s) held\n");
        assertThat(queue("list", "--to", "held@next.test"))
                .containsPattern(held + ".*<me@example.test>  held\n")
                .doesNotContain(other);
        try (RecordingSink sink = RecordingSink.start(next, "PIPELINING")) {
            assertThat(queue("retry", "--to", "@next.test"))
                    .isEqualTo("1 message(s) are tried now; 1 held, release first\n");
            sink.awaitMessageTo("other@next.test", SOON);
            awaitLog("delivered id=" + other);
            assertThat(sink.messages()).hasSize(1);
            assertThat(queue("release", held)).isEqualTo("1 message(s) released\n");
            assertThat(queue("retry", held)).isEqualTo("1 message(s) are tried now\n");
            sink.awaitMessageTo("held@next.test", SOON);
            awaitLog("delivered id=" + held);
        }
        assertThat(queue("list")).doesNotContain(held, other);
    }

    @Test
    void removedMessageIsGoneSilentlyAndBouncedOneIsReportedToItsSender() throws IOException, InterruptedException {
        String removed = deferred("removed", "sender@postern.test", "removed@down.test");
        String bounced = deferred("bounced", "sender@postern.test", "bounced@down.test");
        assertThat(queue("remove", removed)).isEqualTo("1 message(s) removed\n");
        assertThat(queue("list")).doesNotContain(removed).contains(bounced);
        // Whatever the removal had set off would have been delivered before what the bounce sets off.
        assertThat(queue("bounce", bounced)).isEqualTo("1 message(s) bounced\n");
        Maildir sender = new Maildir(folder.resolve("mail/postern.test/sender"));
        List<byte[]> arrived = sender.awaitMessages(1, SOON, postern::log);
        assertThat(arrived).hasSize(1);
        assertThat(text(arrived.getFirst()))
                .startsWith("Return-Path: <>\n")
                .contains("multipart/report", "\nFinal-Recipient: rfc822;bounced@down.test\nAction: failed\n")
                .contains("\nSubject: bounced\n");
        assertThat(queue("list")).doesNotContain(bounced);
    }

    @Test
    void whatIsNotThereIsToldSo() throws IOException, InterruptedException {
        assertThatItSaysNo(postern.cli("queue", "show", "0d3kx2m1q0g00"), "there is no message 0d3kx2m1q0g00");
        assertThatItSaysNo(postern.cli("queue", "show", "???"), "\"???\" is not an id");
    }

    @Test
    void refusedRecipientIsExplainedByTheIdAtTheEndOfTheReply() throws IOException, InterruptedException {
        String id;
        try (RawSmtp smtp = Site.greeted(mx)) {
            Site.expect(250, smtp.command("MAIL FROM:<stranger@example.test>"));
            RawSmtp.Reply refused = smtp.command("RCPT TO:<victim@foreign.test>");
            Site.expect(550, refused);
            id = refused.texts().getLast().replaceFirst(".*\\(id (\\S+)\\).*", "$1");
            Site.expect(221, smtp.command("QUIT"));
        }
        // What a session was refused is kept when it has ended.
        Await.until(SOON, () -> postern.cli("explain", id).exitCode() == 0, postern::log);
        assertThat(postern.cli("explain", id).output())
                .contains("rcpt: relay -> reject", "recipient = victim@foreign.test", "peer = 127.0.0.1");
    }

    @Test
    void onlyTheOwnerMayOpenTheControlSocket() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("data/control.sock"))))
                .isEqualTo("rw-------");
    }

    /// Hands a message over and waits until it is known that its next hop cannot be reached: by an
    /// attempt of its own, or because that hop is left alone after another message's attempt.
    private String deferred(String subject, String from, String... to) throws IOException, InterruptedException {
        String id;
        try (RawSmtp smtp = Site.greeted(mx)) {
            RawSmtp.Reply reply = Site.transfer(smtp, Site.message(subject), from, to);
            Site.expect(250, reply);
            id = reply.texts().getFirst().replaceFirst(".*queued as ", "");
        }
        for (String recipient : to) {
            awaitLog("(deferred|passed-over) id=" + id + " .* to=" + recipient + " .*Connection refused");
        }
        return id;
    }

    private void awaitLog(String pattern) throws IOException, InterruptedException {
        Predicate<String> written = Pattern.compile(pattern).asPredicate();
        Await.until(SOON, () -> written.test(postern.log()), postern::log);
    }

    private String queue(String... words) throws IOException, InterruptedException {
        String[] all = new String[words.length + 1];
        all[0] = "queue";
        System.arraycopy(words, 0, all, 1, words.length);
        Finished finished = postern.cli(all);
        assertThat(finished.exitCode()).as(finished.toString()).isZero();
        return finished.output();
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }
}
