package dev.postern.blackbox;

import static dev.postern.blackbox.Site.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that has too much to do turns other servers away, and goes on for users.
final class BusyTest {
    private static final String JOE = "joe@postern.test";

    @TempDir
    private Path folder;

    private final List<RawSmtp> silent = new ArrayList<>();
    private final int mx = free();
    private final int submission = free();

    private static int free() {
        try {
            return Ports.free();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        for (RawSmtp one : silent) {
            one.close();
        }
    }

    private String configuration(String limits) throws IOException {
        Site.accounts(folder, JOE);
        return """
                hostname = "mail.postern.test"
                [listen]
                mx = ["127.0.0.1:%d"]
                submission = ["127.0.0.1:%d"]
                [domains]
                local = ["postern.test"]
                postmaster = "joe@postern.test"
                [limits]
                sessions-per-address = 10000
                %s
                """.formatted(mx, submission, limits);
    }

    private void mailGoesIn() throws IOException {
        try (RawSmtp other = Site.greeted(mx)) {
            Site.expect(250, Site.transfer(other, Site.message("from outside"), "me@example.test", JOE));
        }
    }

    private boolean mailIsLetIn() throws IOException {
        try (RawSmtp other = RawSmtp.connect(mx)) {
            if (other.reply().code() != 220) {
                return false;
            }
            Site.expect(250, other.command("EHLO client.test"));
            Site.expect(250, Site.transfer(other, Site.message("from outside"), "me@example.test", JOE));
            return true;
        }
    }

    private void userSends() throws IOException {
        try (RawSmtp user = Site.loggedIn(submission, JOE)) {
            Site.expect(250, Site.transfer(user, Site.message("from a user"), JOE, JOE));
        }
    }

    /// Clients that are let in and say nothing.
    private void fill(int clients) throws IOException {
        while (silent.size() < clients) {
            RawSmtp one = RawSmtp.connect(mx);
            if (one.reply().code() == 220) {
                silent.add(one);
            } else {
                one.close(); // who looked whether the server is up takes room for a moment
            }
        }
    }

    /// Clients that connect and say nothing, whatever becomes of them.
    private void flood(int clients) {
        for (int i = 0; i < clients; i++) {
            try {
                silent.add(RawSmtp.connect(mx));
            } catch (IOException turnedAway) {
                return; // no more get in, and that is flood enough
            }
        }
    }

    @Test
    void floodOfPort25IsToldSoAtOnceAndUsersGoOn() throws Exception {
        try (Postern postern = Postern.start(
                folder, configuration("sessions = 40\nsessions-mx = 20\noverload-silence = \"1h\""), mx, submission)) {
            fill(20);
            try (RawSmtp late = RawSmtp.connect(mx)) {
                assertThat(late.reply()).hasToString("421 4.3.2 too many connections to this port, come again later");
            }
            userSends();
            Await.until(
                    SOON,
                    () -> postern.log().contains("pressure-changed resource=sessions level=overloaded"),
                    postern::log);
            assertThat(postern.log()).contains("turned-away role=mx limit=sessions-mx times=1 total=1 peer=127.0.0.1");
        }
    }

    @Test
    void otherServerFindsRoomWhereOthersAreSilent() throws Exception {
        try (Postern postern =
                Postern.start(folder, configuration("sessions = 20\noverload-time-out = \"1h\""), mx, submission)) {
            fill(15);
            // Until somebody has been silent for long enough a newcomer is turned away.
            Await.until(SOON, this::mailIsLetIn, postern::log);
            assertThat(silent.stream().filter(BusyTest::wasShed)).isNotEmpty();
            assertThat(postern.log()).contains("idle-shed role=mx limit=sessions-mx", "ending=shed");
        }
    }

    private static boolean wasShed(RawSmtp client) {
        try {
            return client.command("NOOP").code() == 421;
        } catch (EOFException | SocketException gone) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void nearlyFullDiskPutsOtherServersOffAndUsersGoOn() throws Exception {
        try (Postern postern = Postern.start(folder, configuration("overload-disk = \"1000000GiB\""), mx, submission)) {
            Await.until(
                    SOON,
                    () -> postern.log().contains("pressure-changed resource=disk level=overloaded"),
                    postern::log);
            try (RawSmtp other = RawSmtp.connect(mx)) {
                assertThat(other.reply()).hasToString("421 4.3.1 no room for more mail now, come again later");
            }
            userSends();
            Files.writeString(postern.configuration(), configuration(""));
            postern.reload();
            Await.until(SOON, () -> postern.log().contains("pressure-changed resource=disk level=calm"), postern::log);
            mailGoesIn();
        }
    }

    @Test
    void serverWithFewDescriptorsStaysAliveInAFloodAndTakesMailAfterIt() throws Exception {
        try (Postern postern = Postern.startWithin(96, folder, configuration(""), mx, submission)) {
            flood(400);
            for (RawSmtp one : silent) {
                one.close();
            }
            silent.clear();
            Await.until(
                    SOON,
                    () -> {
                        try (RawSmtp other = RawSmtp.connect(mx)) {
                            return other.reply().code() == 220;
                        } catch (EOFException | SocketException notYet) {
                            return false;
                        }
                    },
                    postern::log);
            mailGoesIn();
            userSends();
            assertThat(postern.isAlive()).isTrue();
            assertThat(postern.log()).contains("sessions-reduced sessions=48 configured=2000 descriptors=96");
            assertThat(postern.log().lines().filter(line -> line.contains("accept-failed")))
                    .hasSizeLessThan(20);
        }
    }
}
