package dev.postern.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Pem;
import dev.postern.crypto.PrivateFile;
import dev.postern.crypto.SelfSigned;
import dev.postern.dns.DomainName;
import dev.postern.tls.TlsVersion;
import dev.postern.tlspolicy.hops.DestinationPolicy;
import dev.postern.tlspolicy.hops.DestinationPolicy.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DestinationsSectionTest {
    private static final String DIGEST = "ab".repeat(32);

    @TempDir
    private Path folder;

    private WrittenConfig written() {
        return new WrittenConfig(folder, """
                hostname = "mail.example.org"
                [listen]
                mx = ["127.0.0.1:2525"]
                [domains]
                postmaster = "admin@example.net"
                """);
    }

    private Config.Destinations good(String text) throws IOException {
        return written().good(text).destinations();
    }

    private List<String> faults(String text) throws IOException {
        return written().faults(text).stream()
                .map(fault -> fault.line() - 5 + ": " + fault.message())
                .toList();
    }

    private static Optional<String> policy(Config.Destinations destinations, String name) {
        return destinations.of(DomainName.of(name)).map(one -> one.name() + " " + one.level());
    }

    @Test
    void theNarrowestNameCounts() throws IOException {
        Config.Destinations destinations = good("""
                [destinations."*.example.com"]
                tls = "encrypt"
                [destinations."*.b.example.com"]
                tls = "secure"
                [destinations."A.B.Example.com"]
                tls = "none"
                [destinations."old.example"]
                oldest-tls = "1.3"
                """);
        assertThat(policy(destinations, "example.com")).isEmpty();
        assertThat(policy(destinations, "x.example.com")).contains("*.example.com ENCRYPT");
        assertThat(policy(destinations, "b.example.com")).contains("*.example.com ENCRYPT");
        assertThat(policy(destinations, "x.y.b.example.com")).contains("*.b.example.com SECURE");
        assertThat(policy(destinations, "a.b.example.com")).contains("A.B.Example.com NONE");
        assertThat(policy(destinations, "old.example")).isEmpty();
        assertThat(destinations
                        .named(DomainName.of("old.example"))
                        .orElseThrow()
                        .manner()
                        .oldest())
                .isEqualTo(TlsVersion.TLS_1_3);
        assertThat(good("").byName()).isEmpty();
    }

    @Test
    void everythingThatCanBeSaidIsRead() throws IOException {
        SelfSigned.Made made =
                SelfSigned.make(List.of("client.example"), Instant.now(), Duration.ofDays(1), Optional.empty());
        Files.writeString(
                folder.resolve("client.pem"), Pem.write(made.identity().chain()));
        PrivateFile.write(folder.resolve("client.key"), Pem.write(made.keyPair()));
        Config.Destinations destinations = good("""
                [destinations."a.example"]
                tls = "fingerprint"
                fingerprints = ["%s", "%s"]
                [destinations."b.example"]
                tls = "verify"
                names = ["MX.example.net", "*.example.net"]
                oldest-tls = "1.0"
                certificate = "client.pem"
                key = "client.key"
                [destinations."c.example"]
                tls = "dane-only"
                """.formatted(DIGEST, "AB:".repeat(31) + "CD"));
        assertThat(destinations.of(DomainName.of("a.example")))
                .contains(new DestinationPolicy(
                        "a.example", Level.FINGERPRINT, List.of(), Set.of(DIGEST, "ab".repeat(31) + "cd")));
        assertThat(destinations.of(DomainName.of("b.example")))
                .contains(new DestinationPolicy(
                        "b.example", Level.VERIFY, List.of("mx.example.net", "*.example.net"), Set.of()));
        Config.Destination b = destinations.named(DomainName.of("b.example")).orElseThrow();
        assertThat(b.manner().oldest()).isEqualTo(TlsVersion.TLS_1_0);
        assertThat(b.manner().certificate().orElseThrow().chain())
                .isEqualTo(made.identity().chain());
        assertThat(policy(destinations, "c.example")).contains("c.example DANE_ONLY");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            tls = "strong"                                 | 2: "destinations.'a.example'.tls" must be one of none, may, encrypt, verify, secure, fingerprint, dane, dane-only, not "strong"
            tls = "fingerprint"                            | 2: tls = "fingerprint" needs "fingerprints"; `openssl x509 -fingerprint -sha256` prints that of a certificate
            tls = "may"; fingerprints = ["DIGEST"]         | 3: "fingerprints" are looked at with tls = "fingerprint" only
            fingerprints = ["DIGEST"]                      | 2: "fingerprints" are looked at with tls = "fingerprint" only
            tls = "fingerprint"; fingerprints = ["abcd"]   | 3: in "destinations.'a.example'.fingerprints", "abcd" is not the SHA-256 of a certificate or of its public key: 64 hexadecimal digits, with or without colons
            tls = "encrypt"; names = ["mx.example"]        | 3: "names" are looked at with tls = "verify" or "secure" only
            tls = "secure"; names = ["a b"]                | 3: in "destinations.'a.example'.names", "a b" is not a host name, or "*." and a domain for all names of one label more
            oldest-tls = "1.4"                             | 2: "destinations.'a.example'.oldest-tls" must be "1.0", "1.1", "1.2" or "1.3", not "1.4"
            tls = "none"; oldest-tls = "1.3"               | 3: "oldest-tls" has no meaning with tls = "none"
            certificate = "a.pem"                          | 2: "certificate" and "key" of a destination belong together; write both or none
            key = "a.key"                                  | 2: "certificate" and "key" of a destination belong together; write both or none
            tls = "none"; certificate = "a"; key = "b"     | 3: a certificate is not shown with tls = "none"
            concurrency = 0                                | 2: "destinations.'a.example'.concurrency" must be a whole number from 1 to 10000
            concurrency = 2; first-concurrency = 3         | 3: "first-concurrency" must not be above "concurrency", which is 2
            messages-per-minute = -1                       | 2: "destinations.'a.example'.messages-per-minute" must be a whole number from 0 to 6000000
            tsl = "may"                                    | 2: unknown key "destinations.'a.example'.tsl"; did you mean "tls"?
            """)
    void whatIsWrongIsToldWithItsPlace(String lines, String fault) throws IOException {
        String text =
                "[destinations.\"a.example\"]\n" + lines.replace("; ", "\n").replace("DIGEST", DIGEST) + "\n";
        assertThat(faults(text)).containsExactly(fault);
    }

    @Test
    void namesOfDestinationsAreDomains() throws IOException {
        assertThat(faults("[destinations.\"a b\"]\ntls = \"may\"\n"))
                .containsExactly("1: \"a b\" is no destination: write a domain, \"*.\" and a domain for those below it,"
                        + " or the host of a smarthost");
        assertThat(faults("[destinations.\"a.example\"]\n[destinations.\"A.example\"]\n"))
                .containsExactly("2: the destination \"a.example\" stands here twice");
    }

    /// The session is with that host, so a demand for the domain would be passed over in silence.
    @Test
    void domainThatLivesAtAGivenHostIsSpokenOfByThatHost() throws IOException {
        String relay = "[destinations.\"%s\"]\ntls = \"secure\"\n[relay.domains]\n\"inside.example\" = \"%s\"\n";
        assertThat(faults(relay.formatted("inside.example", "192.0.2.1:25")))
                .containsExactly(
                        "1: mail for \"inside.example\" goes to [192.0.2.1] by relay.domains, so the name of that"
                                + " host counts: write [destinations.\"HOST\"], and that name in relay.domains, too");
        assertThat(faults(relay.formatted("inside.example", "mx"))).isEmpty();
        assertThat(faults(relay.formatted("mail.inside.example", "mail.inside.example")))
                .isEmpty();
    }

    @Test
    void domainsStandInQuotes() throws IOException {
        assertThat(faults("[destinations.bank.example]\ntls = \"secure\"\n"))
                .containsExactly("1: a domain stands in quotes here, such as [destinations.\"bank.example\"]: without"
                        + " them its dots divide sections");
        assertThat(faults("[destinations]\ntls = \"secure\"\n"))
                .containsExactly("2: \"destinations.tls\" must be a section, such as [destinations.DOMAIN] with a"
                        + " DOMAIN of yours");
    }

    @Test
    void keyThatEverybodyMayReadIsAFault() throws IOException {
        SelfSigned.Made made =
                SelfSigned.make(List.of("mail.example.org"), Instant.now(), Duration.ofDays(1), Optional.empty());
        Files.writeString(folder.resolve("a.pem"), Pem.write(made.identity().chain()));
        Path key = Files.writeString(folder.resolve("a.key"), Pem.write(made.keyPair()));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(faults("[destinations.\"a.example\"]\ncertificate = \"a.pem\"\nkey = \"a.key\"\n"))
                .singleElement()
                .asString()
                .startsWith("2: the secret in " + key + " is open to everybody");
    }

    @Test
    void aSmarthostIsNotMadeWeakerThanItsOwnSettings() throws IOException {
        String smarthost = "[destinations.\"relay.example\"]\ntls = \"may\"\n[smarthost.x]\nhost = \"relay.example\"\n";
        assertThat(faults(smarthost))
                .containsExactly("2: the smarthost \"relay.example\" has a \"tls\" of its own that wants more");
        assertThat(faults(smarthost + "tls = \"opportunistic\"\n")).isEmpty();
        assertThat(faults(smarthost.replace("may", "encrypt"))).isEmpty();
    }

    @Test
    void oldVersionsNeedTheProviderThatKnowsThem() throws IOException {
        assertThat(faults("[destinations.\"a.example\"]\noldest-tls = \"1.1\"\n[tls]\nprovider = \"jsse\"\n"))
                .containsExactly("2: TLS 1.1 is spoken by Conscrypt only, which tls.provider rules out: the JDK has it"
                        + " switched off");
    }
}
