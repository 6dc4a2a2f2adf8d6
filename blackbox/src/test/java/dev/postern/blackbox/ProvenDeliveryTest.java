package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Certificate;
import dev.postern.blackbox.peers.Finished;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Mail to Postfix, whose domains publish by DNSSEC how it is proven, rightly, wrongly or not at all: what is proven
/// arrives, what cannot be waits. Once Unbound validates and its word is taken, once we validate.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProvenDeliveryTest {
    private static final int SMTP = 25;

    /// Domains that are in no signed zone, or in one that is.
    private static final String INSECURE = """
            plain.insecure.test.    MX 10 mx.plain.insecure.test.
            mx.plain.insecure.test. A %PLAIN%
            _25._tcp.mx.plain.insecure.test. TLSA 3 1 1 %WRONG%
            named.insecure.test.    MX 10 mx.named.insecure.test.
            mx.named.insecure.test. A %NAMED%
            other.insecure.test.    MX 10 mx.named.insecure.test.
            print.insecure.test.    MX 10 mx.plain.insecure.test.
            misprint.insecure.test. MX 10 mx.plain.insecure.test.
            only.insecure.test.     MX 10 mx.plain.insecure.test.
            """;

    private static final String SECURE = """
            ee.secure.test.    MX 10 mx.ee.secure.test.
            mx.ee.secure.test. A %PLAIN%
            _25._tcp.mx.ee.secure.test. TLSA 3 1 1 %KEY%
            only.secure.test.  MX 10 mx.ee.secure.test.
            ta.secure.test.    MX 10 mx.ta.secure.test.
            mx.ta.secure.test. A %TA%
            _25._tcp.mx.ta.secure.test. TLSA 2 1 1 %AUTHORITY%
            wrong.secure.test. MX 10 mx.wrong.secure.test.
            mx.wrong.secure.test. A %PLAIN%
            _25._tcp.mx.wrong.secure.test. TLSA 3 1 1 %WRONG%
            clear.secure.test. MX 10 mx.clear.secure.test.
            mx.clear.secure.test. A %CLEAR%
            _25._tcp.mx.clear.secure.test. TLSA 3 1 1 %KEY%
            none.secure.test. MX 10 mx.none.secure.test.
            mx.none.secure.test. A %PLAIN%
            unusable.secure.test. MX 10 mx.unusable.secure.test.
            mx.unusable.secure.test. A %PLAIN%
            _25._tcp.mx.unusable.secure.test. TLSA 1 1 1 %WRONG%
            forged.secure.test. MX 10 mx.forged.secure.test.
            mx.forged.secure.test. A %PLAIN%
            """;

    /// What the configuration demands of some of them.
    private static final String DESTINATIONS = """
            [destinations."named.insecure.test"]
            tls = "secure"
            [destinations."other.insecure.test"]
            tls = "secure"
            [destinations."print.insecure.test"]
            tls = "fingerprint"
            fingerprints = ["%PRINT%"]
            [destinations."misprint.insecure.test"]
            tls = "fingerprint"
            fingerprints = ["%WRONG%"]
            [destinations."only.secure.test"]
            tls = "dane-only"
            [destinations."only.insecure.test"]
            tls = "dane-only"
            """;

    private static final List<String> DOMAINS = List.of(
            "ee.secure.test",
            "ta.secure.test",
            "wrong.secure.test",
            "clear.secure.test",
            "none.secure.test",
            "unusable.secure.test",
            "forged.secure.test",
            "only.secure.test",
            "bogus.test",
            "stripped.test",
            "plain.insecure.test",
            "named.insecure.test",
            "other.insecure.test",
            "print.insecure.test",
            "misprint.insecure.test",
            "only.insecure.test");

    private final Map<String, String> facts = new LinkedHashMap<>();
    private final Map<String, Postern> senders = new LinkedHashMap<>();
    private Path folder;
    private Postfix postfix;
    private SignedZones zones;

    @BeforeAll
    void start(@TempDir Path given) throws IOException, InterruptedException {
        Peers.require("knot", "unbound", "postfix", "openssl");
        folder = given;
        startPostfix(given.resolve("postfix"));
        startZones(given.resolve("zones"));
        startSender("resolver", "");
        startSender("self", "validate = \"self\"\ntrust-anchors = \"" + zones.anchors() + "\"");
    }

    /// One Postfix with a listener for each of its faces.
    private void startPostfix(Path home) throws IOException, InterruptedException {
        Certificate named = certificate(home, "named", "mx.named.insecure.test");
        Certificate ta = certificate(home, "ta", "mx.ta.secure.test");
        Postfix.Settings settings = Postfix.Settings.receiver("postfix.test")
                .with("virtual_mailbox_domains", String.join(" ", DOMAINS))
                .withService(listener("PLAIN", ""))
                .withService(listener("CLEAR", " -o smtpd_tls_security_level=none"))
                .withService(listener("NAMED", shown(named)))
                .withService(listener("TA", shown(ta)));
        postfix = Postfix.start(home, settings);
        Certificate plain = new Certificate(home.resolve("cert.pem"), home.resolve("key.pem"));
        facts.put("KEY", plain.keyDigest());
        facts.put("PRINT", plain.digest());
        facts.put("AUTHORITY", ta.authority().keyDigest());
        facts.put("WRONG", "ab".repeat(32));
    }

    private static Certificate certificate(Path home, String name, String host)
            throws IOException, InterruptedException {
        return Certificate.byAuthority(Files.createDirectories(home.resolve(name)), host);
    }

    private String listener(String face, String options) throws IOException {
        String address = Ports.freeAddress(SMTP);
        facts.put(face, address);
        return address + ":" + SMTP + " inet n - n - - smtpd" + options;
    }

    private static String shown(Certificate certificate) {
        String folder = "/mnt/" + certificate.key().getParent().getFileName();
        return " -o smtpd_tls_cert_file=" + folder + "/chain.pem -o smtpd_tls_key_file=" + folder + "/key.pem";
    }

    private String filled(String text) {
        String filled = text;
        for (Map.Entry<String, String> fact : facts.entrySet()) {
            filled = filled.replace("%" + fact.getKey() + "%", fact.getValue());
        }
        return filled;
    }

    private void startZones(Path home) throws IOException, InterruptedException {
        String bogus = filled("D. MX 10 mx.D.\nmx.D. A %PLAIN%\n_25._tcp.mx.D. TLSA 3 1 1 %KEY%\n");
        Map<String, Zone> tree = new LinkedHashMap<>();
        tree.put("insecure.test", new Zone(Signing.INSECURE, filled(INSECURE)));
        tree.put("secure.test", new Zone(Signing.SECURE, filled(SECURE)));
        tree.put(
                "_tcp.mx.forged.secure.test",
                new Zone(Signing.FOREIGN_KEY, filled("_25._tcp.mx.forged.secure.test. TLSA 3 1 1 %KEY%\n")));
        tree.put("bogus.test", new Zone(Signing.FOREIGN_KEY, bogus.replace("D.", "bogus.test.")));
        tree.put("stripped.test", new Zone(Signing.STRIPPED, bogus.replace("D.", "stripped.test.")));
        zones = SignedZones.start(home, tree);
    }

    /// A server that has sent one message to all domains; the local part of the recipients is its name.
    private void startSender(String validator, String dns) throws IOException, InterruptedException {
        int port = Ports.free();
        Postern sender = Postern.start(
                folder.resolve(validator),
                """
                hostname = "mail.%1$s.test"
                [listen]
                mx = ["127.0.0.1:%2$d"]
                [domains]
                local = ["%1$s.test"]
                recipients = "any"
                postmaster = "joe@%1$s.test"
                [relay]
                networks = ["127.0.0.0/8"]
                [tls]
                trust = "../postfix/named/authority.pem"
                [dns]
                servers = ["127.0.0.1:%3$d"]
                %4$s
                [delivery]
                private-addresses = true
                first-wait = "1h"
                """.formatted(validator, port, zones.resolver().port(), dns) + filled(DESTINATIONS),
                port);
        senders.put(validator, sender);
        try (RawSmtp smtp = Site.greeted(port)) {
            String[] recipients =
                    DOMAINS.stream().map(domain -> validator + "@" + domain).toArray(String[]::new);
            Site.expect(250, Site.transfer(smtp, Site.message("proof"), "me@example.test", recipients));
        }
    }

    @AfterAll
    void stop() {
        senders.values().forEach(Postern::close);
        if (zones != null) {
            zones.close();
        }
        if (postfix != null) {
            postfix.close();
        }
    }

    /// The line of the log that tells what became of the copy for one domain.
    private String told(String validator, String domain) throws IOException, InterruptedException {
        Postern sender = Optional.ofNullable(senders.get(validator)).orElseThrow();
        String to = " to=" + validator + "@" + domain + " ";
        List<String> told = new ArrayList<>();
        Await.until(
                Site.SOON,
                () -> {
                    sender.log()
                            .lines()
                            .filter(line -> line.contains(to))
                            .filter(line -> line.contains(" delivered ") || line.contains(" deferred "))
                            .forEach(told::add);
                    return !told.isEmpty();
                },
                () -> sender.log() + postfix.log());
        return told.getFirst();
    }

    private boolean arrived(String validator, String domain) throws IOException {
        String field = "Delivered-To: " + validator + "@" + domain + "\n";
        return postfix.inbox().messages().stream()
                .anyMatch(message -> new String(message, StandardCharsets.ISO_8859_1).contains(field));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ee.secure.test       | dane 3 1 1 at mx.ee.secure.test           | proven dane-ee 3 1 1
            only.secure.test     | dane 3 1 1 at mx.ee.secure.test           | proven dane-ee 3 1 1
            ta.secure.test       | dane 2 1 1 at mx.ta.secure.test           | proven dane-ta 2 1 1 mx.ta.secure.test
            none.secure.test     | may                                       | not looked
            unusable.secure.test | encrypt                                   | not looked
            plain.insecure.test  | may                                       | not looked
            print.insecure.test  | fingerprint, one of 1                     | proven fingerprint %PRINT%
            named.insecure.test  | verify named.insecure.test, *.named.insecure.test by configured \
                                 | proven pkix *.named.insecure.test
            """)
    void whatIsProvenAsTheDomainAsksArrives(String domain, String demand, String proof)
            throws IOException, InterruptedException {
        for (String validator : senders.keySet()) {
            assertThat(told(validator, domain))
                    .contains(" delivered ", "tls-demand=" + quoted(demand), "tls=\"TLSv1.3 ")
                    .contains("proof=" + quoted(filled(proof)));
            Await.until(Site.SOON, () -> arrived(validator, domain), postfix::log);
        }
    }

    private static String quoted(String value) {
        return value.contains(" ") ? '"' + value + '"' : value + " ";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            wrong.secure.test      | 4.7.5 | no-tlsa-match: TLSA 3 1 1 ab
            clear.secure.test      | 4.7.4 | TLS is required, and the server does not offer STARTTLS
            forged.secure.test     | 4.7.5 | nobody can say now whether mx.forged.secure.test has TLSA records
            bogus.test             | 4.4.3 | the mail exchangers of bogus.test cannot be looked up now
            stripped.test          | 4.4.3 | the mail exchangers of stripped.test cannot be looked up now
            other.insecure.test    | 4.7.5 | wrong-name: the certificate is for mx.named.insecure.test
            misprint.insecure.test | 4.7.5 | is a known one
            only.insecure.test     | 4.7.5 | DANE is demanded, and mx.plain.insecure.test has none
            """)
    void whatIsNotProvenWaits(String domain, String status, String why) throws IOException, InterruptedException {
        for (String validator : senders.keySet()) {
            assertThat(told(validator, domain)).contains(" deferred ", " status=" + status + " ", why);
            assertThat(arrived(validator, domain)).isFalse();
        }
    }

    /// A person who asks what would become of mail, as whoever follows the standards, is told the same.
    @ParameterizedTest
    @CsvSource({
        "ee.secure.test, 0, proven dane-ee 3 1 1",
        "wrong.secure.test, 75, no-tlsa-match",
        "forged.secure.test, 75, nobody can say now"
    })
    void commandTellsTheSame(String domain, int exitCode, String words) throws IOException, InterruptedException {
        String server = "127.0.0.1:" + zones.resolver().port();
        List<String> byResolver = List.of("tls", "--private-addresses", "--dns", server, domain);
        List<String> byItself = new ArrayList<>(byResolver);
        byItself.addAll(
                List.of("--validate", "self", "--trust-anchors", zones.anchors().toString()));
        for (List<String> command : List.of(byResolver, byItself)) {
            Finished told = Postern.command(folder, new byte[0], command.toArray(String[]::new));
            assertThat(told.exitCode()).as(told.toString()).isEqualTo(exitCode);
            assertThat(told.output()).contains(words);
        }
    }
}
