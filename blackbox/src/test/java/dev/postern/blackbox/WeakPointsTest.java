package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Certificate;
import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RecordingSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The programs by which strangers look for weak points find none: testssl.sh, sslscan, and nmap with
/// its scripts for SMTP.
final class WeakPointsTest {
    private static final Duration BOUND = Duration.ofMinutes(5);
    private static final byte[] NO_INPUT = {};

    /// A line of testssl.sh's table: id, host, port, severity, finding and two more, each in quotes.
    private static final Pattern FINDING = Pattern.compile("\"([^\"]*)\",\"[^\"]*\",\"[^\"]*\",\"([A-Z]+)\",.*");

    @TempDir
    private Path folder;

    private int mx;
    private int submission;
    private int submissions;
    private Postern postern;

    private void start(String provider) throws IOException, InterruptedException {
        Peers.require("openssl", "testssl", "sslscan", "nmap");
        mx = Ports.free();
        submission = Ports.free();
        submissions = Ports.free();
        Certificate.byAuthority(folder, "mail.postern.test");
        Site.accounts(folder, "joe@postern.test");
        postern = Postern.start(
                folder, """
                hostname = "mail.postern.test"
                [listen]
                mx = ["127.0.0.1:%d"]
                submission = ["127.0.0.1:%d"]
                submissions = ["127.0.0.1:%d"]
                [domains]
                local = ["postern.test"]
                postmaster = "joe@postern.test"
                [tls]
                certificate = "chain.pem"
                key = "key.pem"
                provider = "%s"
                """.formatted(mx, submission, submissions, provider), mx, submission, submissions);
    }

    @AfterEach
    void stop() {
        if (postern != null) {
            postern.close();
        }
    }

    /// Every listener at once, since testssl.sh mostly waits.
    @ParameterizedTest
    @ValueSource(strings = {"conscrypt", "jsse"})
    void testsslFindsNothingAboveLow(String provider) throws IOException, InterruptedException, ExecutionException {
        Extent.onlyInFull();
        start(provider);
        try (ExecutorService beside = Executors.newFixedThreadPool(3)) {
            List<Future<List<String>>> scans = List.of(
                    beside.submit(() -> findings(mx, "-t", "smtp")),
                    beside.submit(() -> findings(submission, "-t", "smtp")),
                    beside.submit(() -> findings(submissions)));
            for (Future<List<String>> scan : scans) {
                assertThat(scan.get()).isEmpty();
            }
        }
    }

    /// What testssl.sh thinks worse of than low; that it got through at all is told by what it thinks good.
    private List<String> findings(int port, String... starttls) throws IOException, InterruptedException {
        String table = "testssl-" + port + ".csv";
        List<String> command = new ArrayList<>(
                List.of("testssl", "--quiet", "--color", "0", "--warnings", "batch", "--nodns", "none", "--add-ca"));
        command.add("/mnt/authority.pem");
        command.addAll(List.of("-p", "-s", "-f", "-S", "-U", "--csvfile", "/mnt/" + table));
        command.addAll(List.of(starttls));
        command.add("localhost:" + port);
        Finished scan = Peers.exec("testssl", folder, NO_INPUT, BOUND, command);
        List<String> worse = new ArrayList<>();
        int good = 0;
        for (String line : Files.readAllLines(folder.resolve(table))) {
            Matcher finding = FINDING.matcher(line);
            if (finding.matches()) {
                switch (finding.group(2)) {
                    case "OK" -> good++;
                    case "MEDIUM", "HIGH", "CRITICAL", "FATAL" -> worse.add(line);
                    default -> {}
                }
            }
        }
        assertThat(good).as("%s", scan).isGreaterThan(20);
        return worse;
    }

    @ParameterizedTest
    @ValueSource(strings = {"conscrypt", "jsse"})
    void sslscanFindsNothingOldOrOpen(String provider) throws IOException, InterruptedException {
        start(provider);
        for (List<String> target : List.of(
                List.of("--starttls-smtp", "127.0.0.1:" + mx),
                List.of("--starttls-smtp", "127.0.0.1:" + submission),
                List.of("127.0.0.1:" + submissions))) {
            List<String> command = new ArrayList<>(List.of("sslscan", "--no-colour"));
            command.addAll(target);
            String scan =
                    Peers.exec("sslscan", folder, NO_INPUT, BOUND, command).output();
            assertThat(scan)
                    .containsPattern("SSLv2 +disabled")
                    .containsPattern("SSLv3 +disabled")
                    .containsPattern("TLSv1.0 +disabled")
                    .containsPattern("TLSv1.1 +disabled")
                    .containsPattern("TLSv1.2 +enabled")
                    .containsPattern("TLSv1.3 +enabled")
                    .containsPattern("Session renegotiation not supported|Secure session renegotiation supported")
                    .contains("TLSv1.3 not vulnerable to heartbleed")
                    .doesNotContainIgnoringCase("insecure")
                    .doesNotContainPattern("(Preferred|Accepted).*(RC4|DES|NULL|EXP|MD5|anon|ADH)");
        }
    }

    @Test
    void nmapMakesNoneOfItsScriptsSucceed() throws IOException, InterruptedException {
        start("auto");
        String scan = nmap(List.of(mx, submission, submissions));
        assertThat(scan)
                .contains("Server doesn't seem to be an open relay, all tests failed")
                .contains("Couldn't find any accounts")
                .contains("NOT VULNERABLE")
                .doesNotContain("State: VULNERABLE", "is an open relay", "Valid");
        // At the doors of users nobody gets so far.
        assertThat(scan.split("authentication needed", -1)).hasSizeGreaterThanOrEqualTo(1 + 2 * 2);
        assertThat(postern.cli("queue", "list").output()).startsWith("0 message(s)");
    }

    /// The control: a server that takes everything.
    @Test
    void nmapKnowsAnOpenRelay() throws IOException, InterruptedException {
        Peers.require("nmap");
        try (RecordingSink open = RecordingSink.start("PIPELINING")) {
            assertThat(nmap(List.of(open.port()))).contains("Server is an open relay");
        }
    }

    /// All scripts for SMTP but those that only look at the number of the port.
    private String nmap(List<Integer> ports) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("nmap", "-Pn", "-n"));
        command.addAll(List.of(
                "-p", String.join(",", ports.stream().map(String::valueOf).toList())));
        command.addAll(List.of("--script", "+smtp-* and not smtp-strangeport"));
        command.addAll(List.of(
                "--script-args",
                "smtp-open-relay.domain=foreign.test,smtp-open-relay.ip=192.0.2.1,"
                        + "smtp-enum-users.methods={VRFY,EXPN,RCPT},brute.mode=user,brute.guesses=3"));
        command.add("127.0.0.1");
        return Peers.exec("nmap", folder, NO_INPUT, BOUND, command).output();
    }
}
