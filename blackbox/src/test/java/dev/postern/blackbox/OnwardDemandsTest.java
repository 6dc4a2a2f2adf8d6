package dev.postern.blackbox;

import static dev.postern.blackbox.Site.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Certificate;
import dev.postern.blackbox.peers.Maildir;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.Postfix;
import dev.postern.blackbox.peers.RawSmtp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a sender demands of the way of its mail, TLS on every hop or octets of any kind, holds from one server to the
/// next, or the mail comes back: two of ours, and Postfix, which knows neither.
final class OnwardDemandsTest {
    @TempDir
    private Path folder;

    /// A server for one domain with an inbox for everybody, its own certificate, and trust in those of both.
    ///
    /// @param relay lines of `[relay.domains]`
    private String site(String name, int port, String relay) {
        return """
                hostname = "mx.%s.test"
                [listen]
                mx = ["127.0.0.1:%d"]
                [tls]
                certificate = "cert.pem"
                key = "key.pem"
                trust = "../trust.pem"
                [domains]
                local = ["%s.test"]
                recipients = "any"
                postmaster = "joe@%s.test"
                [relay.domains]
                %s
                """.formatted(name, port, name, name, relay);
    }

    private void trustBoth() throws IOException, InterruptedException {
        StringBuilder trust = new StringBuilder();
        for (String name : new String[] {"near", "far"}) {
            Path own = Files.createDirectories(folder.resolve(name));
            trust.append(Files.readString(
                    Certificate.selfSigned(own, "mx." + name + ".test").chain()));
        }
        Files.writeString(folder.resolve("trust.pem"), trust);
    }

    private static RawSmtp secured(int port) throws IOException {
        RawSmtp smtp = Site.greeted(port);
        Site.expect(220, smtp.startTls());
        RawSmtp.Reply hello = smtp.command("EHLO client.test");
        assertThat(hello.toString()).contains("REQUIRETLS", "BINARYMIME", "LIMITS MAILMAX=10000 RCPTMAX=1000");
        return smtp;
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    private static String only(Maildir inbox, Postern postern) throws IOException, InterruptedException {
        return text(inbox.awaitMessages(1, SOON, postern::log).getFirst());
    }

    private static Maildir joe(Postern postern, String name) {
        return new Maildir(postern.folder().resolve("mail/" + name + ".test/joe"));
    }

    @Test
    void tlsIsRequiredOnEveryHopAndWhatCannotHaveItComesBack() throws IOException, InterruptedException {
        Peers.require("postfix", "openssl");
        trustBoth();
        int near = Ports.free();
        int far = Ports.free();
        try (Postfix postfix = Postfix.start(folder.resolve("postfix"), Postfix.Settings.receiver("postfix.test"))) {
            Files.writeString(
                    folder.resolve("trust.pem"),
                    Files.readString(folder.resolve("postfix/cert.pem")),
                    StandardOpenOption.APPEND);
            try (Postern there = Postern.start(
                            folder.resolve("far"),
                            site(
                                    "far",
                                    far,
                                    "\"near.test\" = \"127.0.0.1:%d\"\n\"postfix.test\" = \"127.0.0.1:%d\""
                                            .formatted(near, postfix.port())),
                            far);
                    Postern here = Postern.start(
                            folder.resolve("near"),
                            site(
                                    "near",
                                    near,
                                    "\"far.test\" = \"127.0.0.1:%d\"\n\"postfix.test\" = \"127.0.0.1:%d\""
                                            .formatted(far, far)),
                            near);
                    RawSmtp smtp = secured(near)) {
                Site.expect(250, smtp.command("MAIL FROM:<joe@near.test> REQUIRETLS"));
                Site.expect(250, smtp.command("RCPT TO:<joe@far.test>"));
                Site.expect(250, smtp.command("RCPT TO:<joe@postfix.test>"));
                Site.expect(354, smtp.command("DATA"));
                smtp.send(Site.message("not for everybody"));
                smtp.send(".\r\n");
                Site.expect(250, smtp.reply());

                assertThat(only(joe(there, "far"), there))
                        .contains("Subject: not for everybody")
                        .containsPattern("\tby mx\\.far\\.test with ESMTPS \\(TLSv1\\.3");
                assertThat(only(joe(here, "near"), here))
                        .startsWith("Return-Path: <>\n")
                        .containsPattern("\tby mx\\.near\\.test with \\S*SMTPS \\(TLSv1\\.3")
                        .contains(
                                "Reporting-MTA: dns; mx.far.test",
                                "Final-Recipient: rfc822;joe@postfix.test",
                                "Status: 5.7.30",
                                "Content-Type: text/rfc822-headers",
                                "Subject: not for everybody")
                        .doesNotContain("Hello.");
                assertThat(postfix.inbox().files()).isEmpty();

                Site.expect(250, Site.transfer(smtp, Site.message("for anybody"), "joe@near.test", "joe@postfix.test"));
                assertThat(text(postfix.inbox()
                                .awaitMessages(1, SOON, there::log)
                                .getFirst()))
                        .contains("Subject: for anybody");
            }
        }
    }

    @Test
    void anyOctetsArriveAsTheyAreAlsoAfterARestartAndWhatCannotTakeThemSendsNothing()
            throws IOException, InterruptedException {
        Peers.require("postfix", "openssl");
        trustBoth();
        int near = Ports.free();
        int far = Ports.free();
        byte[] picture = picture();
        try (Postfix postfix = Postfix.start(folder.resolve("postfix"), Postfix.Settings.receiver("postfix.test"));
                Postern here = Postern.start(
                        folder.resolve("near"),
                        site(
                                "near",
                                near,
                                "\"far.test\" = \"127.0.0.1:%d\"\n\"postfix.test\" = \"127.0.0.1:%d\""
                                        .formatted(far, postfix.port())),
                        near)) {
            try (RawSmtp smtp = secured(near)) {
                Site.expect(250, smtp.command("MAIL FROM:<joe@near.test> BODY=BINARYMIME REQUIRETLS"));
                Site.expect(250, smtp.command("RCPT TO:<joe@far.test>"));
                Site.expect(503, smtp.command("DATA"));
                smtp.send("BDAT " + picture.length + " LAST\r\n");
                smtp.send(picture);
                Site.expect(250, smtp.reply());
                Site.expect(250, smtp.command("MAIL FROM:<joe@near.test> BODY=BINARYMIME"));
                Site.expect(250, smtp.command("RCPT TO:<joe@postfix.test>"));
                smtp.send("BDAT " + picture.length + " LAST\r\n");
                smtp.send(picture);
                Site.expect(250, smtp.reply());
            }
            assertThat(only(joe(here, "near"), here))
                    .contains("Final-Recipient: rfc822;joe@postfix.test", "Status: 5.6.3", "does not offer BINARYMIME")
                    .contains("Content-Transfer-Encoding: binary");
            assertThat(postfix.inbox().files()).isEmpty();

            here.kill9();
            here.restart();
            try (Postern there = Postern.start(folder.resolve("far"), site("far", far, ""), far)) {
                assertThat(here.cli("queue", "retry", "--all").exitCode()).isZero();
                byte[] arrived =
                        joe(there, "far").awaitMessages(1, SOON, here::log).getFirst();
                assertThat(text(arrived))
                        .contains("\tby mx.far.test with ESMTPS (TLSv1.3")
                        .endsWith(text(picture));
            }
        }
    }

    /// A message whose body is one of its own line ends, dots, NUL and all other octets.
    private static byte[] picture() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        octets.writeBytes("""
                From: <joe@near.test>\r
                Subject: picture\r
                MIME-Version: 1.0\r
                Content-Type: application/octet-stream\r
                Content-Transfer-Encoding: binary\r
                \r
                """.getBytes(StandardCharsets.US_ASCII));
        Random random = new Random(3030);
        for (int i = 0; i < 700_000; i++) {
            octets.write(random.nextInt(4) > 0 ? random.nextInt(256) : "\r\n\0.".charAt(random.nextInt(4)));
        }
        octets.writeBytes("\r\n.\r\nQUIT\r\n\n.\n\r".getBytes(StandardCharsets.US_ASCII));
        return octets.toByteArray();
    }
}
