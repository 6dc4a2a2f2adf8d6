package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Gsasl;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Users log in with a client of other people's making, by every mechanism that both know.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LoginTest {
    private static final String JANE = "jane@postern.test";

    /// An account of a version without SCRAM, with the password `secret`.
    private static final String OLD = "joe@postern.test";

    private static final String PASSWORD = "correct horse";

    private Path folder;
    private Postern postern;
    private int submission;

    @BeforeAll
    void start(@TempDir Path given) throws IOException, InterruptedException {
        folder = given;
        submission = Ports.free();
        Site.accounts(folder, OLD);
        String toml = """
                hostname = "mail.postern.test"
                [listen]
                submission = ["127.0.0.1:%d"]
                [domains]
                local = ["postern.test"]
                postmaster = "joe@postern.test"
                """.formatted(submission);
        Files.writeString(folder.resolve("postern.toml"), toml);
        Finished added =
                Postern.command(folder, (PASSWORD + "\n").getBytes(StandardCharsets.UTF_8), "user", "add", JANE);
        assertThat(added.exitCode()).as("%s", added).isZero();
        postern = Postern.start(folder, toml, submission);
    }

    @AfterAll
    void stop() {
        if (postern != null) {
            postern.close();
        }
    }

    private Finished login(String mechanism, String user, String password, String... options)
            throws IOException, InterruptedException {
        Peers.require("gsasl");
        return Gsasl.login(folder, submission, new Gsasl.Credentials(mechanism, user, password), options);
    }

    @ParameterizedTest
    @CsvSource({
        "SCRAM-SHA-256-PLUS, jane@postern.test, correct horse",
        "SCRAM-SHA-256-PLUS, JANE@Postern.Test, correct horse",
        "PLAIN, jane@postern.test, correct horse",
        "LOGIN, jane@postern.test, correct horse",
        "PLAIN, joe@postern.test, secret"
    })
    void foreignClientLogsIn(String mechanism, String user, String password) throws IOException, InterruptedException {
        Finished session = login(mechanism, user, password);

        assertThat(session.exitCode()).as("%s", session).isZero();
        assertThat(session.output()).contains("235 2.7.0");
    }

    @Test
    void foreignClientThatBindsToNothingLogsInBySimpleScram() throws IOException, InterruptedException {
        Finished session = login("SCRAM-SHA-256", JANE, PASSWORD, "--no-cb");

        assertThat(session.exitCode()).as("%s", session).isZero();
        assertThat(session.output()).contains("235 2.7.0");
    }

    @ParameterizedTest
    @CsvSource({
        "SCRAM-SHA-256-PLUS, jane@postern.test, wrong horse",
        "SCRAM-SHA-256-PLUS, nobody@postern.test, correct horse",
        "SCRAM-SHA-256-PLUS, joe@postern.test, secret",
        "PLAIN, jane@postern.test, wrong horse"
    })
    void nobodyElseDoes(String mechanism, String user, String password) throws IOException, InterruptedException {
        Finished session = login(mechanism, user, password);

        assertThat(session.exitCode()).as("%s", session).isNotZero();
        assertThat(session.output()).contains("535 5.7.8").doesNotContain("235 2.7.0");
    }

    /// Each try is of another name from this one address; the last word is in the mail log.
    @Test
    void guessingHasToWait(@TempDir Path other) throws IOException, InterruptedException {
        int port = Ports.free();
        Site.accounts(other, OLD);
        String toml = """
                hostname = "mail.postern.test"
                [listen]
                submission = ["127.0.0.1:%d"]
                [domains]
                local = ["postern.test"]
                postmaster = "joe@postern.test"
                [limits]
                login-failures-per-address = 4
                """.formatted(port);
        try (Postern guessed = Postern.start(other, toml, port)) {
            for (int i = 0; i < 4; i++) {
                assertThat(firstTry(port, "guess" + i + "@postern.test", "secret"))
                        .isEqualTo(535);
            }
            assertThat(firstTry(port, OLD, "secret")).isEqualTo(454);
            assertThat(guessed.log()).contains("login-throttled").contains("by=address");
        }
    }

    private static int firstTry(int port, String user, String password) throws IOException {
        try (RawSmtp smtp = Site.greeted(port)) {
            smtp.startTls();
            smtp.command("EHLO client.test");
            return smtp.command("AUTH " + Site.plain(user, password)).code();
        }
    }
}
