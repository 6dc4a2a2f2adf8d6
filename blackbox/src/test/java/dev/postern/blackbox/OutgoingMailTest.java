package dev.postern.blackbox;

import static dev.postern.blackbox.Site.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Dovecot;
import dev.postern.blackbox.peers.Exim;
import dev.postern.blackbox.peers.Maildir;
import dev.postern.blackbox.peers.OpenSmtpd;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.Postfix;
import dev.postern.blackbox.peers.RawSmtp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// We deliver to real servers: by SMTP under TLS, and into Dovecot's inboxes by LMTP.
final class OutgoingMailTest {
    @TempDir
    private Path folder;

    @Test
    void postfixEximAndOpenSmtpdTakeOurMailUnderTls() throws IOException, InterruptedException {
        Peers.require("postfix", "exim", "opensmtpd", "openssl");
        int mx = Ports.free();
        try (Postfix postfix = Postfix.start(folder.resolve("postfix"), Postfix.Settings.receiver("postfix.test"));
                Exim exim = Exim.start(folder.resolve("exim"), "exim.test");
                OpenSmtpd opensmtpd = OpenSmtpd.start(folder.resolve("opensmtpd"), "opensmtpd.test");
                Postern postern = Postern.start(
                        folder.resolve("postern"),
                        """
                        hostname = "mail.postern.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        [domains]
                        local = ["postern.test"]
                        recipients = "any"
                        postmaster = "joe@postern.test"
                        [relay.domains]
                        "postfix.test" = "127.0.0.1:%d"
                        "exim.test" = "127.0.0.1:%d"
                        "opensmtpd.test" = "127.0.0.1:%d"
                        """.formatted(mx, postfix.port(), exim.port(), opensmtpd.port()),
                        mx);
                RawSmtp smtp = Site.greeted(mx)) {
            String message = """
                    From: <me@example.test>
                    Date: Mon, 1 Jun 2026 12:00:00 +0000
                    Message-ID: <all-three@example.test>
                    Subject: all three

                    .
                    .dots
                    """;
            Site.expect(
                    250,
                    Site.transfer(
                            smtp,
                            message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8),
                            "me@example.test",
                            "joe@postfix.test",
                            "joe@exim.test",
                            "joe@opensmtpd.test"));

            assertThat(arrived(postfix.inbox(), postern, postfix.log()))
                    .startsWith("Return-Path: <me@example.test>\n")
                    .containsPattern("\nReceived: from mail\\.postern\\.test [^:]*\\(using TLSv1\\.3 with cipher ")
                    .containsPattern("\n\tby mx\\.postfix\\.test \\(Postfix\\) with ESMTPS ")
                    .endsWith("\n" + message);
            assertThat(arrived(exim.inbox(), postern, exim.log()))
                    .startsWith("Return-path: <me@example.test>\n")
                    .containsPattern("\nReceived: from \\[127\\.0\\.0\\.1] \\(helo=mail\\.postern\\.test\\)\n"
                            + "\tby mx\\.exim\\.test with esmtps +\\(TLS1\\.3\\) ")
                    .endsWith("\n" + message);
            assertThat(arrived(opensmtpd.inbox(), postern, opensmtpd.log()))
                    .startsWith("Return-Path: <me@example.test>\n")
                    .containsPattern("\nReceived: from mail\\.postern\\.test [^;]*by mx\\.opensmtpd\\.test "
                            + "\\(OpenSMTPD\\) with ESMTPS [^;]*\\(TLSv1\\.3:")
                    .endsWith("\n" + message);

            // Both sides say so, and each peer greets in plain text: TLS began with STARTTLS.
            assertThat(postfix.log()).contains("TLS connection established from localhost[127.0.0.1]: TLSv1.3");
            assertThat(exim.log()).containsPattern(" <= me@example\\.test .* P=esmtps X=TLS1\\.3:");
            assertThat(opensmtpd.log()).contains(" smtp tls ciphers=TLSv1.3:");
            assertThatWeBeganTls(postern, postfix.port(), "postfix.test");
            assertThatWeBeganTls(postern, exim.port(), "exim.test");
            assertThatWeBeganTls(postern, opensmtpd.port(), "opensmtpd.test");
        }
    }

    private static void assertThatWeBeganTls(Postern postern, int port, String domain)
            throws IOException, InterruptedException {
        try (RawSmtp plain = Site.greeted(port)) {
            Site.expect(221, plain.command("QUIT"));
        }
        Await.until(SOON, () -> postern.log().contains(" to=joe@" + domain + " "), postern::log);
        assertThat(postern.log())
                .containsPattern(" host-reached server=127\\.0\\.0\\.1:" + port + " name=mx\\." + domain
                        + " tls=\"TLSv1\\.3 \\w+\"")
                .containsPattern(" delivered id=\\S+ from=me@example\\.test to=joe@" + domain
                        + " .* how=\"250 .* \\(TLSv1\\.3 \\w+\\)\"");
    }

    @Test
    void recipientThatPostfixRefusesIsReportedToTheSenderWithItsWords() throws IOException, InterruptedException {
        Peers.require("postfix", "openssl");
        int mx = Ports.free();
        try (Postfix postfix = Postfix.start(folder.resolve("postfix"), Postfix.Settings.receiver("postfix.test"));
                Postern postern = Postern.start(folder.resolve("postern"), """
                        hostname = "mail.postern.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        [domains]
                        local = ["postern.test"]
                        recipients = "any"
                        postmaster = "joe@postern.test"
                        [relay.domains]
                        "postfix.test" = "127.0.0.1:%d"
                        """.formatted(mx, postfix.port()), mx);
                RawSmtp smtp = Site.greeted(mx)) {
            Site.expect(
                    250,
                    Site.transfer(
                            smtp,
                            Site.message("half of it"),
                            "joe@postern.test",
                            "unknown@postfix.test",
                            "known@postfix.test"));
            assertThat(arrived(postfix.inbox(), postern, postfix.log())).contains("Delivered-To: known@postfix.test");
            Maildir sender = new Maildir(postern.folder().resolve("mail/postern.test/joe"));
            assertThat(arrived(sender, postern, postfix.log()))
                    .startsWith("Return-Path: <>\n")
                    .contains("multipart/report", "Final-Recipient: rfc822;unknown@postfix.test", "5.1.1")
                    .contains("Subject: half of it")
                    .doesNotContain("rfc822;known@postfix.test");
        }
    }

    @Test
    void recipientsThatTwoServersRefuseAreInOneReport() throws IOException, InterruptedException {
        Peers.require("postfix", "exim", "openssl");
        int mx = Ports.free();
        try (Postfix postfix = Postfix.start(folder.resolve("postfix"), Postfix.Settings.receiver("postfix.test"));
                Exim exim = Exim.start(folder.resolve("exim"), "exim.test");
                Postern postern =
                        Postern.start(folder.resolve("postern"), """
                        hostname = "mail.postern.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        [domains]
                        local = ["postern.test"]
                        recipients = "any"
                        postmaster = "joe@postern.test"
                        [relay.domains]
                        "postfix.test" = "127.0.0.1:%d"
                        "exim.test" = "127.0.0.1:%d"
                        """.formatted(mx, postfix.port(), exim.port()), mx);
                RawSmtp smtp = Site.greeted(mx)) {
            Site.expect(
                    250,
                    Site.transfer(
                            smtp,
                            Site.message("for nobody"),
                            "joe@postern.test",
                            "unknown1@postfix.test",
                            "unknown2@exim.test",
                            "known@exim.test"));
            Maildir sender = new Maildir(postern.folder().resolve("mail/postern.test/joe"));
            assertThat(arrived(sender, postern, postfix.log() + exim.log()))
                    .startsWith("Return-Path: <>\n")
                    .contains("these 2 recipients")
                    .contains("Final-Recipient: rfc822;unknown1@postfix.test")
                    .contains("Final-Recipient: rfc822;unknown2@exim.test")
                    .doesNotContain("rfc822;known@exim.test");
        }
    }

    @Test
    void smarthostWithAVerifiedCertificateTakesWhatAUserSubmits() throws IOException, InterruptedException {
        Peers.require("postfix", "openssl");
        int submission = Ports.free();
        Path own = folder.resolve("postern");
        Site.accounts(own, "joe@postern.test");
        try (Postfix postfix = Postfix.start(folder.resolve("postfix"), Postfix.Settings.receiver("postfix.test"));
                Postern postern = Postern.start(own, """
                        hostname = "mail.postern.test"
                        [listen]
                        submission = ["127.0.0.1:%d"]
                        [tls]
                        trust = "../postfix/cert.pem"
                        [domains]
                        local = ["postern.test"]
                        postmaster = "joe@postern.test"
                        [smarthost.postfix]
                        host = "127.0.0.1"
                        port = %d
                        """.formatted(submission, postfix.port()), submission);
                RawSmtp smtp = Site.loggedIn(submission, "joe@postern.test")) {
            Site.expect(250, Site.transfer(smtp, Site.message("verified"), "joe@postern.test", "friend@postfix.test"));
            assertThat(arrived(postfix.inbox(), postern, postfix.log()))
                    .contains("using TLSv1.3", "with ESMTPSA (TLSv1.3", "\nDate: ", "\nMessage-ID: <")
                    .endsWith("\n\nHello.\n");
        }
    }

    @Test
    void dovecotTakesOurMailByLmtpOverTcpAndOverItsSocket() throws IOException, InterruptedException {
        Peers.require("dovecot", "openssl");
        Path dovecotFolder = folder.resolve("dovecot");
        try (Dovecot dovecot = Dovecot.start(dovecotFolder, "tcp", "unix")) {
            deliver(dovecot, "127.0.0.1:" + dovecot.lmtpPort(), "tcp");
            deliver(dovecot, "unix:" + dovecot.lmtpSocket(), "unix");
        }
    }

    private void deliver(Dovecot dovecot, String server, String user) throws IOException, InterruptedException {
        int mx = Ports.free();
        try (Postern postern = Postern.start(folder.resolve(user), """
                        hostname = "mail.postern.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        [domains]
                        local = ["postern.test"]
                        recipients = "any"
                        postmaster = "%s@postern.test"
                        [inboxes]
                        by = "lmtp"
                        server = "%s"
                        """.formatted(mx, user, server), mx);
                RawSmtp smtp = Site.greeted(mx)) {
            Site.expect(
                    250,
                    Site.transfer(
                            smtp,
                            Site.message(user),
                            user + "@postern.test",
                            user + "@postern.test",
                            "no@postern.test"));
            // The message and, for the inbox that Dovecot does not have, the report to its sender.
            String both = dovecot.inbox(user).awaitMessages(2, SOON, () -> dovecot.log() + postern.log()).stream()
                    .map(message -> new String(message, StandardCharsets.UTF_8))
                    .reduce("", String::concat);
            assertThat(both)
                    .contains("Delivered-To: " + user + "@postern.test", "\nSubject: " + user + "\n\nHello.\n")
                    .contains("Final-Recipient: rfc822;no@postern.test", "5.1.1");
        }
    }

    private static String arrived(Maildir inbox, Postern postern, String log) throws IOException, InterruptedException {
        return new String(
                inbox.awaitMessages(1, SOON, () -> log + postern.log()).getFirst(), StandardCharsets.UTF_8);
    }
}
