package dev.postern.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.dns.client.TrustAnchors;
import dev.postern.dns.client.Validation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DnsSectionTest {
    private static final String SECRET = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";
    private static final String ANCHOR = ". IN DS 1 13 2 " + "00".repeat(32) + "\n";
    private static final String UPDATE = """
            [dns.update]
            server = "192.0.2.53"
            zones = ["example.org", "_acme.example.net"]
            key-name = "postern.example.org"
            key-file = "update.key"
            """;

    @TempDir
    private Path folder;

    private WrittenConfig written() {
        return new WrittenConfig(folder, """
                hostname = "mail.example.org"
                [listen]
                mx = ["127.0.0.1:25"]
                [domains]
                local = ["example.org"]
                postmaster = "admin@example.net"
                """);
    }

    private Config.Dns good(String toml) throws IOException {
        return written().good(toml).dns();
    }

    private List<String> faults(String toml) throws IOException {
        return written().faults(toml).stream().map(Fault::message).toList();
    }

    private Path secret(String text, String mode) throws IOException {
        Path file = Files.writeString(folder.resolve("update.key"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @Test
    void whoValidatesIsSaidInOneWord() throws IOException {
        assertThat(good("").validation()).isEmpty();
        assertThat(good("[dns]\nvalidate = \"resolver\"").validation()).contains(new Validation.ByServers());
        assertThat(good("[dns]\nvalidate = \"off\"").validation()).contains(new Validation.Off());
        assertThat(good("[dns]\nvalidate = \"self\"").validation())
                .contains(new Validation.Self(TrustAnchors.ofTheRoot()));
        assertThat(faults("[dns]\nvalidate = \"yes\""))
                .containsExactly("\"dns.validate\" must be one of resolver, self, off, not \"yes\"");
    }

    @Test
    void anchorsAreReadFromAFile() throws IOException {
        Files.writeString(folder.resolve("anchors"), ANCHOR);
        assertThat(good("[dns]\nvalidate = \"self\"\ntrust-anchors = \"anchors\"")
                        .validation())
                .contains(new Validation.Self(TrustAnchors.parse(ANCHOR)));
        assertThat(faults("[dns]\ntrust-anchors = \"anchors\""))
                .containsExactly(
                        "\"dns.trust-anchors\" is for validation in this process; write validate = \"self\" beside it");
        Files.writeString(folder.resolve("anchors"), "nothing");
        assertThat(faults("[dns]\nvalidate = \"self\"\ntrust-anchors = \"anchors\""))
                .singleElement()
                .asString()
                .startsWith("the trust anchors cannot be read: ");
    }

    @Test
    void updatesGoToOneServerUnderAKey() throws IOException {
        secret(SECRET, "rw-r-----");
        assertThat(good(UPDATE).update()).hasValueSatisfying(update -> {
            assertThat(update.server()).hasToString("192.0.2.53:53");
            assertThat(update.zones())
                    .containsExactly(DomainName.of("example.org"), DomainName.of("_acme.example.net"));
            assertThat(update.key()).hasToString("postern.example.org (hmac-sha256)");
        });
        assertThat(good(UPDATE + "algorithm = \"hmac-sha512\"\n").update())
                .hasValueSatisfying(
                        update -> assertThat(update.key()).hasToString("postern.example.org (hmac-sha512)"));
        assertThat(good("").update()).isEmpty();
    }

    @Test
    void secretThatOthersMayReadOrThatIsNoneIsRefused() throws IOException {
        assertThat(faults(UPDATE)).singleElement().asString().contains("there is no file");
        secret(SECRET, "rw-r--r--");
        assertThat(faults(UPDATE))
                .singleElement()
                .asString()
                .contains("open to everybody on this machine")
                .doesNotContain(SECRET.strip());
        for (String wrong : List.of("", "short", "no base64 at all!", "x".repeat(5000))) {
            secret(wrong, "rw-------");
            assertThat(faults(UPDATE)).as(wrong).hasSize(1);
        }
    }

    @Test
    void whatIsMissingOrUnknownIsNamed() throws IOException {
        assertThat(faults("[dns.update]\n"))
                .containsExactly(
                        "\"dns.update\" needs \"server\"",
                        "\"dns.update\" needs \"zones\"",
                        "\"dns.update\" needs \"key-name\"",
                        "\"dns.update\" needs \"key-file\"");
        secret(SECRET, "rw-------");
        assertThat(faults(UPDATE + "algorithm = \"hmac-md5\"\n"))
                .containsExactly("\"dns.update.algorithm\" must be one of hmac-sha256, hmac-sha384, hmac-sha512, not"
                        + " \"hmac-md5\"");
        assertThat(faults(UPDATE + "zone = \"x\"\n")).singleElement().asString().contains("did you mean \"zones\"?");
    }

    @Test
    void whatIsWrongWithChangesIsToldAtOnce() throws IOException {
        secret("c2hvcnQ=\n", "rw-------");
        assertThat(faults(UPDATE.replace("192.0.2.53", "ns.example.org").replace("\"example.org\"", "\"a b\"")))
                .satisfiesExactlyInAnyOrder(
                        server -> assertThat(server).contains("must be an address"),
                        zone -> assertThat(zone).contains("\"a b\" is not a domain name"),
                        key -> assertThat(key).contains("at least 16 octets"));
    }

    @Test
    void foldersAreNoSecretsAndNoTrustAnchors() throws IOException {
        assertThat(faults(UPDATE.replace("update.key", ".")))
                .singleElement()
                .asString()
                .contains("is a folder");
        Files.writeString(folder.resolve("anchors"), "hello\n");
        assertThat(faults("[dns]\nvalidate = \"self\"\ntrust-anchors = \"anchors\"\n"))
                .singleElement()
                .asString()
                .contains("line 2: ")
                .contains("write DS or DNSKEY records");
    }
}
