package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every limit of the door is filled in turn, each from an address of its own, and answered as it says; a good client
/// at another address goes on throughout.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FloodTest {
    private static final String JOE = "joe@postern.test";
    private static final int RECIPIENTS = 100;
    private static final Duration DRIP = Duration.ofMillis(200);

    private Path folder;
    private Postern postern;
    private int mx;
    private int submission;
    private GoodClient good;

    @BeforeAll
    void start(@TempDir Path given) throws IOException, InterruptedException {
        folder = given;
        mx = Ports.free();
        submission = Ports.free();
        Site.accounts(folder, JOE);
        postern = Postern.start(folder, """
                hostname = "mail.postern.test"
                [listen]
                mx = ["127.0.0.1:%d"]
                submission = ["127.0.0.1:%d"]
                [domains]
                local = ["postern.test"]
                postmaster = "joe@postern.test"
                [limits]
                sessions = 30
                sessions-mx = 20
                overload-silence = "1h"
                sessions-per-address = 4
                sessions-per-network = 6
                sessions-per-region = 8
                recipients = %d
                errors = 3
                idle-commands = 4
                unknown-recipients = 3
                message-size = "64KiB"
                header-size = "16KiB"
                header-fields = 100
                mime-depth = 5
                received-fields = 10
                command-time-out = "2s"
                idle-time = "3s"
                transaction-time = "3s"
                octets-per-second = 2000
                login-failures-per-address = 2
                """.formatted(mx, submission, RECIPIENTS), mx, submission);
        warmUp();
        good = GoodClient.start(mx, JOE);
    }

    /// The first handshake of a server may take longer than it has here, on a busy machine.
    private void warmUp() throws IOException, InterruptedException {
        Await.until(
                Site.SOON,
                () -> {
                    try (RawSmtp smtp = Site.greeted(GoodClient.ADDRESS, submission)) {
                        return smtp.startTls().code() == 220;
                    } catch (IOException tooSlow) {
                        return false;
                    }
                },
                () -> "no handshake in time");
    }

    @AfterAll
    void stop() throws IOException, InterruptedException {
        if (good != null) {
            good.end();
        }
        if (postern != null) {
            postern.close();
        }
    }

    /// Fills a limit, and returns what the server says to that.
    @FunctionalInterface
    interface Flood {
        RawSmtp.Reply fill(FloodTest site, InetAddress from) throws IOException, InterruptedException;
    }

    static Stream<Arguments> floods() {
        return Stream.of(
                flood("errors", "421 4.7.0 too many wrong commands, good bye", FloodTest::errors),
                flood(
                        "idle-commands",
                        "421 4.7.0 too many commands without a message, good bye",
                        FloodTest::idleCommands),
                flood(
                        "unknown-recipients",
                        "421 4.7.0 too many recipients that do not exist, good bye",
                        FloodTest::unknownRecipients),
                flood(
                        "recipients",
                        "452 4.5.3 too many recipients, send the rest in another transaction",
                        FloodTest::recipients),
                flood(
                        "message-size",
                        "552 5.3.4 the message is larger than this server takes",
                        (site, from) -> site.content(
                                from,
                                "Subject: x\r\n\r\n"
                                        + "y".repeat(70).concat("\r\n").repeat(1000))),
                flood(
                        "header-size",
                        "552 5.3.4 the header has more than 16384 octets",
                        (site, from) -> site.content(from, "X: y\r\n" + (" " + "z".repeat(70) + "\r\n").repeat(300))),
                flood(
                        "header-fields",
                        "554 5.6.0 the header has more than 100 fields",
                        (site, from) -> site.content(from, "X: y\r\n".repeat(101))),
                flood(
                        "mime-depth",
                        "554 5.6.0 parts lie more than 5 levels within each other",
                        (site, from) -> site.content(from, nested(6))),
                flood(
                        "received-fields",
                        "554 5.4.6 this message has passed 11 servers, it is in a loop",
                        (site, from) -> site.content(from, "Received: x\r\n".repeat(11) + "\r\n")),
                flood("command-time-out", "421 4.4.2 waited too long, good bye", FloodTest::silence),
                flood("idle-time", "421 4.4.2 waited too long, good bye", FloodTest::idling),
                flood("transaction-time", "421 4.4.2 waited too long, good bye", FloodTest::transactionWithoutEnd),
                flood("octets-per-second", "421 4.4.2 waited too long, good bye", FloodTest::drip),
                flood(
                        "failed logins of a session",
                        "421 4.7.0 too many failed logins, good bye",
                        FloodTest::loginsOfASession),
                flood(
                        "login-failures-per-address",
                        "454 4.7.0 too many failed logins, try again in 1 minute",
                        FloodTest::logins),
                flood(
                        "sessions-per-address",
                        "421 4.7.0 too many connections from your address or network, close some first",
                        (site, from) -> site.sessionsAtMx(IntStream.range(0, 5).mapToObj(i -> from))),
                flood(
                        "sessions-per-network",
                        "421 4.7.0 too many connections from your address or network, close some first",
                        (site, from) -> site.sessionsAtMx(IntStream.range(0, 7).mapToObj(i -> beside(from, 3, i)))),
                flood(
                        "sessions-per-region",
                        "421 4.7.0 too many connections from your address or network, close some first",
                        (site, from) -> site.sessionsAtMx(IntStream.range(0, 9).mapToObj(i -> beside(from, 2, i)))),
                flood(
                        "sessions-mx",
                        "421 4.3.2 too many connections to this port, come again later",
                        (site, from) ->
                                site.sessionsAtMx(IntStream.range(0, 20).mapToObj(i -> beside(from, 1, 20 + i)))),
                flood("sessions", "421 4.3.2 too many connections, come again later", FloodTest::sessionsInAll));
    }

    private static Arguments flood(String limit, String reply, Flood flood) {
        return Arguments.of(limit, reply, flood);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void aLimitThatIsFullIsToldAndHurtsNobodyElse(String limit, String expected, Flood flood)
            throws IOException, InterruptedException {
        int before = good.taken();
        InetAddress from = InetAddress.ofLiteral("127." + (100 + Math.floorMod(limit.hashCode(), 97)) + ".0.1");

        String said = flood.fill(this, from).toString();

        assertThat(said.replaceFirst(" \\(id \\w+\\)$", "")).isEqualTo(expected);
        good.assertUnharmedSince(before);
    }

    /// The address with another octet.
    private static InetAddress beside(InetAddress address, int place, int value) {
        byte[] octets = address.getAddress();
        octets[place] = (byte) (value + 1);
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String nested(int levels) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < levels; i++) {
            text.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\r\n\r\n--b")
                    .append(i)
                    .append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    private RawSmtp.Reply content(InetAddress from, String content) throws IOException {
        try (RawSmtp smtp = Site.greeted(from, mx)) {
            Site.envelope(smtp, "a@flood.test", JOE);
            Site.expect(354, smtp.command("DATA"));
            smtp.send(content + (content.endsWith("\r\n") ? "" : "\r\n") + ".\r\n");
            return smtp.reply();
        }
    }

    private RawSmtp.Reply errors(InetAddress from) throws IOException {
        try (RawSmtp smtp = Site.greeted(from, mx)) {
            Site.expect(500, smtp.command("XYZZY"));
            Site.expect(500, smtp.command("XYZZY"));
            return last(smtp, smtp.command("XYZZY"));
        }
    }

    private RawSmtp.Reply idleCommands(InetAddress from) throws IOException {
        try (RawSmtp smtp = Site.greeted(from, mx)) {
            Site.expect(250, smtp.command("NOOP"));
            Site.expect(250, smtp.command("RSET"));
            Site.expect(252, smtp.command("VRFY joe"));
            return last(smtp, smtp.command("NOOP"));
        }
    }

    private RawSmtp.Reply unknownRecipients(InetAddress from) throws IOException {
        try (RawSmtp smtp = Site.greeted(from, mx)) {
            Site.expect(250, smtp.command("MAIL FROM:<a@flood.test>"));
            Site.expect(550, smtp.command("RCPT TO:<b@postern.test>"));
            Site.expect(550, smtp.command("RCPT TO:<c@postern.test>"));
            return last(smtp, smtp.command("RCPT TO:<d@postern.test>"));
        }
    }

    private RawSmtp.Reply recipients(InetAddress from) throws IOException {
        try (RawSmtp smtp = Site.greeted(from, mx)) {
            Site.expect(250, smtp.command("MAIL FROM:<a@flood.test>"));
            for (int i = 0; i < RECIPIENTS; i++) {
                Site.expect(250, smtp.command("RCPT TO:<joe+" + i + "@postern.test>"));
            }
            return smtp.command("RCPT TO:<joe@postern.test>");
        }
    }

    private RawSmtp.Reply silence(InetAddress from) throws IOException {
        try (RawSmtp smtp = Site.greeted(from, mx)) {
            return last(smtp, smtp.reply());
        }
    }

    /// Half a command now and then: each octet would be in time for the next.
    private RawSmtp.Reply idling(InetAddress from) throws IOException, InterruptedException {
        try (RawSmtp smtp = Site.greeted(from, mx)) {
            return last(smtp, whileDripping(smtp, "N"));
        }
    }

    private RawSmtp.Reply transactionWithoutEnd(InetAddress from) throws IOException, InterruptedException {
        try (RawSmtp smtp = Site.greeted(from, mx)) {
            Site.envelope(smtp, "a@flood.test", JOE);
            return last(smtp, whileDripping(smtp, "D"));
        }
    }

    private RawSmtp.Reply drip(InetAddress from) throws IOException, InterruptedException {
        try (RawSmtp smtp = Site.greeted(from, mx)) {
            Site.envelope(smtp, "a@flood.test", JOE);
            Site.expect(354, smtp.command("DATA"));
            return last(smtp, whileDripping(smtp, "x"));
        }
    }

    /// Sends an octet again and again, until the server has had enough.
    private static RawSmtp.Reply whileDripping(RawSmtp smtp, String octet) throws IOException, InterruptedException {
        Thread dripping = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    smtp.send(octet);
                    Thread.sleep(DRIP);
                }
            } catch (IOException | InterruptedException ended) {
                return; // the server has closed, or its reply is here
            }
        });
        try {
            return smtp.reply();
        } finally {
            dripping.interrupt();
            dripping.join();
        }
    }

    private RawSmtp.Reply loginsOfASession(InetAddress from) throws IOException {
        try (RawSmtp smtp = secured(from)) {
            Site.expect(535, smtp.command("AUTH " + Site.plain("a@postern.test")));
            Site.expect(535, smtp.command("AUTH " + Site.plain("b@postern.test")));
            return last(smtp, smtp.command("AUTH " + Site.plain("c@postern.test")));
        }
    }

    private RawSmtp.Reply logins(InetAddress from) throws IOException {
        for (String user : List.of("d@postern.test", "e@postern.test")) {
            try (RawSmtp smtp = secured(from)) {
                Site.expect(535, smtp.command("AUTH " + Site.plain(user)));
            }
        }
        try (RawSmtp smtp = secured(from)) {
            return smtp.command("AUTH " + Site.plain("f@postern.test"));
        }
    }

    private RawSmtp secured(InetAddress from) throws IOException {
        RawSmtp smtp = Site.greeted(from, submission);
        Site.expect(220, smtp.startTls());
        Site.expect(250, smtp.command("EHLO flood.test"));
        return smtp;
    }

    /// Opens sessions at both listeners, so that neither is full by itself.
    private RawSmtp.Reply sessionsInAll(InetAddress from) throws IOException {
        return sessions(IntStream.range(0, 30)
                .mapToObj(i -> new Way(beside(from, 1, 20 + i), i < 15 ? mx : submission)));
    }

    /// Opens a session from each address; the last is the one too many.
    private RawSmtp.Reply sessionsAtMx(Stream<InetAddress> from) throws IOException {
        return sessions(from.map(address -> new Way(address, mx)));
    }

    /// From where to where.
    private record Way(InetAddress from, int port) {}

    /// The last is the one too many; the others leave in good order, so that the next flood does not meet them.
    private RawSmtp.Reply sessions(Stream<Way> ways) throws IOException {
        List<RawSmtp> open = new ArrayList<>();
        try {
            RawSmtp.Reply greeting = null;
            for (Way way : ways.toList()) {
                RawSmtp smtp = RawSmtp.connect(way.from(), way.port());
                open.add(smtp);
                if (greeting != null) {
                    Site.expect(220, greeting);
                }
                greeting = smtp.reply();
            }
            RawSmtp.Reply told = last(open.getLast(), Objects.requireNonNull(greeting));
            for (RawSmtp smtp : open.subList(0, open.size() - 1)) {
                last(smtp, smtp.command("QUIT"));
            }
            return told;
        } finally {
            for (RawSmtp smtp : open) {
                smtp.close();
            }
        }
    }

    /// A last word, behind which the server closes.
    private static RawSmtp.Reply last(RawSmtp smtp, RawSmtp.Reply reply) throws IOException {
        assertThat(smtp.ended()).as("the end behind %s", reply).isTrue();
        return reply;
    }
}
