package dev.postern.blackbox;

import static dev.postern.blackbox.Sentences.assertThatItSaysNo;
import static dev.postern.blackbox.Site.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Maildir;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The commands of a machine's own users and administrator: `sendmail` under that name, `send`,
/// `user`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LocalCommandsTest {
    private static final Duration BOUND = Duration.ofSeconds(60);

    private Path folder;

    private Postern postern;
    private Path sendmail;
    private int mx;
    private int submission;

    @BeforeAll
    void start(@TempDir Path given) throws IOException, InterruptedException {
        folder = given;
        mx = Ports.free();
        submission = Ports.free();
        Site.accounts(folder, "joe@postern.test", "ann@postern.test", "bob@postern.test", "zoe@postern.test");
        postern = Postern.start(folder, """
                        hostname = "mail.postern.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        submission = ["127.0.0.1:%d"]
                        [domains]
                        local = ["postern.test"]
                        postmaster = "joe@postern.test"
                        """.formatted(mx, submission), mx, submission);
        sendmail = Files.createSymbolicLink(
                folder.resolve("sendmail"), Peers.root().resolve("postern").toRealPath());
    }

    @AfterAll
    void stop() {
        if (postern != null) {
            postern.close();
        }
    }

    @Test
    void sendmailTakesItsRecipientsFromTheHeaderAndHidesBcc() throws IOException, InterruptedException {
        Finished sent = sendmail(
                "From: joe@postern.test\nTo: Ann <ann@postern.test>\nBcc: bob@postern.test\nSubject: both\n\n.\nlast\n",
                "-t",
                "-oi",
                "-f",
                "joe@postern.test");
        assertThat(sent.exitCode()).as(sent.toString()).isZero();
        for (String local : List.of("ann", "bob")) {
            assertThat(arrived(local, "Subject: both"))
                    .startsWith("Return-Path: <joe@postern.test>\n")
                    .contains("To: Ann <ann@postern.test>\n", "\nDate: ", "\nMessage-ID: <")
                    .doesNotContain("Bcc", "bob@postern.test>\nTo")
                    .endsWith("\n\n.\nlast\n");
        }
    }

    @Test
    void sendmailTakesItsRecipientsFromItsWordsAndEndsAtALoneDot() throws IOException, InterruptedException {
        Finished sent = sendmail("Subject: dotted\n\nfirst\n.\nnever sent\n", "-fjoe@postern.test", "zoe");
        assertThat(sent.exitCode()).as(sent.toString()).isZero();
        assertThat(arrived("zoe", "Subject: dotted")).endsWith("\n\nfirst\n");
    }

    @Test
    void sendmailSaysWhoIsUnknown() throws IOException, InterruptedException {
        Finished sent = sendmail("Subject: nobody\n\n", "nobody@postern.test");
        assertThatItSaysNo(sent, "nobody@postern.test", "5.1.1");
        assertThat(sent.exitCode()).isEqualTo(67);
    }

    @Test
    void sendmailSpeaksSmtpOnItsInputAndOutput() throws IOException, InterruptedException {
        Finished sent = sendmail("""
                EHLO localhost
                MAIL FROM:<joe@postern.test>
                RCPT TO:<joe@postern.test>
                DATA
                Subject: spoken

                Hello.
                .
                QUIT
                """.replace("\n", "\r\n"), "-bs");
        assertThat(sent.exitCode()).as(sent.toString()).isZero();
        assertThat(sent.output()).contains("220 mail.postern.test", "354 ", "queued as ", "221 ");
        assertThat(arrived("joe", "Subject: spoken")).endsWith("\n\nHello.\n");
    }

    @Test
    void sendmailListsTheQueue() throws IOException, InterruptedException {
        assertThat(sendmail("", "-bp").output()).contains("message(s) in the queue");
    }

    @Test
    void sendShowsTheDialogueUnderTlsWithALogin() throws IOException, InterruptedException {
        List<String> command = List.of(
                Peers.root().resolve("postern").toString(),
                "send",
                "--server",
                "127.0.0.1:" + submission,
                "--tls",
                "starttls",
                "--user",
                "ann@postern.test",
                "--from",
                "ann@postern.test",
                "bob@postern.test");
        Finished sent = Program.run(command, folder, Map.of("POSTERN_PASSWORD", Site.PASSWORD), new byte[0], BOUND);
        assertThat(sent.exitCode()).as(sent.toString()).isZero();
        assertThat(sent.output())
                .contains("S: 220 mail.postern.test", "C: STARTTLS", "C: AUTH ", "S: 235 ", "BDAT ", "bob@postern.test")
                .doesNotContain(Site.PASSWORD, Site.plain("ann@postern.test"));
        Finished refused = Postern.command(
                folder, new byte[0], "send", "--server", "127.0.0.1:" + mx, "--tls", "none", "victim@foreign.test");
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.output()).contains("S: 550 5.7.1");
    }

    @Test
    void accountsAreAddedListedChangedAndRemoved() throws IOException, InterruptedException {
        Path own = Files.createDirectories(folder.resolve("accounts.test"));
        Files.copy(folder.resolve("postern.toml"), own.resolve("postern.toml"));
        user(own, "correct horse\n", "add", "New@postern.test", "--sender", "@postern.test");
        user(own, "", "add", "--no-login", "box@postern.test");
        assertThat(user(own, "", "list"))
                .isEqualTo("box@postern.test  (no login)\nnew@postern.test  sends as @postern.test\n");
        assertThat(user(own, "", "list", "--json")).contains("\"address\":\"new@postern.test\"", "\"login\":false");
        String first = Files.readString(own.resolve("accounts"));
        assertThat(first).contains("$argon2id$").doesNotContain("correct horse");
        user(own, "battery staple\n", "passwd", "new@postern.test");
        assertThat(Files.readString(own.resolve("accounts"))).isNotEqualTo(first);
        user(own, "", "remove", "new@postern.test");
        assertThat(user(own, "", "list")).isEqualTo("box@postern.test  (no login)\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own.resolve("accounts"))))
                .isEqualTo("rw-------");
    }

    @Test
    void initWritesAConfigurationThatIsGood() throws IOException, InterruptedException {
        Path own = Files.createDirectories(folder.resolve("init"));
        Finished made = Postern.command(own, new byte[0], "init", "example.test");
        assertThat(made.exitCode()).as(made.toString()).isZero();
        assertThat(made.output()).contains("MX    10 mail.example.test.", "v=spf1");
        Finished checked = Postern.command(own, new byte[0], "check");
        assertThat(checked.exitCode()).as(checked.toString()).isZero();
    }

    private static String user(Path own, String input, String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("user"));
        all.addAll(List.of(words));
        Finished finished = Postern.command(own, input.getBytes(StandardCharsets.UTF_8), all.toArray(String[]::new));
        assertThat(finished.exitCode()).as(finished.toString()).isZero();
        return finished.output();
    }

    private Finished sendmail(String input, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(sendmail.toString()));
        command.addAll(List.of(words));
        return Program.run(
                command,
                folder,
                Map.of("POSTERN_CONFIG", postern.configuration().toString()),
                input.getBytes(StandardCharsets.UTF_8),
                BOUND);
    }

    private String arrived(String local, String words) throws IOException, InterruptedException {
        Maildir inbox = new Maildir(folder.resolve("mail/postern.test").resolve(local));
        Await.until(SOON, () -> find(inbox, words).isPresent(), postern::log);
        return find(inbox, words).orElseThrow();
    }

    private static Optional<String> find(Maildir inbox, String words) throws IOException {
        return inbox.messages().stream()
                .map(message -> new String(message, StandardCharsets.UTF_8))
                .filter(message -> message.contains(words))
                .findFirst();
    }
}
