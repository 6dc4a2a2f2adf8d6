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

    /// Nobody listens at the next hop until a test starts somebody there.
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
                        """.formatted(mx, next, Ports.free()), mx);
    }

    @AfterAll
    void stop() {
        if (postern != null) {
            postern.close();
        }
    }

    @Test
    void listShowsWhatWaitsAndWhy() throws IOException, InterruptedException {
        String id = deferred("listed", "me@example.test", "first@down.test", "second@down.test");
        assertThat(queue("list", "--to", "first@down.test"))
                .contains(id, "<me@example.test>", "first@down.test  deferred, next attempt ", "second@down.test")
                .containsIgnoringCase("refused");
        assertThat(queue("list", "--to", "first@down.test", "--json"))
                .contains("{\"id\":\"" + id + "\"", "\"from\":\"me@example.test\"", "\"attempts\":1");
        assertThat(queue("list", "--from", "somebody@else.test")).doesNotContain(id);
        assertThat(queue("list", "--older-than", "1h")).doesNotContain(id);
        assertThat(queue("show", id))
                .contains(id, "Received: from client.test", "Subject: listed")
                .doesNotContain("Hello.");
        assertThat(queue("remove", id)).contains("1 message(s) removed");
        assertThat(queue("list")).doesNotContain(id);
    }

    @Test
    void retryTriesNow() throws IOException, InterruptedException {
        String id = deferred("retried", "me@example.test", "retry@next.test");
        try (RecordingSink sink = RecordingSink.start(next, "PIPELINING")) {
            assertThat(queue("retry", id)).contains("1 message(s) are tried now");
            assertThat(text(sink.awaitMessageTo("retry@next.test", SOON).content()))
                    .contains("Subject: retried");
        }
        awaitGone(id);
    }

    @Test
    void heldMessageIsNotTriedUntilItIsReleased() throws IOException, InterruptedException {
        String held = deferred("held", "me@example.test", "held@next.test");
        assertThat(queue("hold", "--to", "held@next.test")).contains("1 message(s) held");
        assertThat(queue("list", "--to", "held@next.test")).contains(held, "held");
        String other = deferred("not held", "me@example.test", "other@next.test");
        try (RecordingSink sink = RecordingSink.start(next, "PIPELINING")) {
            queue("retry", "--all");
            sink.awaitMessageTo("other@next.test", SOON);
            awaitGone(other);
            assertThat(sink.messages()).hasSize(1);
            assertThat(queue("release", held)).contains("1 message(s) released");
            assertThat(queue("list", "--to", "held@next.test")).doesNotContain("  held");
            queue("retry", held);
            sink.awaitMessageTo("held@next.test", SOON);
        }
        awaitGone(held);
    }

    @Test
    void removedMessageIsGoneAndNobodyIsTold() throws IOException, InterruptedException {
        String removed = deferred("removed", "silent@postern.test", "removed@down.test");
        assertThat(queue("remove", removed)).contains("1 message(s) removed");
        assertThat(queue("list")).doesNotContain(removed);
        // Whatever a removal had set off would have been delivered before what a later bounce set
        // off.
        String bounced = deferred("bounced later", "silent@postern.test", "later@down.test");
        queue("bounce", bounced);
        Maildir sender = inbox("silent");
        sender.awaitMessages(1, SOON, postern::log);
        assertThat(sender.messages()).hasSize(1);
        assertThat(text(sender.messages().getFirst())).contains("later@down.test");
    }

    @Test
    void bouncedMessageIsReportedToItsSender() throws IOException, InterruptedException {
        String id = deferred("bounced", "sender@postern.test", "bounced@down.test");
        assertThat(queue("bounce", id)).contains("1 message(s) bounced");
        assertThat(text(inbox("sender").awaitMessages(1, SOON, postern::log).getFirst()))
                .startsWith("Return-Path: <>\n")
                .contains("multipart/report", "Final-Recipient: rfc822; bounced@down.test", "Action: failed")
                .contains("Subject: bounced");
        awaitGone(id);
    }

    @Test
    void whatIsNotThereIsToldSo() throws IOException, InterruptedException {
        assertThatItSaysNo(postern.cli("queue", "show", "0d3kx2m1q0g00"), "there is no message 0d3kx2m1q0g00");
        assertThatItSaysNo(postern.cli("queue", "show", "???"), "\"???\" is not an id");
        assertThat(postern.cli("queue", "list", "--to", "nobody@nowhere.test").exitCode())
                .isZero();
    }

    @Test
    void refusedRecipientIsExplainedByTheIdAtTheEndOfTheReply() throws IOException, InterruptedException {
        try (RawSmtp smtp = Site.greeted(mx)) {
            Site.expect(250, smtp.command("MAIL FROM:<stranger@example.test>"));
            RawSmtp.Reply refused = smtp.command("RCPT TO:<victim@foreign.test>");
            Site.expect(550, refused);
            String id = refused.texts().getLast().replaceFirst(".*\\(id (\\S+)\\).*", "$1");
            Await.until(SOON, () -> postern.cli("explain", id).exitCode() == 0, postern::log);
            assertThat(postern.cli("explain", id).output())
                    .contains("rcpt: relay -> reject", "recipient = victim@foreign.test", "peer = 127.0.0.1");
        }
    }

    @Test
    void onlyTheOwnerMayOpenTheControlSocket() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("data/control.sock"))))
                .isEqualTo("rw-------");
    }

    /// Hands a message over and waits until its first attempt has failed.
    private String deferred(String subject, String from, String... to) throws IOException, InterruptedException {
        String id;
        try (RawSmtp smtp = Site.greeted(mx)) {
            RawSmtp.Reply reply = Site.transfer(smtp, Site.message(subject), from, to);
            Site.expect(250, reply);
            id = reply.texts().getFirst().replaceFirst(".*queued as ", "");
        }
        Await.until(SOON, () -> queue("list", "--to", to[0]).contains("deferred"), postern::log);
        return id;
    }

    private void awaitGone(String id) throws IOException, InterruptedException {
        Await.until(SOON, () -> !queue("list").contains(id), postern::log);
    }

    private String queue(String... words) throws IOException, InterruptedException {
        String[] all = new String[words.length + 1];
        all[0] = "queue";
        System.arraycopy(words, 0, all, 1, words.length);
        Finished finished = postern.cli(all);
        assertThat(finished.exitCode()).as(finished.toString()).isZero();
        return finished.output();
    }

    private Maildir inbox(String local) {
        return new Maildir(folder.resolve("mail/postern.test").resolve(local));
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }
}
