package dev.postern.blackbox;

import static dev.postern.blackbox.Site.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SIGHUP: all new sessions see the new configuration, or the old one stays and the log says why.
final class ReloadTest {
    private static final String RELOADED = " reloaded file=";
    private static final String REFUSED = " reload-refused why=";

    @TempDir
    private Path folder;

    private Postern postern;
    private String good;
    private int mx;
    private int submission;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        mx = Ports.free();
        submission = Ports.free();
        Site.accounts(folder, "joe@postern.test");
        good = """
                hostname = "mail.postern.test"
                [listen]
                mx = ["127.0.0.1:%d"]
                submission = ["127.0.0.1:%d"]
                [domains]
                local = ["postern.test"]
                postmaster = "joe@postern.test"
                """.formatted(mx, submission);
        postern = Postern.start(folder, good, mx, submission);
    }

    @AfterEach
    void stop() {
        if (postern != null) {
            postern.close();
        }
    }

    @Test
    void newAccountIsKnownAfterwards() throws IOException, InterruptedException {
        Finished added = Postern.command(
                folder, "correct horse\n".getBytes(StandardCharsets.UTF_8), "user", "add", "jane@postern.test");
        assertThat(added.exitCode()).as(added.toString()).isZero();
        assertThat(loginOfJane()).isEqualTo(535);
        reload(RELOADED);
        assertThat(loginOfJane()).isEqualTo(235);
        try (RawSmtp smtp = Site.greeted(mx)) {
            Site.envelope(smtp, "me@example.test", "jane@postern.test", "joe@postern.test");
        }
    }

    private int loginOfJane() throws IOException {
        try (RawSmtp smtp = Site.greeted(submission)) {
            Site.expect(220, smtp.startTls());
            Site.expect(250, smtp.command("EHLO client.test"));
            return smtp.command("AUTH " + Site.plain("jane@postern.test", "correct horse"))
                    .code();
        }
    }

    @Test
    void newDomainIsOursAndOpenSessionsEndAsTheyBegan() throws IOException, InterruptedException {
        try (RawSmtp before = Site.greeted(mx)) {
            Site.expect(250, before.command("MAIL FROM:<me@example.test>"));
            Site.expect(550, before.command("RCPT TO:<joe@second.test>"));
            Files.writeString(folder.resolve("accounts"), "joe@postern.test !\njoe@second.test !\n");
            Files.writeString(
                    postern.configuration(), good.replace("[\"postern.test\"]", "[\"postern.test\", \"second.test\"]"));
            reload(RELOADED);
            try (RawSmtp after = Site.greeted(mx)) {
                Site.envelope(after, "me@example.test", "joe@second.test");
            }
            Site.expect(250, before.command("RCPT TO:<joe@postern.test>"));
            Site.expect(354, before.command("DATA"));
            before.send(Site.message("across a reload"));
            before.send(".\r\n");
            Site.expect(250, before.reply());
        }
    }

    @Test
    void badConfigurationLeavesTheOldOneInForceAndTheLogSaysWhy() throws IOException, InterruptedException {
        Files.writeString(postern.configuration(), good.replace("local =", "lokal ="));
        reload(REFUSED);
        assertThat(postern.log()).contains("did you mean", "local").doesNotContain("Exception", "\tat ");
        assertThatJoeIsKnown();

        Files.delete(postern.configuration());
        reload(REFUSED);
        assertThat(postern.log()).contains("there is no such file");
        assertThatJoeIsKnown();

        Files.writeString(postern.configuration(), good);
        reload(RELOADED);
        assertThatJoeIsKnown();
    }

    private void assertThatJoeIsKnown() throws IOException {
        try (RawSmtp smtp = Site.greeted(mx)) {
            Site.envelope(smtp, "me@example.test", "joe@postern.test");
        }
    }

    private void reload(String event) throws IOException, InterruptedException {
        int before = count(event);
        postern.reload();
        Await.until(SOON, () -> count(event) > before, () -> event + " in the log\n" + postern.log());
    }

    private int count(String event) {
        return postern.log().split(event, -1).length - 1;
    }
}
