package dev.postern.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.acme.ChallengeKind;
import dev.postern.crypto.Identity;
import dev.postern.crypto.Pem;
import dev.postern.crypto.PrivateFile;
import dev.postern.crypto.SelfSigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the configuration says of certificates, and what of it is wrong.
class CertificateKeysTest {
    @TempDir
    private Path folder;

    private WrittenConfig written() {
        return new WrittenConfig(folder, """
                hostname = "mail.example.org"
                [domains]
                local = ["example.org"]
                postmaster = "joe@elsewhere.example"
                [listen]
                mx = ["127.0.0.1:2525"]
                """);
    }

    private Config good(String more) throws IOException {
        return written().good(more);
    }

    private List<String> faults(String more) throws IOException {
        return written().faults(more).stream().map(Fault::toString).toList();
    }

    private void write(String name, SelfSigned.Kind kind) throws IOException {
        Identity identity = SelfSigned.make(
                        kind, List.of("mail.example.org"), Instant.now(), Duration.ofDays(9), Optional.empty())
                .identity();
        Files.writeString(folder.resolve(name + ".crt"), Pem.write(identity.chain()));
        PrivateFile.write(folder.resolve(name + ".key"), Pem.write(identity));
    }

    @Test
    void whatIsDistrustedIsWrittenAsProgramsPrintIt() throws Exception {
        String printed = "AB:".repeat(31) + "AB";

        assertThat(good("[tls]\ndistrust = [\"" + printed + "\"]\n").tls().distrusted())
                .containsExactly("ab".repeat(32));
        assertThat(faults("[tls]\ndistrust = [\"AB:CD\"]\n"))
                .singleElement()
                .asString()
                .contains("postern.toml:8:")
                .contains("64 hexadecimal digits");
    }

    @Test
    void certificatesStandSideBySide() throws Exception {
        write("a", SelfSigned.Kind.ECDSA);
        write("b", SelfSigned.Kind.RSA);

        Config config = good("[tls]\ncertificate = [\"a.crt\", \"b.crt\"]\nkey = [\"a.key\", \"b.key\"]\n");

        assertThat(config.tls().certificates())
                .extracting(read -> read.files().certificate().getFileName().toString())
                .containsExactly("a.crt", "b.crt");
    }

    @Test
    void keysThatDoNotFitAreFaultsWithTheirPlace() throws Exception {
        write("a", SelfSigned.Kind.ECDSA);
        write("b", SelfSigned.Kind.RSA);

        assertThat(faults("[tls]\ncertificate = [\"a.crt\", \"b.crt\"]\nkey = [\"b.key\", \"a.key\"]\n"))
                .hasSize(2)
                .allSatisfy(fault -> assertThat(fault).contains(":8:1: ").contains("is not the key of"));
        assertThat(faults("[tls]\ncertificate = [\"a.crt\", \"b.crt\"]\nkey = \"a.key\"\n"))
                .singleElement()
                .asString()
                .contains("belong together");
    }

    @Test
    void keyThatEverybodyMayReadIsAFault() throws Exception {
        write("a", SelfSigned.Kind.ECDSA);
        Files.setPosixFilePermissions(folder.resolve("a.key"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(faults("[tls]\ncertificate = \"a.crt\"\nkey = \"a.key\"\n"))
                .singleElement()
                .asString()
                .contains("open to everybody");
    }

    @Test
    void authorityIsUsedByItsKnownNameAndForOurName() throws Exception {
        Config config = good("""
                http = ["127.0.0.1:8080"]
                [tls.acme]
                directory = "letsencrypt-staging"
                accept-terms = true
                keys = ["ecdsa", "rsa"]
                """);

        Config.Acme acme = config.tls().acme().orElseThrow();
        assertThat(acme.settings().authority().directory()).hasHost("acme-staging-v02.api.letsencrypt.org");
        assertThat(acme.settings().names()).containsExactly(config.hostname());
        assertThat(acme.settings().keys()).containsExactly(SelfSigned.Kind.ECDSA, SelfSigned.Kind.RSA);
        assertThat(acme.settings().challenge()).isEqualTo(ChallengeKind.HTTP_01);
    }

    @Test
    void zoneThatMayBeChangedIsAWayToPublish() throws Exception {
        PrivateFile.write(folder.resolve("tsig"), "c2VjcmV0IHNlY3JldCBzZWNyZXQ=\n");
        String update = """
                [dns.update]
                server = "127.0.0.1"
                zones = ["example.org"]
                key-name = "postern"
                key-file = "tsig"
                """;
        String acme = "[tls.acme]\ndirectory = \"letsencrypt\"\naccept-terms = true\nchallenge = \"dns-01\"\n";

        assertThat(good(update + acme).dns().update()).isPresent();
        assertThat(faults(acme)).singleElement().asString().contains("[dns.update]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            certificat = "a.crt"\\nkey = "a.key"                | did you mean "certificate"?
            certificate = 5\\nkey = "a.key"                     | must be a list of texts
            certificate = ["a\\u0000b"]\\nkey = "a.key"         | must be a list of texts
            certificate = [""]\\nkey = "a.key"                  | is a folder, and no PEM file
            certificate = "none.crt"\\nkey = "a.key"            | none.crt does not exist
            certificate = "a.crt"\\nkey = "none.key"            | none.key does not exist
            certificate = "."\\nkey = "a.key"                   | is a folder, and no PEM file
            certificate = "postern.toml"\\nkey = "a.key"        | there is no certificate in
            certificate = "a.crt"\\nkey = "a.crt"               | there is no private key in
            provider = "openssl"                                | must be one of auto, conscrypt, jsse
            trust = "none.pem"                                  | none.pem does not exist
            """)
    void whatIsWrongWithOurOwnIsSaid(String keys, String said) throws Exception {
        write("a", SelfSigned.Kind.ECDSA);
        String lines = keys.replace("\\n", "\n");
        assertThat(faults("[tls]\n" + lines + "\n"))
                .anySatisfy(fault -> assertThat(fault).contains(said).startsWith(folder + "/postern.toml:"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            directory = "letsencrypt"                        | accept-terms = true
            directory = "letsencrypt"\\naccept-terms = false | accept-terms = true
            accept-terms = true                              | is missing
            directory = "http://a.example/"                  | https address
            directory = "ftp://a.example/"                   | https address
            challenge = "http-02"                            | http-01, tls-alpn-01, dns-01
            challenge = "http-01"                            | port 80
            challenge = "tls-alpn-01"                        | port 443
            challenge = "dns-01"                             | [dns.update]
            keys = "dsa"                                     | "ecdsa" or "rsa"
            names = ["not a name"]                           | a domain name
            challenge = "dns-01"\\nhook = "relative/program" | absolute path
            challenge = "dns-01"\\nhook = "/no/such/program" | is not there
            challenge = "dns-01"\\nhook = "/etc/passwd"      | may not be run by this user
            hook = "/bin/true"                               | is for the challenge dns-01
            dns-wait = "2m"                                  | is for the challenge dns-01
            names = ["*.example.org"]                        | are not ordered
            contakt = "x@example.org"                        | did you mean "contact"?
            keys = 5                                         | a list of texts
            external-account = "id"                          | belong together
            external-account = "i"\\nexternal-account-key-file = "none" | there is no file
            orders-a-day = 0                                 | from 1 to 1000
            first-wait = "0s"                                | above zero
            contact = "nobody"                               | a mail address
            trust = "nothing.pem"                            | does not exist
            trust = "."                                      | is a folder, and no PEM file
            """)
    void whatIsWrongIsSaid(String keys, String said) throws Exception {
        assertThat(faults("[tls.acme]\n" + keys.replace("\\n", "\n") + "\n"))
                .anySatisfy(fault -> assertThat(fault).contains(said).startsWith(folder + "/postern.toml:"));
    }
}
