package dev.postern.blackbox.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/// The foreign programs with each other: what a test finds wrong later is not a fault of its peers.
final class PeersTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final int SESSIONS = 4;
    private static final int MESSAGES = 100;

    @TempDir
    private Path folder;

    @Test
    void swaksReachesPostfixUnderTls() throws IOException, InterruptedException {
        Peers.require("postfix", "openssl", "swaks");
        try (Postfix postfix = Postfix.start(folder.resolve("p"), Postfix.Settings.receiver("postfix.test"))) {
            Finished sent = send(postfix.port(), "joe@postfix.test", "--tls");
            assertThat(sent.exitCode()).as(sent.toString()).isZero();
            assertThat(inbox(postfix.inbox(), postfix.log()))
                    .contains("Return-Path: <me@example.org>", "Delivered-To: joe@postfix.test", "using TLSv1.3");
        }
    }

    @Test
    void swaksReachesEximUnderTls() throws IOException, InterruptedException {
        Peers.require("exim", "openssl", "swaks");
        try (Exim exim = Exim.start(folder.resolve("e"), "exim.test")) {
            Finished sent = send(exim.port(), "joe@exim.test", "--tls");
            assertThat(sent.exitCode()).as(sent.toString()).isZero();
            assertThat(inbox(exim.inbox(), exim.log()))
                    .contains("Return-path: <me@example.org>", "Envelope-to: joe@exim.test", "esmtps");
        }
    }

    @Test
    void swaksReachesOpenSmtpdUnderTls() throws IOException, InterruptedException {
        Peers.require("opensmtpd", "openssl", "swaks");
        try (OpenSmtpd opensmtpd = OpenSmtpd.start(folder.resolve("o"), "opensmtpd.test")) {
            Finished sent = send(opensmtpd.port(), "joe@opensmtpd.test", "--tls");
            assertThat(sent.exitCode()).as(sent.toString()).isZero();
            assertThat(inbox(opensmtpd.inbox(), opensmtpd.log()))
                    .contains("Return-Path: <me@example.org>", "Delivered-To: joe@opensmtpd.test", "ESMTPS");
        }
    }

    @Test
    void aRefusedRecipientIsSeenInTheExitCodeAndInTheTranscript() throws IOException, InterruptedException {
        Peers.require("postfix", "exim", "openssl", "swaks");
        try (Postfix postfix = Postfix.start(folder.resolve("p"), Postfix.Settings.receiver("postfix.test"));
                Exim exim = Exim.start(folder.resolve("e"), "exim.test")) {
            Finished byPostfix = send(postfix.port(), "unknown@postfix.test");
            assertThat(byPostfix.exitCode()).isNotZero();
            assertThat(byPostfix.output()).contains("<** 550 5.1.1");
            Finished byExim = send(exim.port(), "unknown@exim.test");
            assertThat(byExim.exitCode()).isNotZero();
            assertThat(byExim.output()).contains("<** 550 no such user");
        }
    }

    @Test
    void postfixRelaysToEximUnderTls() throws IOException, InterruptedException {
        Peers.require("postfix", "exim", "openssl");
        try (Exim exim = Exim.start(folder.resolve("e"), "exim.test");
                Postfix postfix =
                        Postfix.start(folder.resolve("p"), Postfix.Settings.relay(exim.port(), Postfix.Tls.ENCRYPT))) {
            Finished taken = postfix.submit(
                    "Subject: hello\n\n.\n.dots\n".getBytes(StandardCharsets.UTF_8), "me@example.org", "joe@exim.test");
            assertThat(taken.exitCode()).as(taken.toString()).isZero();
            assertThat(inbox(exim.inbox(), postfix.log() + exim.log()))
                    .contains("Subject: hello\n", "esmtps", "\n\n.\n.dots\n");
        }
    }

    @Test
    void eximRelaysToPostfixUnderTls() throws IOException, InterruptedException {
        Peers.require("postfix", "exim", "openssl", "swaks");
        try (Postfix postfix = Postfix.start(folder.resolve("p"), Postfix.Settings.receiver("postfix.test"));
                Exim exim = Exim.relay(folder.resolve("e"), "exim.test", postfix.port())) {
            Finished sent = send(exim.port(), "joe@postfix.test");
            assertThat(sent.exitCode()).as(sent.toString()).isZero();
            assertThat(inbox(postfix.inbox(), exim.log() + postfix.log())).contains("by mx.exim.test", "using TLSv1.3");
        }
    }

    @Test
    void smtpSourceThroughPostfixIsCountedBySmtpSink() throws IOException, InterruptedException {
        Peers.require("postfix", "openssl");
        try (SmtpSink sink = SmtpSink.start(folder.resolve("s"));
                Postfix postfix =
                        Postfix.start(folder.resolve("p"), Postfix.Settings.relay(sink.port(), Postfix.Tls.NONE))) {
            Finished sent = Postfix.smtpSource(
                    folder.resolve("c"),
                    SOON,
                    postfix.port(),
                    "-s",
                    Integer.toString(SESSIONS),
                    "-m",
                    Integer.toString(MESSAGES),
                    "-l",
                    "4096",
                    "-f",
                    "me@example.org",
                    "-t",
                    "joe@sink.test");
            assertThat(sent.exitCode()).as(sent.toString()).isZero();
            sink.awaitMessages(MESSAGES, SOON);
            assertThat(sink.messages()).isEqualTo(MESSAGES);
        }
    }

    @Test
    void smtpSinkDumpsWhatItTook() throws IOException, InterruptedException {
        Peers.require("postfix", "swaks");
        Path sinkFolder = folder.resolve("s");
        try (SmtpSink sink = SmtpSink.start(sinkFolder, "-d", "dump/m.")) {
            Finished sent = send(sink.port(), "joe@sink.test");
            assertThat(sent.exitCode()).as(sent.toString()).isZero();
            sink.awaitMessages(1, SOON);
            try (var files = Files.list(sinkFolder.resolve("dump"))) {
                List<Path> dumps = files.toList();
                assertThat(dumps).hasSize(1);
                assertThat(Files.readString(dumps.getFirst())).contains("X-Rcpt-Args: <joe@sink.test>");
            }
        }
    }

    @Test
    void swaksReachesDovecotByLmtp() throws IOException, InterruptedException {
        Peers.require("dovecot", "openssl", "swaks");
        Path dovecotFolder = folder.resolve("d");
        try (Dovecot dovecot = Dovecot.start(dovecotFolder, "joe", "jane")) {
            Finished byTcp = send(dovecot.lmtpPort(), "joe@dovecot.test", "--protocol", "LMTP", "--tls");
            assertThat(byTcp.exitCode()).as(byTcp.toString()).isZero();
            Finished bySocket = Swaks.run(
                    dovecotFolder,
                    dovecot.lmtpSocket(),
                    "--protocol",
                    "LMTP",
                    "--from",
                    "me@example.org",
                    "--to",
                    "jane@dovecot.test");
            assertThat(bySocket.exitCode()).as(bySocket.toString()).isZero();
            assertThat(inbox(dovecot.inbox("joe"), dovecot.log())).contains("Delivered-To: joe@dovecot.test", "LMTPS");
            assertThat(inbox(dovecot.inbox("jane"), dovecot.log())).contains("Delivered-To: jane@dovecot.test");
            Finished refused = send(dovecot.lmtpPort(), "nobody@dovecot.test", "--protocol", "LMTP");
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.output()).contains("550 5.1.1");
        }
    }

    @Test
    void dovecotReadsAMaildirThatPostfixWrote() throws IOException, InterruptedException {
        Peers.require("postfix", "dovecot", "openssl", "swaks");
        try (Postfix postfix = Postfix.start(folder.resolve("p"), Postfix.Settings.receiver("postfix.test"));
                Dovecot dovecot = Dovecot.start(folder.resolve("d"))) {
            send(postfix.port(), "joe@postfix.test");
            send(postfix.port(), "jane@postfix.test");
            List<String> written = postfix.inbox().awaitMessages(2, SOON, postfix::log).stream()
                    .map(PeersTest::withCrLf)
                    .toList();
            List<String> read = dovecot.read(postfix.inbox()).stream()
                    .map(octets -> new String(octets, StandardCharsets.UTF_8))
                    .toList();
            assertThat(read).as(dovecot.log()).containsExactlyInAnyOrderElementsOf(written);
            assertThat(dovecot.read(postfix.inbox())).hasSize(2);
        }
    }

    @Test
    void dkimpyVerifiesWhatItSignedByTheKeysThatKnotServes()
            throws IOException, InterruptedException, NoSuchAlgorithmException {
        Peers.require("knot", "dkimpy");
        SigningKey rsa = SigningKey.rsa("one.test");
        SigningKey ed25519 = SigningKey.ed25519("one.test");
        byte[] message = "From: <me@one.test>\r\nSubject: hello\r\n\r\nHello.\r\n".getBytes(StandardCharsets.US_ASCII);
        String records = rsa.record() + ed25519.record() + """
                one.test. TXT "v=spf1 ip4:127.0.0.2 -all"
                _dmarc.one.test. TXT "v=DMARC1; p=reject"
                two.test. TXT "v=spf1 include:broken.test -all"
                """;
        try (Knot knot = Knot.start(folder.resolve("k"), records, List.of("broken.test."))) {
            Dkimpy dkimpy = Dkimpy.at(folder.resolve("d"), knot.port());
            String signatures = String.join(
                    "", dkimpy.sign(List.of(new Dkimpy.Signing(message, rsa), new Dkimpy.Signing(message, ed25519))));
            String signed = signatures + new String(message, StandardCharsets.US_ASCII);
            String changed = signed.replace("Hello.", "Hallo.");
            assertThat(dkimpy.verify(List.of(octets(signed), octets(changed))))
                    .containsExactly(
                            List.of("pass one.test rsa-sha256", "pass one.test ed25519-sha256"),
                            List.of(
                                    "fail one.test rsa-sha256 body hash mismatch",
                                    "fail one.test ed25519-sha256 body hash mismatch"));
            assertThat(dkimpy.check(List.of(
                            new Dkimpy.Arrival(octets(signed), "127.0.0.2", "x.test", "me@one.test"),
                            new Dkimpy.Arrival(message, "127.0.0.3", "x.test", "me@two.test"))))
                    .satisfiesExactly(
                            good -> assertThat(good).contains("spf=pass", "dkim=pass", "dmarc=pass"),
                            bad -> assertThat(bad).contains("spf=temperror", "dkim=fail", "dmarc=fail"));
        }
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aClosedPeerIsGoneWithAllItsProcesses() throws IOException, InterruptedException {
        Peers.require("postfix", "openssl");
        Postfix.Settings settings = Postfix.Settings.receiver("postfix.test");
        List<ProcessHandle> processes;
        try (Postfix postfix = Postfix.start(folder.resolve("p"), settings)) {
            assertThat(Ports.isListening(postfix.port())).isTrue();
            processes = ProcessHandle.current().descendants().toList();
            assertThat(processes).hasSizeGreaterThan(3);
        }
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(Ports.isListening(settings.port())).isFalse();
    }

    @Test
    void aMissingPeerSkipsTheTestOrFailsItWherePeersAreRequired() {
        assertThatThrownBy(() -> Peers.require("sendmail-8"))
                .isInstanceOfAny(TestAbortedException.class, AssertionError.class)
                .hasMessageContaining("peer sendmail-8: unknown to dev/peers");
        assertThatThrownBy(() -> Peers.refuse("peer exim: missing", false))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("peer exim: missing");
        assertThatThrownBy(() -> Peers.refuse("peer exim: missing", true))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("peer exim: missing");
    }

    @Test
    void aPeerThatCannotStartSaysWhy() {
        Peers.require("dovecot");
        List<String> withoutConfiguration = List.of("dovecot", "-F", "-c", "/mnt/nowhere");
        assertThatThrownBy(() -> ServedPeer.start("dovecot", folder, withoutConfiguration, Ports.free()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/mnt/nowhere");
    }

    private Finished send(int port, String to, String... more) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(List.of("--from", "me@example.org", "--to", to));
        options.addAll(List.of(more));
        return Swaks.run(folder, port, options.toArray(String[]::new));
    }

    private static String inbox(Maildir maildir, String log) throws IOException, InterruptedException {
        return new String(maildir.awaitMessages(1, SOON, () -> log).getFirst(), StandardCharsets.UTF_8);
    }

    private static String withCrLf(byte[] message) {
        return new String(message, StandardCharsets.UTF_8).replace("\n", "\r\n");
    }
}
