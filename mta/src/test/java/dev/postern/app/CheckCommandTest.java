package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.config.Config;
import dev.postern.app.config.ConfigReader;
import dev.postern.mailauth.dkim.DkimAlgorithm;
import dev.postern.mailauth.dkim.DkimKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        Files.createDirectories(folder.resolve("dkim"));
        Files.writeString(folder.resolve("accounts"), "joe@postern.test\t!\n");
    }

    private static final String SERVING = "https = [\"127.0.0.1:4443\"]";

    private ConfigReader.Result read(String more) throws IOException {
        return read("", more);
    }

    /// @param listen one more line of the section
    private ConfigReader.Result read(String listen, String more) throws IOException {
        return ConfigReader.read(
                Files.writeString(folder.resolve("postern.toml"), """
                        hostname = "mail.postern.test"
                        [listen]
                        mx = ["127.0.0.1:2525"]
                        %s
                        [domains]
                        local = ["postern.test", "sub.postern.test"]
                        postmaster = "joe@postern.test"
                        """.formatted(listen) + more), name -> null);
    }

    private List<String> warnings(String more) throws IOException {
        return warnings("", more);
    }

    private List<String> warnings(String listen, String more) throws IOException {
        return switch (read(listen, more)) {
            case ConfigReader.Result.Good(Config config) -> CheckCommand.warnings(config);
            case ConfigReader.Result.Bad bad ->
                throw new AssertionError(bad.faults().toString());
        };
    }

    private List<String> faults() throws IOException {
        return switch (read("")) {
            case ConfigReader.Result.Good good -> List.of();
            case ConfigReader.Result.Bad bad ->
                bad.faults().stream().map(Object::toString).toList();
        };
    }

    private Path key(String name, DkimAlgorithm algorithm) throws IOException {
        Path file = folder.resolve("dkim").resolve(name);
        Files.writeString(file, DkimKey.generate(algorithm, Optional.empty()).pem());
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void domainWithoutAKeyIsWarnedOf() throws IOException {
        assertThat(warnings(""))
                .containsExactly(
                        "mail of postern.test is not signed: there is no key for it in " + folder.resolve("dkim")
                                + "; 'postern dkim rotate postern.test' makes one",
                        "mail of sub.postern.test is not signed: there is no key for it in " + folder.resolve("dkim")
                                + "; 'postern dkim rotate sub.postern.test' makes one");
        assertThat(warnings("[signing]\ndkim = false\n")).isEmpty();
    }

    @Test
    void whatIsRequiredWhereNobodyMeetsItIsWarnedOf() throws IOException {
        String silent = "[signing]\ndkim = false\n[encryption]\n";
        assertThat(warnings(silent + "required-listeners = [\"mx\"]\n"))
                .singleElement()
                .asString()
                .contains("other servers that do not use STARTTLS cannot deliver");
        assertThat(warnings(silent + "required-listeners = [\"lmtp\"]\n"))
                .singleElement()
                .asString()
                .contains("lmtp, which listens on no network");
        assertThat(warnings(silent + "required-networks = [\"192.0.2.0/24\"]\n[front]\nxclient = [\"203.0.113.6\"]\n"))
                .singleElement()
                .asString()
                .contains("203.0.113.6/32 speaks for by XCLIENT");
        assertThat(warnings(silent + "required-networks = [\"192.0.2.0/24\"]\nrequired-domains = [\"a.example\"]\n"))
                .isEmpty();
    }

    @Test
    void submissionIsNoListenerThatMayBeUnderTls() throws IOException {
        assertThat(read("[encryption]\nrequired-listeners = [\"submission\"]\nrequired-domains = [\"*.\"]\n"))
                .isInstanceOfSatisfying(
                        ConfigReader.Result.Bad.class,
                        bad -> assertThat(bad.faults())
                                .extracting(Object::toString)
                                .anyMatch(fault -> fault.contains("nobody submits mail without TLS anyway"))
                                .anyMatch(fault -> fault.contains("\"*.\" is not a domain")));
    }

    @Test
    void ed25519AloneIsWarnedOf() throws IOException {
        key("e._domainkey.postern.test.pem", DkimAlgorithm.ED25519_SHA256);
        assertThat(warnings(""))
                .containsExactly("mail of postern.test is signed with Ed25519 alone, which many do not know yet;"
                        + " 'postern dkim rotate postern.test' makes an RSA key as well");
        key("r._domainkey.postern.test.pem", DkimAlgorithm.RSA_SHA256);
        assertThat(warnings("")).isEmpty();
    }

    @Test
    void keysThatCannotBeUsedAreFaults() throws IOException {
        Path key = key("e._domainkey.postern.test.pem", DkimAlgorithm.ED25519_SHA256);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(faults()).singleElement().asString().contains("is open to everybody on this machine (rw-r--r--)");
        Files.move(key, key.resolveSibling("e.domainkey.postern.test.pem"));
        assertThat(faults()).singleElement().asString().contains("is no name such as SELECTOR._domainkey.DOMAIN.pem");
    }

    /// Nor are those that wait or are retired: they do not sign.
    @Test
    void keysInFoldersBesideAreNotLookedAt() throws IOException {
        Path waiting = Files.createDirectories(folder.resolve("dkim/waiting/postern.test"));
        Path retired = Files.createDirectories(folder.resolve("dkim/retired/2026-11-24"));
        Files.writeString(waiting.resolve("a._domainkey.postern.test.pem"), "no key");
        Files.writeString(retired.resolve("b._domainkey.postern.test.pem"), "no key");
        assertThat(faults()).isEmpty();
    }

    private List<String> hints(String more) throws IOException {
        return switch (read(more)) {
            case ConfigReader.Result.Good(Config config) -> EncryptionHints.of(config);
            case ConfigReader.Result.Bad bad ->
                throw new AssertionError(bad.faults().toString());
        };
    }

    @Test
    void whatIsLeftUndoneForEncryptionIsHintedAt() throws IOException {
        String remote = "[dns]\nservers = [\"192.0.2.53\"]\n";
        assertThat(hints(remote))
                .satisfiesExactly(
                        own -> assertThat(own).contains("has signed itself").contains("[tls.acme]"),
                        dane -> assertThat(dane)
                                .contains("nobody validates DNSSEC")
                                .contains("validate = \"self\""));
        String acme = """
                [tls.acme]
                directory = "letsencrypt"
                accept-terms = true
                challenge = "dns-01"
                hook = ["/bin/true"]
                """;
        assertThat(hints(remote + "validate = \"self\"\n" + acme)).isEmpty();
        assertThat(hints(remote + "validate = \"off\"\n" + acme)).isEmpty();
        assertThat(hints(acme + "[delivery]\nstarttls = false\n"))
                .singleElement()
                .asString()
                .contains("goes in the clear");
    }

    @Test
    void policyThatTheCertificateCannotKeepToIsWarnedOf() throws IOException {
        String silent = "[signing]\ndkim = false\n";
        String acme = """
                [tls.acme]
                directory = "letsencrypt"
                accept-terms = true
                challenge = "dns-01"
                hook = ["/bin/true"]
                """;
        assertThat(warnings(silent + "[mta-sts]\nmode = \"enforce\"\n"))
                .singleElement()
                .asString()
                .contains("they deliver nothing");
        assertThat(warnings(silent + "[mta-sts]\nmode = \"none\"\n")).isEmpty();
        assertThat(warnings(silent + acme + "[mta-sts]\nmode = \"enforce\"\n")).isEmpty();
    }

    @Test
    void policyHostWithoutACertificateIsWarnedOf() throws IOException {
        String acme = """
                recipients = "any"
                [signing]
                dkim = false
                [mta-sts]
                mode = "testing"
                serve = true
                [tls.acme]
                directory = "letsencrypt"
                accept-terms = true
                challenge = "tls-alpn-01"
                """;
        assertThat(warnings(SERVING, acme)).isEmpty();
        assertThat(warnings(SERVING, acme + "names = [\"mail.postern.test\", \"mta-sts.postern.test\"]\n"))
                .singleElement()
                .asString()
                .contains("no certificate is for mta-sts.sub.postern.test");
    }

    @Test
    void zonesOfOthersAreWarnedOf() throws IOException {
        Path secret = Files.writeString(folder.resolve("update.key"), "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        String update = "[signing]\ndkim = false\n[dns.update]\nserver = \"192.0.2.53\"\nkey-name = \"k\"\n"
                + "key-file = \"update.key\"\nzones = ";
        assertThat(warnings(update + "[\"example.net\"]\n"))
                .singleElement()
                .asString()
                .contains("none of our names is within dns.update.zones");
        assertThat(warnings(update + "[\"example.net\", \"postern.test\"]\n")).isEmpty();
    }
}
