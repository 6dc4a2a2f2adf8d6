package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Certificate;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Maildir;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.Postfix;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.SignedZones;
import dev.postern.blackbox.peers.SignedZones.Signing;
import dev.postern.blackbox.peers.SignedZones.Zone;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Senders that keep to DANE bring mail to us, where the zone has what `postern dns` prints: Postfix, its
/// posttls-finger, and another Postern; where the record is wrong they bring nothing.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StrictSendersTest {
    private static final int SMTP = 25;
    private static final Duration BOUND = Duration.ofSeconds(60);

    private Path folder;
    private SignedZones zones;
    private Postern postern;
    private Postern other;
    private Postfix postfix;
    private int submission;

    @BeforeAll
    void start(@TempDir Path given) throws IOException, InterruptedException {
        Peers.require("knot", "unbound", "postfix", "openssl");
        folder = given;
        String address = Ports.freeAddress(SMTP);
        String hosts = "mail.D. A " + address + "\n";
        Map<String, Zone> tree = new LinkedHashMap<>();
        tree.put("postern.test", new Zone(Signing.SECURE, hosts.replace("D.", "postern.test.")));
        tree.put(
                "wrong.test",
                new Zone(Signing.SECURE, hosts.replace("D.", "wrong.test.") + """
                wrong.test. MX 10 mail.wrong.test.
                _25._tcp.mail.wrong.test. TLSA 3 1 1 %s
                """.formatted("ab".repeat(32))));
        tree.put("plain.test", new Zone(Signing.INSECURE, "plain.test. MX 10 mail.postern.test.\n"));
        zones = SignedZones.start(given.resolve("zones"), tree);
        startPostern(address);
        publish(hosts.replace("D.", "postern.test."));
        startPostfix();
        startOther();
    }

    private void startPostern(String address) throws IOException, InterruptedException {
        Path home = Files.createDirectories(folder.resolve("postern"));
        Certificate.byAuthority(home, "mail.postern.test");
        int port = Ports.free();
        postern = Postern.start(
                home, """
                hostname = "mail.postern.test"
                [listen]
                mx = ["127.0.0.1:%d", "%s:%d"]
                [domains]
                local = ["postern.test", "wrong.test", "plain.test"]
                recipients = "any"
                postmaster = "joe@postern.test"
                [tls]
                certificate = "chain.pem"
                key = "key.pem"
                [dns]
                servers = ["127.0.0.1:%d"]
                """.formatted(port, address, SMTP, zones.resolver().port()), port);
    }

    /// What the server itself says that its zone should have.
    private void publish(String hosts) throws IOException, InterruptedException {
        Finished records = postern.cli("dns", "--zone");
        assertThat(records.exitCode()).as(records.toString()).isZero();
        assertThat(records.output()).contains("_25._tcp.mail.postern.test.");
        String own = records.output()
                .lines()
                .filter(line -> line.substring(0, line.indexOf(" ")).endsWith("postern.test."))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        zones.change("postern.test", hosts + own);
    }

    private void startPostfix() throws IOException, InterruptedException {
        Path home = Files.createDirectories(folder.resolve("postfix"));
        Files.writeString(
                home.resolve("resolv.conf"), "nameserver " + zones.resolver().address() + "\noptions trust-ad\n");
        Files.copy(folder.resolve("postern/authority.pem"), home.resolve("authority.pem"));
        postfix = Postfix.start(home, Postfix.Settings.sender(Postfix.Tls.DANE));
    }

    private void startOther() throws IOException, InterruptedException {
        Path home = folder.resolve("other");
        Site.accounts(home, "ann@other.test");
        submission = Ports.free();
        other = Postern.start(home, """
                hostname = "mail.other.test"
                [listen]
                submission = ["127.0.0.1:%d"]
                [domains]
                local = ["other.test"]
                postmaster = "ann@other.test"
                [dns]
                servers = ["127.0.0.1:%d"]
                [delivery]
                private-addresses = true
                first-wait = "1h"
                """.formatted(submission, zones.resolver().port()), submission);
    }

    @AfterAll
    void stop() {
        for (Postern one : new Postern[] {other, postern}) {
            if (one != null) {
                one.close();
            }
        }
        if (postfix != null) {
            postfix.close();
        }
        if (zones != null) {
            zones.close();
        }
    }

    private String taken(String domain) throws IOException, InterruptedException {
        byte[] message = ("Subject: to " + domain + "\n\nHello.\n").getBytes(StandardCharsets.US_ASCII);
        Finished handed = postfix.submit(message, "joe@postfix.test", "postfix@" + domain);
        assertThat(handed.exitCode()).as(handed.toString()).isZero();
        String to = " to=<postfix@" + domain + ">, ";
        List<String> lines = new ArrayList<>();
        Await.until(
                Site.SOON,
                () -> {
                    postfix.log().lines().filter(line -> line.contains(to)).forEach(lines::add);
                    return !lines.isEmpty();
                },
                () -> postfix.log() + postern.log());
        return lines.getFirst();
    }

    private Maildir inbox(String domain, String local) {
        return new Maildir(postern.folder().resolve("mail/" + domain + "/" + local));
    }

    @Test
    void postfixProvesUsByTheRecordThatWePrint() throws IOException, InterruptedException {
        assertThat(taken("postern.test")).contains("dsn=2.0.0, status=sent (250 2.0.0 ok");
        assertThat(postfix.log()).contains("Verified TLS connection established to mail.postern.test[");
        assertThat(new String(
                        inbox("postern.test", "postfix")
                                .awaitMessages(1, Site.SOON, postern::log)
                                .getFirst(),
                        StandardCharsets.UTF_8))
                .contains("with ESMTPS (TLSv1.3");
    }

    @Test
    void postfixKeepsWhatAWrongRecordForbids() throws IOException, InterruptedException {
        assertThat(taken("wrong.test"))
                .contains("dsn=4.7.5, status=deferred (Server certificate not verified)", "relay=mail.wrong.test[");
        assertThat(inbox("wrong.test", "postfix").files()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "dane, postern.test, Verified TLS connection established to mail.postern.test[",
        "dane-only, postern.test, Verified TLS connection established to mail.postern.test[",
        "dane, wrong.test, Untrusted TLS connection established to mail.wrong.test[",
        "dane, plain.test, MX RRset insecure",
        "secure, postern.test, Verified TLS connection established to mail.postern.test["
    })
    void posttlsFingerComesToThisVerdict(String level, String domain, String verdict)
            throws IOException, InterruptedException {
        Finished finger = Postfix.tool(
                folder.resolve("postfix"),
                BOUND,
                "env",
                "MAIL_CONFIG=/mnt/conf",
                "posttls-finger",
                "-c",
                "-l",
                level,
                "-F",
                "/mnt/authority.pem",
                domain);
        assertThat(finger.output()).contains(verdict);
    }

    private RawSmtp requiringTls() throws IOException {
        RawSmtp smtp = Site.loggedIn(submission, "ann@other.test");
        Site.expect(250, smtp.command("MAIL FROM:<ann@other.test> REQUIRETLS"));
        return smtp;
    }

    private static void send(RawSmtp smtp, String subject) throws IOException {
        Site.expect(354, smtp.command("DATA"));
        smtp.send(Site.message(subject));
        smtp.send(".\r\n");
        Site.expect(250, smtp.reply());
    }

    @Test
    void mailThatRequiresTlsReachesAServerThatIsProven() throws IOException, InterruptedException {
        try (RawSmtp smtp = requiringTls()) {
            Site.expect(250, smtp.command("RCPT TO:<required@postern.test>"));
            send(smtp, "required");
        }
        inbox("postern.test", "required").awaitMessages(1, Site.SOON, () -> other.log() + postern.log());
        Await.until(Site.SOON, () -> told("required@postern.test").contains(" delivered "), other::log);
        assertThat(told("required@postern.test"))
                .contains(
                        "proof=\"proven dane-ee 3 1 1\"",
                        "tls-why=\"the sender: REQUIRETLS; DANE mail.postern.test:25");
    }

    @Test
    void whoRequiresTlsLearnsAtOnceThatADomainCannotBeProven() throws IOException {
        try (RawSmtp smtp = requiringTls()) {
            assertThat(smtp.command("RCPT TO:<required@plain.test>").toString()).startsWith("550 5.7.10 ");
        }
    }

    /// RFC 8689 §4.2.1
    @Test
    void mailThatRequiresTlsComesBackWhereTheRecordIsWrong() throws IOException, InterruptedException {
        try (RawSmtp smtp = requiringTls()) {
            Site.expect(250, smtp.command("RCPT TO:<required@wrong.test>"));
            send(smtp, "not there");
        }
        byte[] report = new Maildir(other.folder().resolve("mail/other.test/ann"))
                .awaitMessages(1, Site.SOON, other::log)
                .getFirst();
        assertThat(new String(report, StandardCharsets.UTF_8))
                .contains("Final-Recipient: rfc822;required@wrong.test", "Status: 5.7.10", "no-tlsa-match")
                .doesNotContain("Hello.");
        assertThat(told("required@wrong.test")).contains(" bounced ", "tls-demand=\"dane 3 1 1 at mail.wrong.test\"");
        assertThat(inbox("wrong.test", "required").files()).isEmpty();
    }

    /// What the other server tells of mail to this recipient.
    private String told(String recipient) {
        return other.log()
                .lines()
                .filter(line -> line.contains(" to=" + recipient + " "))
                .collect(Collectors.joining("\n"));
    }
}
