package dev.postern.blackbox;

import static dev.postern.blackbox.Site.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Dovecot;
import dev.postern.blackbox.peers.Exim;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Maildir;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.Postfix;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.Swaks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Real clients deliver to our listener for other servers under TLS, and a real reader reads our
/// Maildirs.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IncomingMailTest {
    private Path folder;

    private Postern postern;
    private int mx;
    private int lmtp;

    @BeforeAll
    void start(@TempDir Path given) throws IOException, InterruptedException {
        folder = given;
        mx = Ports.free();
        lmtp = Ports.free();
        postern = Postern.start(
                folder.resolve("postern"),
                """
                        hostname = "mail.postern.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        lmtp = ["127.0.0.1:%d", "unix:lmtp.sock"]
                        [domains]
                        local = ["postern.test"]
                        recipients = "any"
                        postmaster = "joe@postern.test"
                        """.formatted(mx, lmtp),
                new Postern.Doors(List.of(mx, lmtp), List.of(folder.resolve("postern/lmtp.sock"))));
    }

    @AfterAll
    void stop() {
        if (postern != null) {
            postern.close();
        }
    }

    @Test
    void swaksDeliversUnderTls() throws IOException, InterruptedException {
        Peers.require("swaks");
        Finished sent = Swaks.run(
                folder, mx, "--tls", "--from", "me@example.test", "--to", "swaks@postern.test", "--body", "one\\n.two");
        assertThat(sent.exitCode()).as(sent.toString()).isZero();
        assertThat(arrived("swaks"))
                .startsWith("Return-Path: <me@example.test>\nDelivered-To: swaks@postern.test\nReceived: from ")
                .contains("by mail.postern.test with ESMTPS (TLSv1.3", "for <swaks@postern.test>")
                .endsWith("\none\n.two\n\n\n");
    }

    @Test
    void swaksDeliversToTheUnixSocketByLmtp() throws IOException, InterruptedException {
        Peers.require("swaks");
        Finished sent = Swaks.run(
                folder,
                folder.resolve("postern/lmtp.sock"),
                "--protocol",
                "LMTP",
                "--from",
                "me@example.test",
                "--to",
                "first@postern.test,second@postern.test");
        assertThat(sent.exitCode()).as(sent.toString()).isZero();
        assertThat(arrived("first")).contains("with LMTP ");
        assertThat(arrived("second")).contains("with LMTP ");
    }

    @Test
    void postfixDeliversUnderTls() throws IOException, InterruptedException {
        Peers.require("postfix", "openssl");
        try (Postfix postfix =
                Postfix.start(folder.resolve("postfix"), Postfix.Settings.relay(mx, Postfix.Tls.ENCRYPT))) {
            Finished taken = postfix.submit(
                    "Subject: hello\n\n.\n.dots\n".getBytes(StandardCharsets.UTF_8),
                    "me@example.test",
                    "postfix@postern.test");
            assertThat(taken.exitCode()).as(taken.toString()).isZero();
            assertThat(arrived("postfix", postfix.log()))
                    .startsWith("Return-Path: <me@example.test>\n")
                    .contains("Received: from relay.postfix.test ", "with ESMTPS (TLSv1.3")
                    .endsWith("\n\n.\n.dots\n");
            assertThat(postfix.log()).contains("TLS connection established to 127.0.0.1");
        }
    }

    @Test
    void eximDeliversUnderTls() throws IOException, InterruptedException {
        Peers.require("exim", "openssl", "swaks");
        try (Exim exim = Exim.relay(folder.resolve("exim"), "exim.test", mx)) {
            Finished sent = Swaks.run(folder, exim.port(), "--from", "me@example.test", "--to", "exim@postern.test");
            assertThat(sent.exitCode()).as(sent.toString()).isZero();
            assertThat(arrived("exim", exim.log())).contains("Received: from mx.exim.test ", "with ESMTPS (TLSv1.3");
            assertThat(exim.log()).contains(" X=TLS1.3");
        }
    }

    @Test
    void dovecotReadsOurMaildir() throws IOException, InterruptedException {
        Peers.require("dovecot", "openssl");
        try (Dovecot dovecot = Dovecot.start(folder.resolve("dovecot"));
                RawSmtp smtp = Site.greeted(mx)) {
            for (String subject : List.of("one", "two", "three")) {
                Site.expect(250, Site.transfer(smtp, Site.message(subject), "me@example.test", "reader@postern.test"));
            }
            List<String> written = inbox("reader").awaitMessages(3, SOON, postern::log).stream()
                    .map(message -> new String(Octets.withCrLf(message), StandardCharsets.UTF_8))
                    .toList();
            assertThat(dovecot.read(inbox("reader")))
                    .as(dovecot.log())
                    .extracting(message -> new String(message, StandardCharsets.UTF_8))
                    .containsExactlyInAnyOrderElementsOf(written);
        }
    }

    private String arrived(String local) throws IOException, InterruptedException {
        return arrived(local, "");
    }

    private String arrived(String local, String log) throws IOException, InterruptedException {
        List<byte[]> messages = inbox(local).awaitMessages(1, SOON, () -> log + postern.log());
        return new String(messages.getFirst(), StandardCharsets.UTF_8);
    }

    private Maildir inbox(String local) {
        return new Maildir(postern.folder().resolve("mail/postern.test").resolve(local));
    }
}
