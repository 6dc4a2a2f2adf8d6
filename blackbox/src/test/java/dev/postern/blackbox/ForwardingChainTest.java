package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Dkimpy;
import dev.postern.blackbox.peers.Exim;
import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Knot;
import dev.postern.blackbox.peers.Maildir;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ann of `origin.test`, whose server is an Exim and whose domain wants to be obeyed, writes to `forward.test`, a
/// Postern
/// that leads her mail to `final.test`, another Postern: it is believed there, and what cannot be delivered there is
/// reported to her through all of them.
final class ForwardingChainTest {
    private static final String RECORDS = """
            origin.test. A 127.0.0.77
            origin.test. TXT "v=spf1 ip4:127.0.0.77 -all"
            _dmarc.origin.test. TXT "v=DMARC1; p=reject"
            forward.test. A 127.0.0.1
            forward.test. TXT "v=spf1 ip4:127.0.0.1 -all"
            final.test. A 127.0.0.1
            """;

    @TempDir
    private Path folder;

    private final int forwarderPort;
    private final int receiverPort;
    private final SigningKey author;
    private final SigningKey sealer;

    /// RSA keys take seconds to make.
    ForwardingChainTest() throws IOException, NoSuchAlgorithmException {
        Extent.onlyInFull();
        forwarderPort = Ports.free();
        receiverPort = Ports.free();
        author = SigningKey.rsa("origin.test");
        sealer = SigningKey.rsa("forward.test");
    }

    private Postern forwarder(Knot knot, Exim origin) throws IOException, InterruptedException {
        Path home = folder.resolve("forwarder");
        Site.accounts(home, "boss@forward.test");
        Files.writeString(home.resolve("aliases"), "joe: joe@final.test\nlost: lost@final.test\n");
        sealer.into(home.resolve("dkim"));
        return Postern.start(
                home, """
                        hostname = "mail.forward.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        [domains]
                        local = ["forward.test"]
                        postmaster = "boss@forward.test"
                        [dns]
                        servers = ["127.0.0.1:%d"]
                        [authentication]
                        verify = true
                        [smarthost.receiver]
                        host = "127.0.0.1"
                        port = %d
                        tls = "opportunistic"
                        recipient-domains = ["final.test"]
                        [smarthost.origin]
                        host = "127.0.0.1"
                        port = %d
                        tls = "opportunistic"
                        recipient-domains = ["origin.test"]
                        """.formatted(forwarderPort, knot.port(), receiverPort, origin.port()), forwarderPort);
    }

    private Postern receiver(Knot knot) throws IOException, InterruptedException {
        Path home = folder.resolve("receiver");
        Site.accounts(home, "joe@final.test");
        Files.writeString(home.resolve("aliases"), "lost: somebody@nowhere.test\n");
        return Postern.start(home, """
                        hostname = "mail.final.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        [domains]
                        local = ["final.test"]
                        postmaster = "joe@final.test"
                        [dns]
                        servers = ["127.0.0.1:%d"]
                        [authentication]
                        verify = true
                        [smarthost.forwarder]
                        host = "127.0.0.1"
                        port = %d
                        tls = "opportunistic"
                        recipient-domains = ["forward.test"]
                        """.formatted(receiverPort, knot.port(), forwarderPort), receiverPort);
    }

    private byte[] letter(Dkimpy dkimpy, String to) throws IOException, InterruptedException {
        byte[] message = """
                From: Ann <ann@origin.test>
                To: <%s>
                Date: Mon, 1 Jun 2026 12:00:00 +0000
                Message-ID: <%s>
                Subject: to %s

                Hello.
                """.formatted(to, to, to).replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
        String signature =
                dkimpy.sign(List.of(new Dkimpy.Signing(message, author))).getFirst();
        return (signature + new String(message, StandardCharsets.US_ASCII)).getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void forwardIsBelievedAndItsReportFindsBack() throws IOException, InterruptedException {
        Peers.require("knot", "dkimpy", "exim", "openssl");
        String records = RECORDS + author.record() + sealer.record();
        try (Knot knot = Knot.start(folder.resolve("knot"), records, List.of());
                Exim origin = Exim.relay(folder.resolve("exim"), "origin.test", forwarderPort);
                Postern forwarder = forwarder(knot, origin);
                Postern receiver = receiver(knot)) {
            Dkimpy dkimpy = Dkimpy.at(folder.resolve("dkimpy"), knot.port());
            try (RawSmtp smtp = Site.greeted(origin.port())) {
                for (String to : List.of("joe@forward.test", "lost@forward.test")) {
                    Site.expect(250, Site.transfer(smtp, letter(dkimpy, to), "ann@origin.test", to));
                }
            }
            Maildir joe = new Maildir(receiver.folder().resolve("mail/final.test/joe"));
            byte[] arrived = joe.awaitMessages(1, Site.SOON, () -> origin.log() + forwarder.log() + receiver.log())
                    .getFirst();
            assertThatItIsBelieved(new String(arrived, StandardCharsets.US_ASCII));
            assertThat(dkimpy.chain(Octets.withCrLf(arrived))).isEqualTo("pass");

            byte[] report = origin.inbox()
                    .awaitMessages(1, Site.SOON, () -> receiver.log() + forwarder.log() + origin.log())
                    .getFirst();
            assertThat(new String(report, StandardCharsets.US_ASCII))
                    .contains("Return-path: <>", "Envelope-to: ann@origin.test", "Subject: to lost@forward.test")
                    .contains("Reporting-MTA: dns; mail.final.test", "Action: failed");
        }
    }

    private static void assertThatItIsBelieved(String arrived) {
        List<List<String>> fields = CheckedSite.results(arrived);
        assertThat(fields).hasSize(1);
        assertThat(fields.getFirst())
                .anyMatch(result ->
                        result.matches("spf=pass smtp\\.mailfrom=\"?SRS0=.*=origin\\.test=ann@forward\\.test\"?"))
                .anyMatch(result -> result.startsWith("dkim=pass header.d=origin.test header.s=rsa "))
                .anyMatch(result -> result.startsWith("arc=pass"))
                .contains("dmarc=pass header.from=origin.test");
        assertThat(arrived)
                .contains("\nAuthentication-Results: mail.forward.test;", "\nARC-Seal: i=1;")
                .containsPattern("\nARC-Authentication-Results: i=1; mail\\.forward\\.test;(?s:.*)dkim=pass");
    }
}
