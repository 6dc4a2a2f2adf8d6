package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.ChallengeNames;
import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Pebble;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Certificates from a real authority: issued in each of the three ways, renewed while sessions go on, and kept
/// while the authority is of no use.
final class AcmeTest {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final Pebble.Habits SHORT_LIVED = new Pebble.Habits(24, 0, false);

    @TempDir
    private Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private int mx;
    private int http;
    private int https;
    private int authorityPort;
    private ChallengeNames names;

    @BeforeEach
    void prepare() throws IOException, InterruptedException {
        Peers.require("pebble", "openssl");
        mx = Ports.free();
        http = Ports.free();
        https = Ports.free();
        authorityPort = Ports.free();
        names = ChallengeNames.start(folder.resolve("names"));
        open.add(names);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private Pebble authority(Pebble.Habits habits) throws IOException, InterruptedException {
        Pebble pebble = Pebble.start(
                folder.resolve("authority"), authorityPort, new Pebble.Places(http, https, names.port()), habits);
        open.add(pebble);
        return pebble;
    }

    private Postern start(Pebble authority, String acme) throws IOException, InterruptedException {
        Path home = folder.resolve("postern");
        Site.accounts(home, "joe@postern.test");
        Postern postern =
                Postern.start(home, """
                hostname = "mail.postern.test"
                [listen]
                mx = ["127.0.0.1:%d"]
                http = ["127.0.0.1:%d"]
                https = ["127.0.0.1:%d"]
                [domains]
                local = ["postern.test"]
                postmaster = "joe@postern.test"
                [tls.acme]
                directory = "%s"
                accept-terms = true
                contact = "joe@postern.test"
                trust = "%s"
                first-wait = "1s"
                orders-a-day = 1000
                %s
                """.formatted(mx, http, https, authority.directory(), authority.root(), acme), mx);
        open.add(postern);
        return postern;
    }

    private X509Certificate shown() throws IOException {
        try (RawSmtp smtp = Site.greeted(mx)) {
            Site.expect(220, smtp.startTls());
            Site.expect(250, smtp.command("EHLO client.test"));
            return smtp.certificate();
        }
    }

    private static boolean isOfTheAuthority(X509Certificate certificate) {
        return certificate.getIssuerX500Principal().getName().contains("Pebble");
    }

    private static void awaitLog(Postern postern, String words, int times) throws IOException, InterruptedException {
        Await.until(
                LONG,
                () -> postern.log().split(java.util.regex.Pattern.quote(words), -1).length > times,
                () -> "not " + times + " times '" + words + "' in\n" + postern.log());
    }

    @Test
    void pageProvesTheNameAndBothKindsOfKeysAreCertified() throws Exception {
        Postern postern = start(authority(Pebble.Habits.usual()), "keys = [\"ecdsa\", \"rsa\"]");
        assertThat(postern.log()).doesNotContain("order-failed");

        awaitLog(postern, " certificate-shown ", 2);

        assertThat(isOfTheAuthority(shown())).isTrue();
        assertThat(shown().getSubjectAlternativeNames().toString()).contains("mail.postern.test");
        Path kept = folder.resolve("postern/data/acme");
        for (String file : List.of("mail.postern.test.ecdsa.pem", "mail.postern.test.rsa.pem", "journal")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept.resolve(file))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void certificateProvesSeveralNames() throws Exception {
        Postern postern = start(authority(Pebble.Habits.usual()), """
                challenge = "tls-alpn-01"
                names = ["mail.postern.test", "mta-sts.postern.test"]
                """);

        awaitLog(postern, " certificate-shown ", 1);

        assertThat(shown().getSubjectAlternativeNames().toString())
                .contains("mail.postern.test")
                .contains("mta-sts.postern.test");
    }

    @Test
    void recordProvesTheName() throws Exception {
        Path hook = names.hook(folder);
        Postern postern = start(authority(Pebble.Habits.usual()), "challenge = \"dns-01\"\nhook = [\"" + hook + "\"]");

        awaitLog(postern, " certificate-shown ", 1);

        assertThat(isOfTheAuthority(shown())).isTrue();
    }

    @Test
    void accountOfTheAdministratorIsNamed() throws Exception {
        Path key = folder.resolve("external.key");
        Files.writeString(key, "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Postern postern = start(
                authority(new Pebble.Habits(90 * 86_400, 0, true)),
                "external-account = \"kid-1\"\nexternal-account-key-file = \"" + key + "\"");

        awaitLog(postern, " certificate-shown ", 1);
    }

    @Test
    void authorityThatRejectsHalfOfTheNoncesIsAskedAgain() throws Exception {
        Postern postern = start(authority(new Pebble.Habits(90 * 86_400, 50, false)), "");

        awaitLog(postern, " certificate-shown ", 1);
    }

    @Test
    void wrongProofIsToldAndTheOwnCertificateServes() throws Exception {
        Path hook = folder.resolve("liar");
        Files.writeString(hook, "#!/bin/sh\nexit 0\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
        Postern postern = start(authority(Pebble.Habits.usual()), "challenge = \"dns-01\"\nhook = [\"" + hook + "\"]");

        awaitLog(postern, " order-failed ", 2);

        assertThat(postern.log()).contains("was not proven by dns-01");
        assertThat(isOfTheAuthority(shown())).isFalse();
    }

    /// Sessions one after the other, each of them in the midst of a transaction for a while.
    private Callable<Void> sessions(AtomicBoolean enough, AtomicInteger done, Set<String> serials) {
        return () -> {
            while (!enough.get()) {
                try (RawSmtp smtp = Site.greeted(mx)) {
                    Site.expect(220, smtp.startTls());
                    serials.add(smtp.certificate().getSerialNumber().toString(16));
                    Site.expect(250, smtp.command("EHLO client.test"));
                    Site.expect(250, Site.transfer(smtp, Site.message("x"), "me@example.test", "joe@postern.test"));
                    Site.expect(221, smtp.command("QUIT"));
                    done.incrementAndGet();
                }
            }
            return null;
        };
    }

    @Test
    void certificateIsRenewedWhileSessionsGoOn() throws Exception {
        Extent.onlyInFull();
        Postern postern = start(authority(SHORT_LIVED), "[guard]\nallow = [\"127.0.0.0/8\"]");
        awaitLog(postern, " certificate-shown ", 1);
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger done = new AtomicInteger();
        Set<String> serials = new ConcurrentSkipListSet<>();
        try (RawSmtp throughout = Site.greeted(mx);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Site.expect(220, throughout.startTls());
            Site.expect(250, throughout.command("EHLO client.test"));
            List<Future<Void>> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                clients.add(threads.submit(sessions(enough, done, serials)));
            }
            try {
                awaitLog(postern, " certificate-shown ", 4);
            } finally {
                enough.set(true);
            }
            for (Future<Void> client : clients) {
                client.get();
            }
            Site.expect(250, Site.transfer(throughout, Site.message("x"), "me@example.test", "joe@postern.test"));
        }

        assertThat(serials).hasSizeGreaterThanOrEqualTo(3);
        assertThat(done.get()).isGreaterThan(20);
    }

    @Test
    void whileTheAuthorityIsAwayTheOldOneStaysAndThenComesANewOne() throws Exception {
        Pebble first = authority(SHORT_LIVED);
        Postern postern = start(first, "");
        awaitLog(postern, " certificate-shown ", 1);
        first.close();
        X509Certificate before = shown();

        awaitLog(postern, " order-failed ", 2);
        assertThat(shown()).isEqualTo(before);
        postern.kill9();
        postern.restart();
        assertThat(shown()).as("after a restart").isEqualTo(before);

        // The new one knows neither our account nor what it has issued.
        authority(SHORT_LIVED);
        postern.reload();
        Await.until(LONG, () -> !shown().equals(before), postern::log);
        assertThat(new TreeSet<>(List.of(isOfTheAuthority(shown())))).containsExactly(true);
    }
}
