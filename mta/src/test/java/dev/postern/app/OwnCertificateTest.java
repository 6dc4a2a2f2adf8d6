package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Identity;
import dev.postern.dns.DomainName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The certificate that we make for ourselves, also where a server was killed while it wrote one.
class OwnCertificateTest {
    private static final DomainName NAME = DomainName.of("mx.example.org");

    @TempDir
    private Path folder;

    private Path key;
    private Path certificate;

    @BeforeEach
    void files() {
        key = folder.resolve("mx.example.org.key.pem");
        certificate = OwnCertificate.file(folder, NAME);
    }

    private Identity made() throws IOException {
        return OwnCertificate.in(folder, NAME, Instant.now(), Optional.empty());
    }

    @Test
    void itIsMadeOnceAndItsKeyIsForTheOwnersEyesOnly() throws IOException {
        Identity first = made();
        assertThat(made().chain()).isEqualTo(first.chain());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
    }

    @Test
    void keyWithoutACertificateIsMadeAnew() throws IOException {
        Files.writeString(key, "-----BEGIN PRIV");
        Identity identity = made();
        assertThat(made().chain()).isEqualTo(identity.chain());
    }

    @Test
    void halfACertificateIsNeverUnderItsName() throws IOException {
        Files.writeString(key, "");
        Files.writeString(folder.resolve(certificate.getFileName() + ".new"), "-----BEGIN CERT");
        Identity identity = made();
        assertThat(made().chain()).isEqualTo(identity.chain());
    }

    @Test
    void whatAPowerCutHasEmptiedIsMadeAnew() throws IOException {
        Identity first = made();
        Files.writeString(certificate, "");
        Identity second = made();
        assertThat(second.chain()).isNotEqualTo(first.chain());
        Files.writeString(key, "");
        assertThat(made().chain()).isNotEqualTo(second.chain());
    }

    @Test
    void certificateOfAKeyThatIsGoneIsNotShown() throws IOException {
        Identity first = made();
        Files.delete(key);
        assertThat(made().chain()).isNotEqualTo(first.chain());
        assertThat(folder).isDirectoryNotContaining("glob:**.new");
    }
}
