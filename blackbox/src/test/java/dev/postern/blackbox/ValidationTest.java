package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.SignedZones;
import dev.postern.blackbox.peers.SignedZones.Signing;
import dev.postern.blackbox.peers.SignedZones.Zone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a tree of zones that Knot signs is to us: Unbound validates it and we take its word, and we validate it
/// ourselves.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ValidationTest {
    private static final String TEXT = "\"v=DMARC1; p=reject\"";

    private Path folder;
    private SignedZones zones;

    @BeforeAll
    void start(@TempDir Path given) throws IOException, InterruptedException {
        Peers.require("knot", "unbound");
        folder = given;
        Map<String, Zone> tree = new LinkedHashMap<>();
        tree.put("secure.test", zone(Signing.SECURE, "secure.test"));
        tree.put("hashed.test", zone(Signing.HASHED, "hashed.test"));
        tree.put("insecure.test", zone(Signing.INSECURE, "insecure.test"));
        tree.put("foreign.test", zone(Signing.FOREIGN_KEY, "foreign.test"));
        tree.put("stripped.test", zone(Signing.STRIPPED, "stripped.test"));
        tree.put("deep.secure.test", zone(Signing.SECURE, "deep.secure.test"));
        tree.put("plain.secure.test", zone(Signing.INSECURE, "plain.secure.test"));
        tree.put("changing.test", new Zone(Signing.SECURE, ""));
        zones = SignedZones.start(given.resolve("zones"), tree);
    }

    @AfterAll
    void stop() {
        if (zones != null) {
            zones.close();
        }
    }

    private static Zone zone(Signing signing, String domain) {
        return new Zone(signing, """
                _dmarc.D. TXT T
                _dmarc.alias.D. CNAME _dmarc.D.
                _dmarc.out.D. CNAME _dmarc.insecure.test.
                _dmarc.into.D. CNAME _dmarc.secure.test.
                _dmarc.bogus.D. CNAME _dmarc.foreign.test.
                _dmarc.empty.D. A 192.0.2.1
                *.wild.D. TXT T
                """.replace("D.", domain + ".").replace("T\n", TEXT + "\n"));
    }

    /// What `postern dmarc` was told about the name below `_dmarc`.
    private String verdict(String name, String... options) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(
                List.of("dmarc", name, "--dns", "127.0.0.1:" + zones.resolver().port()));
        words.addAll(List.of(options));
        Finished told = Postern.command(folder, new byte[0], words.toArray(String[]::new));
        String asked = "_dmarc." + name + " TXT: ";
        return Stream.of(told.output(), told.errors())
                .flatMap(String::lines)
                .filter(line -> line.contains(asked))
                .map(line -> line.substring(line.indexOf(asked) + asked.length()))
                .map(ValidationTest::word)
                .findFirst()
                .orElseGet(() ->
                        told.toString().contains("bogus") || told.toString().contains("SERVFAIL")
                                ? "bogus"
                                : told.toString());
    }

    private static String word(String answer) {
        if (answer.contains("SERVFAIL") || answer.contains("bogus")) {
            return "bogus";
        }
        String kind = answer.startsWith("no data") ? "no data" : answer.startsWith("no domain") ? "no domain" : "found";
        return kind + (answer.endsWith(", DNSSEC)") ? " secure" : " insecure");
    }

    @ParameterizedTest
    @CsvSource({
        "secure.test, found secure",
        "alias.secure.test, found secure",
        "x.wild.secure.test, found secure",
        "empty.secure.test, no data secure",
        "nobody.secure.test, no domain secure",
        "out.secure.test, found insecure",
        "bogus.secure.test, bogus",
        "deep.secure.test, found secure",
        "plain.secure.test, found insecure",
        "hashed.test, found secure",
        "x.wild.hashed.test, found secure",
        "empty.hashed.test, no data secure",
        "nobody.hashed.test, no domain secure",
        "insecure.test, found insecure",
        "into.insecure.test, found insecure",
        "empty.insecure.test, no data insecure",
        "nobody.insecure.test, no domain insecure",
        "bogus.insecure.test, bogus",
        "foreign.test, bogus",
        "nobody.foreign.test, bogus",
        "stripped.test, bogus",
        "nobody.stripped.test, bogus"
    })
    void bothWaysComeToTheSameVerdict(String name, String verdict) throws IOException, InterruptedException {
        assertThat(verdict(name)).as("the word of the resolver").isEqualTo(verdict);
        assertThat(verdict(name, "--validate", "self", "--trust-anchors", anchors()))
                .as("our own validation")
                .isEqualTo(verdict);
    }

    private String anchors() {
        return zones.anchors().toString();
    }

    /// Bogus is for those who check.
    @Test
    void whoeverDoesNotCheckIsToldThatNobodyVouches() throws IOException, InterruptedException {
        assertThat(verdict("secure.test", "--validate", "off")).isEqualTo("found insecure");
    }

    @Test
    void rootOfOthersMakesEverythingBogus() throws IOException, InterruptedException {
        assertThat(verdict("secure.test", "--validate", "self")).isEqualTo("bogus");
        assertThat(verdict("insecure.test", "--validate", "self")).isEqualTo("bogus");
    }

    @Test
    void serverThatValidatesFollowsTheKeysOfTheRoot() throws IOException, InterruptedException {
        int port = Ports.free();
        try (Postern server = Postern.start(
                folder.resolve("server"), """
                hostname = "mail.secure.test"
                [listen]
                mx = ["127.0.0.1:%d"]
                [domains]
                local = ["secure.test"]
                postmaster = "admin@example.net"
                [dns]
                servers = ["127.0.0.1:%d"]
                validate = "self"
                trust-anchors = "%s"
                """.formatted(port, zones.resolver().port(), anchors()), port)) {
            Path kept = server.folder().resolve("data/trust-anchors");
            Await.until(Duration.ofSeconds(30), () -> Files.exists(kept), () -> server.log());
            assertThat(Files.readString(kept)).containsPattern("VALID \\S+ \\. \\d+ IN DNSKEY 257 3 13 ");
            assertThat(server.log()).contains("trust-anchor-changed").contains("START to VALID");
        }
    }

    @Test
    void changeOfAZoneIsSignedAndSeen() throws IOException, InterruptedException {
        zones.change("changing.test", "_dmarc.changing.test. TXT " + TEXT + "\n");
        assertThat(verdict("changing.test")).isEqualTo("found secure");
    }
}
