package dev.postern.blackbox;

import static dev.postern.blackbox.Site.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.RelayAttempt.Step;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Maildir;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.RecordingSink;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Nobody but our users gets mail carried elsewhere, whatever they say. Everything foreign would go
/// to one smarthost, which writes down what it gets.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class RelayTest {
    private static final String FRIEND = "friend@foreign.test";
    private static final int FEWEST_DIALOGUES = 60;

    private Path folder;

    private RecordingSink elsewhere;
    private Postern postern;
    private int mx;
    private int submission;
    private int submissions;
    private int lmtp;

    @BeforeAll
    void start(@TempDir Path given) throws IOException, InterruptedException {
        folder = given;
        elsewhere = RecordingSink.start("PIPELINING", "8BITMIME", "SMTPUTF8", "CHUNKING");
        mx = Ports.free();
        submission = Ports.free();
        submissions = Ports.free();
        lmtp = Ports.free();
        Site.accounts(folder, "joe@postern.test", "mallory@postern.test");
        postern = Postern.start(
                folder,
                """
                        hostname = "mail.postern.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        submission = ["127.0.0.1:%d"]
                        submissions = ["127.0.0.1:%d"]
                        lmtp = ["127.0.0.1:%d"]
                        [domains]
                        local = ["postern.test"]
                        postmaster = "joe@postern.test"
                        [relay]
                        networks = ["192.0.2.0/24"]
                        [relay.domains]
                        "backup.test" = "127.0.0.1:%d"
                        [smarthost.elsewhere]
                        host = "127.0.0.1"
                        port = %d
                        tls = "opportunistic"
                        [submission]
                        repair-line-ends = true
                        [limits]
                        errors = 1000
                        """.formatted(mx, submission, submissions, lmtp, elsewhere.port(), elsewhere.port()),
                mx,
                submission,
                submissions,
                lmtp);
    }

    @AfterAll
    void stop() throws IOException {
        if (postern != null) {
            postern.close();
        }
        elsewhere.close();
    }

    static List<String> addresses() throws IOException {
        return RelayAttempt.addresses();
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void strangerIsRefusedWhateverTheAddressLooksLike(String address) throws IOException {
        try (RawSmtp smtp = Site.greeted(mx)) {
            refused(smtp, "MAIL FROM:<joe@postern.test> SMTPUTF8", address);
            refused(smtp, "MAIL FROM:<>", address);
        }
        try (RawSmtp smtp = RawSmtp.connect(mx)) {
            Site.expect(220, smtp.reply());
            Site.expect(250, smtp.command("HELO mail.postern.test"));
            refused(smtp, "MAIL FROM:<victim@foreign.test>", address);
        }
        try (RawSmtp smtp = RawSmtp.connect(lmtp)) {
            Site.expect(220, smtp.reply());
            Site.expect(250, smtp.command("LHLO stranger.test"));
            refused(smtp, "MAIL FROM:<joe@postern.test> SMTPUTF8", address);
        }
    }

    private static void refused(RawSmtp smtp, String mail, String address) throws IOException {
        Site.expect(250, smtp.command(mail));
        RawSmtp.Reply reply = say(smtp, RelayAttempt.octets("RCPT TO:" + address));
        assertThat(reply.code()).as(reply.toString()).isGreaterThanOrEqualTo(400);
        RawSmtp.Reply data = smtp.command("DATA");
        assertThat(data.code()).as(data.toString()).isGreaterThanOrEqualTo(500);
        Site.expect(250, smtp.command("RSET"));
    }

    static List<RelayAttempt> dialogues() throws IOException {
        List<RelayAttempt> dialogues = RelayAttempt.dialogues();
        assertThat(dialogues).hasSizeGreaterThanOrEqualTo(FEWEST_DIALOGUES);
        return dialogues;
    }

    @ParameterizedTest
    @MethodSource("dialogues")
    void strangerIsRefusedWhateverIsSaid(RelayAttempt attempt) throws IOException {
        try (RawSmtp smtp = open(attempt.listener())) {
            Site.expect(220, smtp.reply());
            for (Step step : attempt.steps()) {
                play(smtp, step);
            }
        }
    }

    private RawSmtp open(String listener) throws IOException {
        return switch (listener) {
            case "mx" -> RawSmtp.connect(mx);
            case "submission" -> RawSmtp.connect(submission);
            case "submissions" -> RawSmtp.connectTls(submissions);
            case "lmtp" -> RawSmtp.connect(lmtp);
            default -> throw new IllegalArgumentException(listener);
        };
    }

    private static void play(RawSmtp smtp, Step step) throws IOException {
        switch (step) {
            case Step.Granted(byte[] octets) -> {
                RawSmtp.Reply reply = say(smtp, octets);
                assertThat(reply.code())
                        .as("%s answers %s", text(octets), reply)
                        .isBetween(200, 399);
                if (reply.code() == 354) {
                    smtp.send(Site.message("taken"));
                    smtp.send(".\r\n");
                    Site.expect(250, smtp.reply());
                }
            }
            case Step.Refused(byte[] octets) -> {
                RawSmtp.Reply reply = say(smtp, octets);
                assertThat(reply.code())
                        .as("%s answers %s", text(octets), reply)
                        .isGreaterThanOrEqualTo(400);
            }
            case Step.Together(List<byte[]> commands) -> together(smtp, commands);
            case Step.StartTls() -> Site.expect(220, smtp.startTls());
            case Step.Ended() -> assertThat(smtp.ended()).isTrue();
        }
    }

    private static void together(RawSmtp smtp, List<byte[]> commands) throws IOException {
        ByteArrayOutputStream flight = new ByteArrayOutputStream();
        for (byte[] command : commands) {
            flight.writeBytes(command);
            flight.write('\r');
            flight.write('\n');
        }
        smtp.send(flight.toByteArray());
        for (byte[] command : commands) {
            RawSmtp.Reply reply;
            try {
                reply = smtp.reply();
            } catch (EOFException ended) {
                // Nothing more is granted to whom the door was shut on.
                return;
            }
            String verb = text(command).toUpperCase(Locale.ROOT);
            if (verb.startsWith("RCPT") || verb.startsWith("DATA")) {
                assertThat(reply.code())
                        .as("%s answers %s", text(command), reply)
                        .isGreaterThanOrEqualTo(400);
            }
        }
    }

    private static RawSmtp.Reply say(RawSmtp smtp, byte[] command) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(command);
        line.write('\r');
        line.write('\n');
        smtp.send(line.toByteArray());
        return smtp.reply();
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }

    /// What some servers take for the end of the data; every one ends up as text here, or the
    /// message is refused.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n.\n",
                "\n.\r\n",
                "\r.\r",
                "\r.\r\n",
                "\r\n.\n",
                "\r\n.\r",
                "\n.\r",
                "\n\n.\r\n",
                "\n\r.\n\r",
                "\r\r\n.\r\r\n",
                "\r\n\0.\r\n",
                "\r\n.\0\r\n",
                "\r\n.\r\0\n",
                "\r\n. \r\n",
                "\r\n.\t\r\n",
                "\r\n..\r\n",
                "\r\n.\r\r\n",
                "\u000b.\u000b",
                "\f.\f",
                "\u0085.\u0085",
                "\u2028.\u2028",
                "\u010d\u010a.\u010d\u010a",
            })
    void nothingIsSmuggledBehindWhatOnlyLooksLikeTheEnd(String end) throws IOException {
        String content = "Subject: outer\r\n\r\nouter" + end
                + "MAIL FROM:<joe@postern.test>\r\nRCPT TO:<victim@foreign.test>\r\nDATA\r\nSubject: inner\r\n\r\ninner\r\n.\r\nQUIT\r\n";
        try (RawSmtp smtp = Site.greeted(mx)) {
            Site.envelope(smtp, "stranger@stranger.test", "joe@postern.test");
            oneReplyAndTheEnd(smtp, content);
        }
        try (RawSmtp smtp = Site.loggedIn(submission, "joe@postern.test")) {
            Site.envelope(smtp, "joe@postern.test", FRIEND);
            oneReplyAndTheEnd(smtp, content);
        }
    }

    private static void oneReplyAndTheEnd(RawSmtp smtp, String content) throws IOException {
        Site.expect(354, smtp.command("DATA"));
        smtp.send(content);
        List<Integer> codes =
                new ArrayList<>(List.of(smtp.reply().code(), smtp.reply().code()));
        assertThat(codes).isIn(List.of(250, 221), List.of(550, 221));
        assertThat(smtp.ended()).isTrue();
    }

    @Test
    void probeFindsEveryListenerFirm() throws IOException, InterruptedException {
        Finished probe = postern.cli("probe");
        assertThat(probe.exitCode()).as(probe.toString()).isZero();
        assertThat(probe.output().lines().filter(line -> line.contains(" attempts withstood, 0 gave in")))
                .hasSize(4);
        assertThat(probe.output()).doesNotContain("WEAK").doesNotContain("broke off");
    }

    /// The control: a server that takes everything.
    @Test
    void probeFindsAnOpenRelay() throws IOException, InterruptedException {
        try (RecordingSink open = RecordingSink.start("PIPELINING")) {
            Finished probe = postern.cli("probe", "--server", "127.0.0.1:" + open.port(), "--inbox", "joe@open.test");
            assertThat(probe.exitCode()).isEqualTo(1);
            assertThat(probe.output())
                    .contains("WEAK: plain: it relays for strangers")
                    .contains("C: RCPT TO:<victim@probe.invalid>")
                    .contains("WEAK: smuggling by LF . LF");
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void ofAllThisOnlyTheMailOfOurUsersWentElsewhere() throws IOException, InterruptedException {
        try (RawSmtp smtp = Site.loggedIn(submission, "joe@postern.test")) {
            Site.expect(250, Site.transfer(smtp, Site.message("the last"), "joe@postern.test", "last@foreign.test"));
        }
        // What had been taken before that would have gone before it, or would still wait.
        elsewhere.awaitMessageTo("last@foreign.test", SOON);
        assertThat(postern.cli("queue", "list").output()).startsWith("0 message(s)");
        assertThat(elsewhere.messages())
                .flatExtracting(RecordingSink.Taken::recipients)
                .allMatch(to -> to.startsWith("TO:<" + FRIEND + ">") || to.startsWith("TO:<last@foreign.test>"));
        assertThat(elsewhere.messages())
                .extracting(message -> new String(message.content(), StandardCharsets.UTF_8))
                .noneMatch(content -> content.startsWith("Subject: inner"));
        assertThat(elsewhere.complaints()).isEmpty();
        Maildir joe = new Maildir(folder.resolve("mail/postern.test/joe"));
        assertThat(joe.messages())
                .extracting(message -> new String(message, StandardCharsets.UTF_8))
                .anyMatch(message -> message.contains("Subject: taken"));
    }
}
