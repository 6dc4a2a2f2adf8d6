package dev.postern.blackbox;

import static dev.postern.blackbox.Site.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Maildir;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.Postfix;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.RecordingSink;
import dev.postern.blackbox.peers.Swaks;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A balancer at 127.0.0.2, a proxy at 127.0.0.3, the host of a relay domain at 127.0.0.4, a filter at 127.0.0.1:
/// the client behind them is who counts.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WhoSpeaksTest {
    private Path folder;
    private Postern postern;
    private int mx;
    private int inside;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException, InterruptedException {
        folder = temporary;
        mx = Ports.free();
        inside = Ports.free();
        postern = Postern.start(folder.resolve("postern"), """
                hostname = "mail.postern.test"
                [listen]
                mx = ["127.0.0.1:%d"]
                [domains]
                local = ["postern.test"]
                recipients = "any"
                postmaster = "joe@postern.test"
                [relay]
                networks = ["192.0.2.0/24", "127.0.0.0/8"]
                [relay.domains]
                "branch.test" = "127.0.0.1:%d"
                [relay.etrn]
                "branch.test" = "127.0.0.4"
                [delivery]
                first-wait = "1h"
                first-rest = "30m"
                [front]
                balancers = ["127.0.0.2"]
                header-time-out = "1s"
                xclient = ["127.0.0.3"]
                xforward = ["127.0.0.1"]
                """.formatted(mx, inside), mx);
    }

    @AfterAll
    void stop() {
        if (postern != null) {
            postern.close();
        }
    }

    private Finished swaks(String from, String to, String... options) throws IOException, InterruptedException {
        String[] all = new String[options.length + 6];
        System.arraycopy(
                new String[] {"--local-interface", from, "--from", "me@example.test", "--to", to}, 0, all, 0, 6);
        System.arraycopy(options, 0, all, 6, options.length);
        return Swaks.run(folder, mx, all);
    }

    private String arrived(String inbox) throws IOException, InterruptedException {
        Maildir maildir = new Maildir(folder.resolve("postern/mail/postern.test/" + inbox));
        return new String(maildir.awaitMessages(1, SOON, postern::log).getFirst(), StandardCharsets.UTF_8);
    }

    @Test
    void clientBehindABalancerIsItself() throws IOException, InterruptedException {
        Peers.require("swaks");
        for (String version : new String[] {"1", "2"}) {
            String family = version.equals("1") ? "TCP4" : "AF_INET";
            Finished sent = swaks(
                    "127.0.0.2",
                    "balanced" + version + "@postern.test",
                    "--tls",
                    "--proxy-version",
                    version,
                    "--proxy-family",
                    family,
                    "--proxy-source",
                    "198.51.100.7",
                    "--proxy-source-port",
                    "40000",
                    "--proxy-dest",
                    "192.0.2.25",
                    "--proxy-dest-port",
                    "25");
            assertThat(sent.exitCode()).as(sent.toString()).isZero();
            assertThat(arrived("balanced" + version))
                    .contains("[198.51.100.7]", "with ESMTPS")
                    .doesNotContain("127.0.0.2");
        }
        Finished relayed = swaks("127.0.0.2", "far@away.test", "--proxy", "TCP4 198.51.100.7 192.0.2.25 40000 25");
        assertThat(relayed.output()).contains("550 5.7.1 relaying denied");
        assertThat(postern.log()).contains(" passed-on role=mx balancer=127.0.0.2:");
    }

    @Test
    void balancerThatSaysNothingIsDroppedAndOneThatSpeaksForItselfIsNotTrusted()
            throws IOException, InterruptedException {
        try (RawSmtp silent = RawSmtp.connect(InetAddress.ofLiteral("127.0.0.2"), mx)) {
            assertThat(silent.ended()).isTrue();
        }
        try (RawSmtp check = RawSmtp.connect(InetAddress.ofLiteral("127.0.0.2"), mx)) {
            check.send("PROXY UNKNOWN\r\n");
            Site.expect(220, check.reply());
            Site.expect(250, check.command("EHLO balancer.test"));
            Site.expect(250, check.command("MAIL FROM:<me@example.test>"));
            Site.expect(550, check.command("RCPT TO:<far@away.test>"));
        }
        assertThat(postern.log()).contains(" header-refused role=mx balancer=127.0.0.2:");
    }

    @Test
    void clientOfAProxyIsItself() throws IOException, InterruptedException {
        Peers.require("swaks");
        Finished sent = swaks(
                "127.0.0.3",
                "proxied@postern.test",
                "--xclient-addr",
                "198.51.100.8",
                "--xclient-name",
                "client.example.test",
                "--xclient-helo",
                "client.example.test",
                "--xclient-proto",
                "ESMTP");
        assertThat(sent.exitCode()).as(sent.toString()).isZero();
        assertThat(arrived("proxied"))
                .contains("from client.example.test ", "[198.51.100.8]")
                .doesNotContain("127.0.0.3");
        assertThat(swaks("127.0.0.3", "far@away.test", "--xclient-addr", "198.51.100.8")
                        .output())
                .contains("550 5.7.1 relaying denied");
        try (RawSmtp stranger = Site.greeted(mx)) {
            Site.expect(550, stranger.command("XCLIENT ADDR=192.0.2.8"));
        }
    }

    @Test
    void postfixTellsWhereItHasItsMailFrom() throws IOException, InterruptedException {
        Peers.require("postfix", "openssl");
        try (Postfix postfix = Postfix.start(
                folder.resolve("postfix"),
                Postfix.Settings.relay(mx, Postfix.Tls.MAY).with("smtp_send_xforward_command", "yes"))) {
            try (RawSmtp smtp = Site.greeted(postfix.port())) {
                Site.expect(
                        250,
                        Site.transfer(smtp, Site.message("forwarded"), "me@example.test", "forwarded@postern.test"));
            }
            assertThat(arrived("forwarded"))
                    .contains("from relay.postfix.test ")
                    .contains("Subject: forwarded");
            assertThat(postern.log())
                    .containsPattern(" origin-told session=\\S+ told=\"addr=127\\.0\\.0\\.1 [^\\n]*port=\\d+")
                    .containsPattern(
                            " origin-told session=\\S+ told=\"[^\\n]*helo=client\\.test ident=\\S+[^\\n]*proto=ESMTP");
        }
    }

    @Test
    void hostOfARelayDomainAsksForItsMail() throws IOException, InterruptedException {
        try (RawSmtp smtp = Site.greeted(mx)) {
            Site.expect(
                    250,
                    Site.transfer(
                            smtp,
                            "Subject: waiting\r\n\r\nx\r\n".getBytes(StandardCharsets.UTF_8),
                            "me@example.test",
                            "joe@branch.test"));
        }
        Await.until(SOON, () -> postern.log().contains(" deferred id="), postern::log);
        try (RecordingSink host = RecordingSink.start(inside, "8BITMIME");
                RawSmtp stranger = Site.greeted(mx);
                RawSmtp asking = RawSmtp.connect(InetAddress.ofLiteral("127.0.0.4"), mx)) {
            Site.expect(459, stranger.command("ETRN branch.test"));
            Site.expect(220, asking.reply());
            assertThat(asking.command("EHLO host.branch.test").texts()).contains("ETRN");
            Site.expect(459, asking.command("ETRN postern.test"));
            Site.expect(250, asking.command("ETRN branch.test"));
            assertThat(host.awaitMessages(1, SOON).getFirst().recipients()).containsExactly("TO:<joe@branch.test>");
        }
        assertThat(postern.log()).contains(" queue-asked session=", " node=branch.test outcome=started");
    }
}
