package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Certificate;
import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Maildir;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.SignedZones;
import dev.postern.blackbox.peers.SignedZones.Signing;
import dev.postern.blackbox.peers.SignedZones.Zone;
import dev.postern.blackbox.peers.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A domain without DNSSEC says by MTA-STS how its server is proven, and serves the policy itself: what the server of
/// `near.test` makes of it, with the right certificate there and a wrong one, with the host of the policy and without.
final class PolicyHostTest {
    private static final int HTTPS = 443;

    @TempDir
    private Path folder;

    private final Map<String, Certificate> made = new LinkedHashMap<>();
    private String address = "127.0.0.1";
    private int here;
    private int there;
    private int https;
    private SignedZones zones;
    private Postern near;
    private Postern far;

    @BeforeEach
    void prepare() throws IOException, InterruptedException {
        Extent.onlyInFull();
        Peers.require("knot", "unbound", "openssl");
        address = Ports.freeAddress(HTTPS);
        here = Ports.free();
        there = Ports.free();
        https = Ports.free();
        StringBuilder trust = new StringBuilder();
        for (String name : List.of("mail.far.test", "mta-sts.far.test", "mail.wrong.test")) {
            Certificate certificate = Certificate.byAuthority(Files.createDirectories(folder.resolve(name)), name);
            made.put(name, certificate);
            trust.append(Files.readString(certificate.authority().chain()));
        }
        Files.writeString(folder.resolve("trust.pem"), trust);
    }

    @AfterEach
    void stop() {
        for (Postern one : new Postern[] {near, far}) {
            if (one != null) {
                one.close();
            }
        }
        if (zones != null) {
            zones.close();
        }
    }

    /// What far.test publishes beside what its server says of it.
    private String hosts() {
        return """
                mail.far.test. A A
                mta-sts.far.test. A A
                far.test. MX 10 mail.far.test.
                _smtp._tls.far.test. TXT "v=TLSRPTv1; rua=mailto:joe+tls@far.test"
                """.replace(" A A\n", " A " + address + "\n");
    }

    private void startZones() throws IOException, InterruptedException, NoSuchAlgorithmException {
        SigningKey key = SigningKey.ed25519("near.test");
        key.into(Files.createDirectories(folder.resolve("near/dkim")));
        Map<String, Zone> tree = new LinkedHashMap<>();
        tree.put("far.test", new Zone(Signing.INSECURE, hosts()));
        tree.put("near.test", new Zone(Signing.INSECURE, """
                        mail.near.test. A 127.0.0.1
                        _dmarc.near.test. TXT "v=DMARC1; p=reject"
                        """ + key.record()));
        zones = SignedZones.start(folder.resolve("zones"), tree);
    }

    private void show(String name) throws IOException {
        Optional.ofNullable(made.get(name))
                .orElseThrow()
                .copyInto(Files.createDirectories(folder.resolve("far/shown")));
    }

    private void startFar(String mode, String certificate) throws IOException, InterruptedException {
        Path home = folder.resolve("far");
        Site.accounts(home, "joe@far.test");
        show(certificate);
        far = Postern.start(home, far(mode, true), there, https);
    }

    private String far(String mode, boolean serves) {
        return """
                hostname = "mail.far.test"
                [listen]
                mx = ["127.0.0.1:%1$d", "%2$s:25"]
                https = ["127.0.0.1:%3$d"%6$s]
                [domains]
                local = ["far.test"]
                postmaster = "joe@far.test"
                [tls]
                certificate = ["shown/chain.pem", "../mta-sts.far.test/chain.pem"]
                key = ["shown/key.pem", "../mta-sts.far.test/key.pem"]
                [mta-sts]
                mode = "%4$s"
                serve = %5$b
                [dns]
                servers = ["127.0.0.1:%7$d"]
                [authentication]
                verify = true
                [reports]
                read = ["joe+tls@far.test"]
                """.formatted(
                        there,
                        address,
                        https,
                        mode,
                        serves,
                        serves ? ", \"" + address + ":443\"" : "",
                        zones.resolver().port());
    }

    /// What the server itself says that its zone should say of the policy.
    ///
    /// @return all that it says
    private String announce() throws IOException, InterruptedException {
        Finished records = far.cli("dns", "--zone");
        assertThat(records.exitCode()).as(records.toString()).isZero();
        String announced = records.output()
                .lines()
                .filter(line -> line.startsWith("_mta-sts.far.test."))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        assertThat(announced).contains("v=STSv1");
        zones.change("far.test", hosts() + announced);
        return records.output();
    }

    private void startNear() throws IOException, InterruptedException {
        near = Postern.start(
                folder.resolve("near"), """
                hostname = "mail.near.test"
                [listen]
                mx = ["127.0.0.1:%d"]
                [domains]
                local = ["near.test"]
                recipients = "any"
                postmaster = "ann@near.test"
                [relay]
                networks = ["127.0.0.0/8"]
                [tls]
                trust = "../trust.pem"
                [dns]
                servers = ["127.0.0.1:%d"]
                [delivery]
                private-addresses = true
                first-wait = "1h"
                first-rest = "1s"
                [reports]
                from = "tls@near.test"
                organization = "Near Ltd"
                """.formatted(here, zones.resolver().port()), here);
    }

    /// Hands a message in, and waits until the first attempt with it is told.
    ///
    /// @return the line of the log
    private String sent(String subject) throws IOException, InterruptedException {
        int before = told().size();
        try (RawSmtp smtp = Site.greeted(here)) {
            Site.expect(250, Site.transfer(smtp, Site.message(subject), "ann@near.test", "joe@far.test"));
        }
        return toldAfter(before);
    }

    private String toldAfter(int before) throws IOException, InterruptedException {
        Await.until(Site.SOON, () -> told().size() > before, () -> near.log() + far.log());
        return told().get(before);
    }

    /// What was told of each attempt.
    private List<String> told() {
        return near.log()
                .lines()
                .filter(line -> line.contains(" to=joe@far.test "))
                .filter(line -> line.contains(" delivered ") || line.contains(" deferred "))
                .toList();
    }

    /// The attempt with what waits, at once.
    private String tried() throws IOException, InterruptedException {
        int before = told().size();
        Finished retried = near.cli("queue", "retry", "--all");
        assertThat(retried.exitCode()).as(retried.toString()).isZero();
        return toldAfter(before);
    }

    private List<String> subjects() throws IOException {
        return new Maildir(far.folder().resolve("mail/far.test/joe"))
                .messages().stream()
                        .map(message -> new String(message, StandardCharsets.UTF_8))
                        .flatMap(String::lines)
                        .filter(line -> line.startsWith("Subject: "))
                        .map(line -> line.substring("Subject: ".length()))
                        .sorted()
                        .toList();
    }

    /// Lets far.test show this certificate for its mail.
    private void change(String certificate) throws IOException, InterruptedException {
        show(certificate);
        far.reload();
        Await.until(
                Site.SOON,
                () -> {
                    try (RawSmtp smtp = Site.greeted(there)) {
                        Site.expect(220, smtp.startTls());
                        return smtp.certificate()
                                .getSubjectX500Principal()
                                .getName()
                                .equals("CN=" + certificate);
                    }
                },
                far::log);
    }

    private Finished asked() throws IOException, InterruptedException {
        return Postern.command(
                folder,
                new byte[0],
                "tls",
                "--private-addresses",
                "--dns",
                "127.0.0.1:" + zones.resolver().port(),
                "--trust",
                "trust.pem",
                "far.test");
    }

    /// Lets near.test report on what it has seen, and far.test say what it has read.
    private String reported(LocalDate since) throws IOException, InterruptedException {
        for (LocalDate day : new TreeSet<>(List.of(since, LocalDate.now(ZoneOffset.UTC)))) {
            Finished sent = near.cli("reports", "send", "--json", "--day", day.toString());
            assertThat(sent.exitCode()).as(sent.toString()).isZero();
        }
        Await.until(Site.SOON, () -> far.log().contains("report-received"), () -> near.log() + far.log());
        return far.cli("reports", "--tls").output();
    }

    @Test
    void policyInForceKeepsMailBackAlsoAfterACrashAndWithoutItsHost() throws Exception {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        startZones();
        startFar("enforce", "mail.far.test");
        assertThat(announce().lines().filter(line -> line.contains(" TLSA ")))
                .as("for the certificate of mail alone")
                .hasSize(1);
        startNear();
        assertThat(sent("good"))
                .contains(" delivered ", "tls-demand=\"verify mail.far.test by mta-sts\"")
                .contains("proof=\"proven pkix mail.far.test\"");
        assertThat(near.log()).contains("sts-policy-fetched domain=far.test ", " mode=enforce hosts=mail.far.test ");
        Finished good = asked();
        assertThat(good.exitCode()).as(good.toString()).isZero();
        assertThat(good.output()).contains("MTA-STS      enforce, mx mail.far.test", "proven pkix mail.far.test");

        // a session that was proven is kept for a moment
        Await.until(Site.SOON, () -> near.log().contains(" host-left "), near::log);
        change("mail.wrong.test");
        assertThat(sent("wrong")).contains(" deferred ", " status=4.7.5 ", "unproven, wrong-name");
        Finished wrong = asked();
        assertThat(wrong.exitCode()).as(wrong.toString()).isEqualTo(75);
        assertThat(wrong.output()).contains("wrong-name", "mail for far.test would be deferred");
        // the report says "TLS-Required: No": it arrives where nothing else does
        assertThat(reported(today))
                .contains("TLS to far.test (MTA-STS): 1 sessions as they should be, 1 failed")
                .contains("1 at mail.far.test", "certificate-host-mismatch");

        near.kill9();
        Files.writeString(far.configuration(), far("none", false));
        far.restart();
        zones.change("far.test", hosts().replaceAll("(?m)^mta-sts.*\n", ""));
        near.restart();
        assertThat(tried())
                .contains(" deferred ", " status=4.7.5 ", "unproven, wrong-name")
                .contains("tls-demand=\"verify mail.far.test by mta-sts\"");
        assertThat(subjects()).containsExactly("good");

        change("mail.far.test");
        assertThat(tried()).contains(" delivered ", "proof=\"proven pkix mail.far.test\"");
        Await.until(Site.SOON, () -> subjects().equals(List.of("good", "wrong")), far::log);
    }

    @Test
    void policyForTestsKeepsNothingBackAndWhatWouldHaveFailedIsReported() throws Exception {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        startZones();
        startFar("testing", "mail.wrong.test");
        announce();
        startNear();
        assertThat(sent("wrong")).contains(" delivered ", "tls-demand=may ", " (testing) was fetched ", "wrong-name");
        assertThat(reported(today))
                .contains("TLS to far.test (MTA-STS): 0 sessions as they should be, 1 failed")
                .contains("certificate-host-mismatch");
    }
}
