package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What one client gets within a minute or an hour is filled in turn, each from an address of its own, and answered as
/// it says; a good client at another address goes on throughout.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FloodOfAnHourTest {
    private static final String JOE = "joe@postern.test";
    private static final int MOST = 20;

    private Postern postern;
    private int mx;
    private RawSmtp good;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException, InterruptedException {
        mx = Ports.free();
        Site.accounts(folder, JOE);
        postern = Postern.start(folder, """
                hostname = "mail.postern.test"
                [listen]
                mx = ["127.0.0.1:%d"]
                [domains]
                local = ["postern.test"]
                postmaster = "joe@postern.test"
                [limits]
                errors = 1000
                sessions-per-address = 100
                [guard]
                allow = []
                ban-after = 0
                sessions-per-minute = %d
                handshakes-per-minute = 2
                messages-per-hour = %d
                recipients-per-hour = 30
                octets-per-hour = "100KiB"
                unknown-recipients-per-hour = 3
                failed-commands-per-hour = 3
                """.formatted(mx, MOST, MOST), mx);
        good = Site.greeted(GoodClient.ADDRESS, mx);
    }

    @AfterAll
    void stop() throws IOException {
        if (good != null) {
            good.close();
        }
        if (postern != null) {
            postern.close();
        }
    }

    /// Fills a limit, and returns what the server says to that.
    @FunctionalInterface
    interface Flood {
        RawSmtp.Reply fill(FloodOfAnHourTest site, InetAddress from) throws IOException;
    }

    static Stream<Arguments> floods() {
        return Stream.of(
                flood(
                        "sessions",
                        "421 4.7.0 too many connections within a minute from your address",
                        FloodOfAnHourTest::sessions),
                flood(
                        "handshakes",
                        "454 4.7.0 too many TLS handshakes within a minute from your address",
                        FloodOfAnHourTest::handshakes),
                flood(
                        "messages",
                        "450 4.7.1 too many messages within an hour from your address",
                        FloodOfAnHourTest::messages),
                flood(
                        "recipients",
                        "452 4.5.3 too many recipients within an hour from your address",
                        FloodOfAnHourTest::recipients),
                flood(
                        "octets",
                        "452 4.7.1 too many octets of messages within an hour from your address",
                        FloodOfAnHourTest::octets),
                flood(
                        "unknown recipients",
                        "450 4.7.1 too many recipients that do not exist within an hour from your address",
                        FloodOfAnHourTest::unknownRecipients),
                flood(
                        "failed commands",
                        "421 4.7.0 too many wrong commands within an hour from your address",
                        FloodOfAnHourTest::failedCommands));
    }

    private static Arguments flood(String limit, String reply, Flood flood) {
        return Arguments.of(limit, reply, flood);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void aLimitThatIsFullIsToldAndHurtsNobodyElse(String limit, String expected, Flood flood) throws IOException {
        goodMailGoesThrough();
        InetAddress from = InetAddress.ofLiteral("127." + (100 + Math.floorMod(limit.hashCode(), 97)) + ".0.1");

        String said = flood.fill(this, from).toString();

        assertThat(said).startsWith(expected).containsPattern(", try again in [0-9]+ (second|seconds|minutes)");
        goodMailGoesThrough();
    }

    private void goodMailGoesThrough() throws IOException {
        Site.expect(250, Site.transfer(good, Site.message("good"), "sender@good.test", JOE));
    }

    private RawSmtp.Reply sessions(InetAddress from) throws IOException {
        for (int i = 0; i < MOST; i++) {
            Site.greeted(from, mx).close();
        }
        try (RawSmtp smtp = RawSmtp.connect(from, mx)) {
            RawSmtp.Reply reply = smtp.reply();
            assertThat(smtp.ended()).isTrue();
            return reply;
        }
    }

    private RawSmtp.Reply handshakes(InetAddress from) throws IOException {
        for (int i = 0; i < 2; i++) {
            try (RawSmtp smtp = Site.greeted(from, mx)) {
                Site.expect(220, smtp.startTls());
            }
        }
        try (RawSmtp smtp = Site.greeted(from, mx)) {
            return smtp.startTls();
        }
    }

    private RawSmtp.Reply messages(InetAddress from) throws IOException {
        try (RawSmtp smtp = Site.greeted(from, mx)) {
            for (int i = 0; i < MOST; i++) {
                Site.expect(250, Site.transfer(smtp, Site.message("flood"), "a@flood.test", JOE));
            }
            return smtp.command("MAIL FROM:<a@flood.test>");
        }
    }

    private RawSmtp.Reply recipients(InetAddress from) throws IOException {
        try (RawSmtp smtp = Site.greeted(from, mx)) {
            Site.expect(250, smtp.command("MAIL FROM:<a@flood.test>"));
            for (int i = 0; i < 30; i++) {
                Site.expect(250, smtp.command("RCPT TO:<joe+" + i + "@postern.test>"));
            }
            return smtp.command("RCPT TO:<joe@postern.test>");
        }
    }

    private RawSmtp.Reply octets(InetAddress from) throws IOException {
        try (RawSmtp smtp = Site.greeted(from, mx)) {
            byte[] large =
                    ("Subject: x\r\n\r\n" + ("y".repeat(70) + "\r\n").repeat(1500)).getBytes(StandardCharsets.US_ASCII);
            Site.expect(250, Site.transfer(smtp, large, "a@flood.test", JOE));
            return smtp.command("MAIL FROM:<a@flood.test>");
        }
    }

    private RawSmtp.Reply unknownRecipients(InetAddress from) throws IOException {
        try (RawSmtp smtp = Site.greeted(from, mx)) {
            Site.expect(250, smtp.command("MAIL FROM:<a@flood.test>"));
            for (int i = 0; i < 3; i++) {
                Site.expect(550, smtp.command("RCPT TO:<nobody" + i + "@postern.test>"));
            }
            return smtp.command("RCPT TO:<nobody@postern.test>");
        }
    }

    private RawSmtp.Reply failedCommands(InetAddress from) throws IOException {
        try (RawSmtp smtp = Site.greeted(from, mx)) {
            for (int i = 0; i < 3; i++) {
                Site.expect(500, smtp.command("XYZZY"));
            }
            RawSmtp.Reply reply = smtp.command("XYZZY");
            assertThat(smtp.ended()).isTrue();
            return reply;
        }
    }
}
