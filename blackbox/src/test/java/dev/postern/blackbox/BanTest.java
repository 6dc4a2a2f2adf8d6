package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who offends is not let in for some time, whatever happens to the server meanwhile, unless the administrator says so.
final class BanTest {
    private static final InetAddress BAD = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress OTHER = InetAddress.ofLiteral("127.0.0.2");
    private static final String BANNED = "421 4.7.1 127.0.0.1 is banned until ";

    @TempDir
    private Path folder;

    private Postern postern;
    private int mx;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        mx = Ports.free();
        Site.accounts(folder, "joe@postern.test");
        postern = Postern.start(folder, """
                        hostname = "mail.postern.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        [domains]
                        local = ["postern.test"]
                        postmaster = "joe@postern.test"
                        [limits]
                        errors = 3
                        [guard]
                        allow = []
                        ban-time = "1h"
                        """.formatted(mx), mx);
    }

    @AfterEach
    void stop() {
        if (postern != null) {
            postern.close();
        }
    }

    private String greeting(InetAddress from) throws IOException {
        try (RawSmtp smtp = RawSmtp.connect(from, mx)) {
            return smtp.reply().toString();
        }
    }

    /// Each session ends for too many faults.
    private void offend(InetAddress from) throws IOException {
        for (int i = 0; i < 4; i++) {
            try (RawSmtp smtp = RawSmtp.connect(from, mx)) {
                Site.expect(220, smtp.reply());
                Site.expect(500, smtp.command("FROB"));
                Site.expect(500, smtp.command("FROB"));
                Site.expect(421, smtp.command("FROB"));
                assertThat(smtp.ended()).isTrue();
            }
        }
    }

    private String ban(String... words) throws IOException, InterruptedException {
        String[] line = new String[words.length + 1];
        line[0] = "ban";
        System.arraycopy(words, 0, line, 1, words.length);
        Finished done = postern.cli(line);
        assertThat(done.exitCode()).as("%s", done).isZero();
        return done.output();
    }

    @Test
    void offenderIsBannedAlsoAfterAKillUntilTheAdministratorLetsItIn() throws IOException, InterruptedException {
        offend(BAD);
        Await.until(Site.SOON, () -> postern.log().contains("banned network=127.0.0.1 "), postern::log);

        assertThat(greeting(BAD))
                .startsWith(BANNED)
                .endsWith("(faults); if that is wrong, write to postmaster@postern.test from another server");
        assertThat(greeting(OTHER)).startsWith("220 ");
        Path file = folder.resolve("data/bans");
        Await.until(
                Site.SOON,
                () -> Files.exists(file) && Files.readString(file).contains("127.0.0.1 "),
                () -> "the ban is not in " + file);

        postern.kill9();
        Files.writeString(
                file.resolveSibling("bans.new"), "postern-bans 1\n0.0.0.0/1"); // what a kill in a write leaves
        postern.restart();
        assertThat(greeting(OTHER)).startsWith("220 ");
        assertThat(greeting(BAD)).startsWith(BANNED);
        assertThat(ban("list")).contains("127.0.0.1  until ", "offences: faults", "1 ban(s).");
        assertThat(ban("list", "--json"))
                .contains("{\"network\":\"127.0.0.1\",\"until\":\"", "\"source\":\"offences\"", "{\"bans\":1,");
        postern.reload();
        Await.until(Site.SOON, () -> postern.log().contains(" reloaded "), postern::log);
        assertThat(greeting(BAD)).startsWith(BANNED);

        assertThat(ban("remove", "127.0.0.1")).contains("127.0.0.1 is let in again");
        assertThat(greeting(BAD)).startsWith("220 ");
        assertThat(postern.log()).contains("ban-ended network=127.0.0.1 ");
        postern.kill9();
        postern.restart();
        assertThat(greeting(BAD)).startsWith("220 ");
    }

    @Test
    void administratorBansANetworkAndSeesWhenItEnds() throws IOException, InterruptedException {
        assertThat(ban("add", "127.0.0.2", "--for", "2h", "--why", "sends nothing but spam"))
                .contains("127.0.0.2  until ", "operator: sends nothing but spam");
        assertThat(greeting(OTHER)).contains("127.0.0.2 is banned until ", "(sends nothing but spam)");
        assertThat(greeting(BAD)).startsWith("220 ");
        postern.kill9();
        postern.restart();
        assertThat(greeting(OTHER)).startsWith("421 4.7.1 ");
        assertThat(ban("add", "2001:db8::1")).contains("2001:db8:0:0:0:0:0:0/64  until ");
        assertThat(ban("list", "--json")).contains("\"network\":\"2001:db8:0:0:0:0:0:0/64\"", "{\"bans\":2,");

        Finished wrong = postern.cli("ban", "add", "example.org");
        assertThat(wrong.exitCode()).isNotZero();
        assertThat(wrong.errors()).contains("\"example.org\" is no address or network");
        Finished unknown = postern.cli("ban", "remove", "192.0.2.1");
        assertThat(unknown.exitCode()).isNotZero();
        assertThat(unknown.errors()).contains("192.0.2.1 is not banned");
    }

    @Test
    void fileThatIsNoneIsToldAndDoesNotStopTheStart() throws IOException, InterruptedException {
        postern.kill9();
        Files.writeString(folder.resolve("data/bans"), "postern-bans 1\n0.0.0.0/1 1 2");
        postern.restart();

        assertThat(greeting(BAD)).startsWith("220 ");
        assertThat(postern.log()).contains("bans-unreadable file=");
        assertThat(folder.resolve("data/bans.unreadable")).exists();
    }
}
