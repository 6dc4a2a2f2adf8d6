package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    private Path folder;

    @Test
    void whatWasWrittenIsReadAgain() throws IOException {
        SelfSigned.Made made = SelfSigned.make(
                List.of("mail.example.org", "mx.example.org"), NOW, Duration.ofDays(30), Optional.empty());
        Path certificate = Files.writeString(
                folder.resolve("cert.pem"), Pem.write(made.identity().chain()));
        Path key = Files.writeString(folder.resolve("key.pem"), Pem.write(made.keyPair()));

        Identity read = Pem.readIdentity(certificate, key, Optional.empty());

        assertThat(read.chain()).isEqualTo(made.identity().chain());
        assertThat(read.key().getEncoded())
                .isEqualTo(made.keyPair().getPrivate().getEncoded());
    }

    @Test
    void aKeyOfAnotherCertificateIsNamed() throws IOException {
        SelfSigned.Made one = SelfSigned.make(List.of("one.example"), NOW, Duration.ofDays(30), Optional.empty());
        SelfSigned.Made two = SelfSigned.make(List.of("two.example"), NOW, Duration.ofDays(30), Optional.empty());
        Path certificate = Files.writeString(
                folder.resolve("cert.pem"), Pem.write(one.identity().chain()));
        Path key = Files.writeString(folder.resolve("key.pem"), Pem.write(two.keyPair()));

        assertThatThrownBy(() -> Pem.readIdentity(certificate, key, Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not the key of the first certificate");
    }

    @Test
    void aMissingFileAnEmptyFileAndGarbageAreEachNamed() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        Path garbage = Files.writeString(
                folder.resolve("garbage.pem"), "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n");

        assertThatThrownBy(() -> Pem.readCertificates(folder.resolve("no.pem"))).hasMessageContaining("does not exist");
        assertThatThrownBy(() -> Pem.readCertificates(empty)).hasMessageContaining("no certificate in");
        assertThatThrownBy(() -> Pem.readCertificates(garbage)).hasMessageContaining("is not a PEM file");
    }
}
