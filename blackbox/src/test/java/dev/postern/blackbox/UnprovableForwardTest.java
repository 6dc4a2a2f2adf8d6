package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Dkimpy;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Knot;
import dev.postern.blackbox.peers.Maildir;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.SigningKey;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Ann of `origin.test`, whose domain wants mail refused that is not proven to be hers, writes to `forward.test`, a
/// Postern that leads her mail to `final.test`, another Postern that obeys. Where she has not signed, nothing but SPF
/// vouches for her, and that only at the first.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UnprovableForwardTest {
    private static final String ORIGIN = "127.0.0.77";
    private static final String RECORDS = """
            origin.test. A 127.0.0.77
            origin.test. TXT "v=spf1 ip4:127.0.0.77 -all"
            _dmarc.origin.test. TXT "v=DMARC1; p=reject"
            forward.test. A 127.0.0.1
            forward.test. TXT "v=spf1 ip4:127.0.0.1 -all"
            _dmarc.forward.test. TXT "v=DMARC1; p=reject"
            final.test. A 127.0.0.1
            """;

    @TempDir
    private Path folder;

    private final SigningKey author;
    private final SigningKey forwarder;
    private final int receiverPort;
    private Knot knot;
    private Postern receiver;

    UnprovableForwardTest() throws IOException, NoSuchAlgorithmException {
        author = SigningKey.ed25519("origin.test");
        forwarder = SigningKey.ed25519("forward.test");
        receiverPort = Ports.free();
    }

    @BeforeAll
    void start(@TempDir Path shared) throws IOException, InterruptedException {
        Peers.require("knot", "dkimpy");
        knot = Knot.start(shared.resolve("knot"), RECORDS + author.record() + forwarder.record(), List.of());
        receiver = Postern.start(shared.resolve("receiver"), """
                        hostname = "mail.final.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        [domains]
                        local = ["final.test"]
                        recipients = "any"
                        postmaster = "joe@final.test"
                        [dns]
                        servers = ["127.0.0.1:%d"]
                        [authentication]
                        dmarc = "obey"
                        """.formatted(receiverPort, knot.port()), receiverPort);
    }

    @AfterAll
    void stop() {
        if (receiver != null) {
            receiver.close();
        }
        if (knot != null) {
            knot.close();
        }
    }

    /// A forwarder, and where it takes mail.
    private record Forwarder(Postern postern, int mx, int submission) implements AutoCloseable {
        @Override
        public void close() {
            postern.close();
        }
    }

    /// @param reader whom `joe` leads to at `final.test`
    private Forwarder forwarder(String unprovable, String reader) throws IOException, InterruptedException {
        Path home = folder.resolve(unprovable);
        int mx = Ports.free();
        int submission = Ports.free();
        Site.accounts(home, "boss@forward.test");
        Files.writeString(home.resolve("aliases"), "joe: " + reader + "@final.test\n");
        Files.createDirectories(home.resolve("dkim"));
        Files.writeString(home.resolve("dkim/ed._domainkey.forward.test.pem"), forwarder.pem());
        Postern postern = Postern.start(
                home, """
                        hostname = "mail.forward.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        submission = ["127.0.0.1:%d"]
                        [domains]
                        local = ["forward.test"]
                        postmaster = "boss@forward.test"
                        [dns]
                        servers = ["127.0.0.1:%d"]
                        [authentication]
                        dmarc = "mark"
                        [forwarding]
                        unprovable = "%s"
                        [smarthost.receiver]
                        host = "127.0.0.1"
                        port = %d
                        tls = "opportunistic"
                        recipient-domains = ["final.test"]
                        """.formatted(mx, submission, knot.port(), unprovable, receiverPort), mx, submission);
        return new Forwarder(postern, mx, submission);
    }

    private static byte[] letter(String from) {
        return """
                From: =?utf-8?Q?=C3=84nn?= <%s>
                To: <joe@forward.test>
                Date: Tue, 24 Nov 2026 12:00:00 +0000
                Message-ID: <1@origin.test>
                Subject: hello

                Hello.
                """.formatted(from).replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static RawSmtp.Reply bring(Forwarder to, String client, byte[] letter, String... recipients)
            throws IOException {
        try (RawSmtp smtp = RawSmtp.connect(InetAddress.ofLiteral(client), to.mx())) {
            Site.expect(220, smtp.reply());
            Site.expect(250, smtp.command("EHLO origin.test"));
            return Site.transfer(
                    smtp,
                    letter,
                    "ann@origin.test",
                    Arrays.stream(recipients).map(one -> one + "@forward.test").toArray(String[]::new));
        }
    }

    private String arrived(Forwarder from, String reader) throws IOException, InterruptedException {
        Maildir inbox = new Maildir(receiver.folder().resolve("mail/final.test").resolve(reader));
        byte[] octets = inbox.awaitMessages(1, Site.SOON, () -> from.postern().log() + receiver.log())
                .getFirst();
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    private byte[] signed(byte[] letter) throws IOException, InterruptedException {
        Dkimpy dkimpy = Dkimpy.at(folder.resolve("dkimpy"), knot.port());
        String signature =
                dkimpy.sign(List.of(new Dkimpy.Signing(letter, author))).getFirst();
        return (signature + new String(letter, StandardCharsets.US_ASCII)).getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rewrite", "wrap"})
    void mailInOurNameIsBelievedAndAnswersReachItsAuthor(String unprovable) throws IOException, InterruptedException {
        try (Forwarder to = forwarder(unprovable, unprovable)) {
            byte[] letter = letter("ann@origin.test");
            Site.expect(250, bring(to, ORIGIN, letter, "joe", "boss"));

            String message = arrived(to, unprovable);
            assertThat(CheckedSite.results(message).getFirst())
                    .contains("dmarc=pass header.from=forward.test")
                    .anyMatch(result -> result.startsWith("dkim=pass header.d=forward.test header.s=ed "))
                    .anyMatch(result -> result.startsWith("spf=pass smtp.mailfrom="));
            String header = message.substring(0, message.indexOf("\n\n") + 1);
            assertThat(header)
                    .containsPattern(
                            "\nFrom: =\\?utf-8\\?B\\?[\\w+/=]+\\?=\n <SRS0=.{9}=origin\\.test=ann@forward\\.test>\n")
                    .contains("\nReply-To: <ann@origin.test>\n");
            String original = new String(letter, StandardCharsets.US_ASCII).replace("\r\n", "\n");
            if (unprovable.equals("wrap")) {
                assertThat(header).contains("\nContent-Type: message/rfc822\n", "\nSubject: Fwd: hello\n");
                assertThat(message).endsWith("\n\n" + original);
            } else {
                assertThat(header)
                        .contains("\nX-Original-From: =?utf-8?Q?=C3=84nn?= <ann@origin.test>\n", "\nARC-Seal: i=1;");
                assertThat(CheckedSite.results(message).getFirst()).anyMatch(result -> result.startsWith("arc=pass"));
                assertThat(message).endsWith(original.substring(original.indexOf("To: ")));
            }
            Maildir boss = new Maildir(to.postern().folder().resolve("mail/forward.test/boss"));
            byte[] home = boss.awaitMessages(1, Site.SOON, to.postern()::log).getFirst();
            assertThat(new String(home, StandardCharsets.US_ASCII)).endsWith("\n" + original);
        }
    }

    @Test
    void whatSheHasSignedGoesOnAsItIsAndWhatNothingProvesDoesNot() throws IOException, InterruptedException {
        try (Forwarder to = forwarder("refuse", "refused")) {
            byte[] letter = letter("ann@origin.test");
            RawSmtp.Reply refused = bring(to, ORIGIN, letter, "joe");
            assertThat(refused.toString()).contains("550", "5.7.1", "forwarded", "origin.test");
            assertThat(explained(to, CheckedSite.id(refused)))
                    .contains("forward-forecast", "no signature vouches for origin.test");

            // forged: nobody but the boss gets it, and the operator decides on the rest
            RawSmtp.Reply forged = bring(to, "127.0.0.66", letter, "joe");
            assertThat(forged.toString()).contains("550", "5.7.1", "forwarded");
            Site.expect(250, bring(to, "127.0.0.66", letter, "joe", "boss"));
            Finished queue = to.postern().cli("queue", "list");
            assertThat(queue.output()).contains("refused@final.test").containsIgnoringCase("held");

            byte[] signed = signed(letter);
            Site.expect(250, bring(to, ORIGIN, signed, "joe"));
            String message = arrived(to, "refused");
            assertThat(message).endsWith("\n" + new String(signed, StandardCharsets.US_ASCII).replace("\r\n", "\n"));
            assertThat(CheckedSite.results(message).getFirst()).contains("dmarc=pass header.from=origin.test");
        }
    }

    @Test
    void mailOfAUserOfOursIsBelievedBehindAnAliasToo() throws IOException, InterruptedException {
        try (Forwarder to = forwarder("send", "own");
                RawSmtp smtp = Site.loggedIn(to.submission(), "boss@forward.test")) {
            byte[] letter = letter("boss@forward.test");
            Site.expect(250, Site.transfer(smtp, letter, "boss@forward.test", "joe@forward.test"));

            String message = arrived(to, "own");
            assertThat(message).startsWith("Return-Path: <boss@forward.test>\n");
            assertThat(CheckedSite.results(message).getFirst())
                    .contains("spf=pass smtp.mailfrom=boss@forward.test", "dmarc=pass header.from=forward.test")
                    .anyMatch(result -> result.startsWith("dkim=pass header.d=forward.test "));
        }
    }

    private static String explained(Forwarder server, String id) throws IOException, InterruptedException {
        return server.postern().cli("explain", id).output();
    }
}
