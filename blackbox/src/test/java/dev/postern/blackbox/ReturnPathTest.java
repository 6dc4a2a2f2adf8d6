package dev.postern.blackbox;

import static dev.postern.blackbox.Site.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Maildir;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.RecordingSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Users of `postern.test`, whose mail leaves with signed return paths, and an alias that may lead one message an hour
/// away; everything elsewhere is a server of the tests' own.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReturnPathTest {
    private RecordingSink far;
    private Postern postern;
    private int mx;
    private int submission;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException, InterruptedException {
        far = RecordingSink.start("PIPELINING", "8BITMIME");
        mx = Ports.free();
        submission = Ports.free();
        Site.accounts(folder, "ann@postern.test", "bob@postern.test", "news@postern.test");
        Files.writeString(folder.resolve("aliases"), """
                        away: joe@far.test
                        also: joe@far.test
                        """);
        postern = Postern.start(folder, """
                        hostname = "mail.postern.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        submission = ["127.0.0.1:%d"]
                        [domains]
                        local = ["postern.test"]
                        postmaster = "bob@postern.test"
                        [bounces]
                        signed = true
                        unsigned = ["news@postern.test"]
                        [forwarding]
                        per-hour = 1
                        [smarthost.far]
                        host = "127.0.0.1"
                        port = %d
                        tls = "opportunistic"
                        """.formatted(mx, submission, far.port()), mx, submission);
    }

    @AfterAll
    void stop() throws IOException {
        if (postern != null) {
            postern.close();
        }
        far.close();
    }

    private void submit(String user, String to, String subject) throws IOException {
        try (RawSmtp smtp = Site.loggedIn(submission, user)) {
            Site.expect(250, Site.transfer(smtp, Site.message(subject), user, to));
        }
    }

    private String returnPathAt(String recipient) throws IOException, InterruptedException {
        String mail = far.awaitMessageTo(recipient, SOON).mail();
        return mail.substring("FROM:<".length(), mail.indexOf('>'));
    }

    private String arrived(String inbox, String subject) throws IOException, InterruptedException {
        Maildir maildir =
                new Maildir(postern.folder().resolve("mail/postern.test").resolve(inbox));
        Await.until(SOON, () -> find(maildir, subject).size() == 1, () -> subject + " for " + inbox + postern.log());
        return find(maildir, subject).getFirst();
    }

    private static List<String> find(Maildir maildir, String subject) throws IOException {
        return maildir.messages().stream()
                .map(octets -> new String(octets, StandardCharsets.UTF_8))
                .filter(text -> text.contains("\nSubject: " + subject + "\n"))
                .toList();
    }

    @Test
    void reportToTheSignedReturnPathArrivesAndToNoOther() throws IOException, InterruptedException {
        submit("ann@postern.test", "one@far.test", "to far");
        String signed = returnPathAt("one@far.test");
        assertThat(signed).matches("prvs=[0-9]{4}[0-9a-f]{6}=ann@postern\\.test");

        try (RawSmtp smtp = Site.greeted(mx)) {
            Site.expect(250, smtp.command("MAIL FROM:<>"));
            assertThat(smtp.command("RCPT TO:<ann@postern.test>").toString())
                    .contains("550", "5.7.1", "no mail of this address has asked for a report", "(id ");
            for (String forged : List.of(
                    signed.replace("=ann@", "=bob@"),
                    signed.replaceFirst("prvs=.", "prvs="),
                    "prvs=0000000000=ann@postern.test")) {
                assertThat(smtp.command("RCPT TO:<" + forged + ">").toString())
                        .contains("550", "5.7.1", "was not signed by this server", "(id ");
            }
            Site.expect(250, smtp.command("RCPT TO:<news@postern.test>"));
            Site.expect(221, smtp.command("QUIT"));
        }
        try (RawSmtp smtp = Site.greeted(mx)) {
            Site.expect(250, Site.transfer(smtp, Site.message("a report on it"), "", signed));
        }
        assertThat(arrived("ann", "a report on it")).startsWith("Return-Path: <>\nDelivered-To: ann@postern.test\n");
    }

    @Test
    void mailWithinAndOfUnlistedUsersKeepsItsReturnPath() throws IOException, InterruptedException {
        submit("ann@postern.test", "bob@postern.test", "to bob");
        assertThat(arrived("bob", "to bob")).startsWith("Return-Path: <ann@postern.test>\n");
        submit("news@postern.test", "two@far.test", "news");
        assertThat(returnPathAt("two@far.test")).isEqualTo("news@postern.test");
    }

    @Test
    void aliasWaitsForItsNextHourAndOthersDoNot() throws IOException, InterruptedException {
        try (RawSmtp smtp = Site.greeted(mx)) {
            Site.expect(250, Site.transfer(smtp, Site.message("the first"), "joe@origin.test", "away@postern.test"));
            Site.expect(250, smtp.command("MAIL FROM:<joe@origin.test>"));
            assertThat(smtp.command("RCPT TO:<away@postern.test>").toString())
                    .contains("451", "4.7.1", "no more than 1 messages an hour", "(id ");
            Site.expect(250, smtp.command("RCPT TO:<also@postern.test>"));
            Site.expect(250, smtp.command("RCPT TO:<bob@postern.test>"));
        }
        RecordingSink.Taken forwarded = far.awaitMessageTo("joe@far.test", SOON);
        assertThat(new String(forwarded.content(), StandardCharsets.UTF_8))
                .startsWith("Delivered-To: away@postern.test\r\nReceived: ");
    }

    @Test
    void secretIsMadeAtTheFirstStartForTheOwnersEyesOnly() throws IOException {
        Path secret = postern.folder().resolve("data/batv.secret");
        assertThat(secret).content().matches("\\S{43}\n");
        assertThat(Files.getPosixFilePermissions(secret)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
}
