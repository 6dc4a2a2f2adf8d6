package dev.postern.mailauth.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postern.crypto.Pem;
import dev.postern.tls.TlsProvider;
import java.io.IOException;
import java.security.KeyPairGenerator;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DkimKeyTest {
    private static DkimKey parse(String pem) throws IOException {
        return DkimKey.parse(pem, "mail.key", Optional.empty());
    }

    @ParameterizedTest
    @EnumSource
    void keyComesBackFromItsPem(DkimAlgorithm algorithm) throws IOException {
        DkimKey made = DkimKey.generate(algorithm, Optional.empty());
        DkimKey read = parse(made.pem());
        assertThat(made.pem()).startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(read.algorithm()).isEqualTo(algorithm);
        assertThat(read.record()).isEqualTo(made.record()).startsWith("v=DKIM1; k=" + algorithm.keyType() + "; p=");
        byte[] octets = {1, 2, 3};
        assertThat(read.sign(octets)).isEqualTo(made.sign(octets));
        assertThat(read).hasToString("DkimKey[" + algorithm.tag() + "]");
    }

    @ParameterizedTest
    @EnumSource
    void everyProviderSignsTheSame(DkimAlgorithm algorithm) throws IOException {
        DkimKey jdk = DkimKey.generate(algorithm, Optional.empty());
        DkimKey best = DkimKey.parse(jdk.pem(), "key", TlsProvider.best().provider());
        byte[] octets = new byte[1000];
        assertThat(best.sign(octets)).isEqualTo(jdk.sign(octets));
    }

    @Test
    void keysThatCannotSignMailAreRefusedWithTheReason() throws Exception {
        KeyPairGenerator small = KeyPairGenerator.getInstance("RSA");
        small.initialize(512);
        String weak = Pem.write(small.generateKeyPair());
        String curve = Pem.write(KeyPairGenerator.getInstance("EC").generateKeyPair());
        String other = Pem.write(KeyPairGenerator.getInstance("Ed448").generateKeyPair());
        assertThatIOException()
                .isThrownBy(() -> parse(weak))
                .withMessage("the RSA key in mail.key has 512 bits; verifiers take 1024 to 4096, 2048 is right");
        assertThatIOException()
                .isThrownBy(() -> parse(curve))
                .withMessage("the private key in mail.key cannot be read: it is neither RSA nor Ed25519");
        assertThatIOException()
                .isThrownBy(() -> parse(other))
                .withMessage("the private key in mail.key cannot be read: it is neither RSA nor Ed25519");
        assertThatIOException().isThrownBy(() -> parse("")).withMessage("there is no private key in mail.key");
        assertThatIOException()
                .isThrownBy(() -> parse("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"))
                .withMessageContaining("mail.key");
        assertThatIOException()
                .isThrownBy(
                        () -> parse(
                                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMA0wCwYJKoZIhvcNAQUN\n-----END ENCRYPTED PRIVATE KEY-----\n"))
                .withMessageContaining("mail.key");
    }
}
