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
        String weak = rsa(1024);
        String heavy = rsa(4104);
        String curve = Pem.write(KeyPairGenerator.getInstance("EC").generateKeyPair());
        String other = Pem.write(KeyPairGenerator.getInstance("Ed448").generateKeyPair());
        assertThatIOException()
                .isThrownBy(() -> parse(weak))
                .withMessage("the RSA key in mail.key has 1024 bits;"
                        + " keys below 2048 can be broken, and nothing is signed with them");
        assertThatIOException()
                .isThrownBy(() -> parse(heavy))
                .withMessage("the RSA key in mail.key has 4104 bits;"
                        + " many verifiers take no more than 4096, and 2048 is right");
        assertThatIOException()
                .isThrownBy(() -> parse(curve))
                .withMessage("the key in mail.key is for EC; mail is signed with RSA or Ed25519");
        assertThatIOException()
                .isThrownBy(() -> parse(other))
                .withMessage("the private key in mail.key cannot be read: it is neither RSA nor Ed25519 nor ECDSA");
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

    private static String rsa(int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return Pem.write(generator.generateKeyPair());
    }

    @ParameterizedTest
    @EnumSource
    void recordIsThatOfThisKeyOrItIsToldWhyNot(DkimAlgorithm algorithm) throws IOException {
        DkimKey key = DkimKey.generate(algorithm, Optional.empty());
        assertThat(key.faultOf(key.record())).isEmpty();
        assertThat(key.faultOf(key.record().replaceFirst("v=DKIM1; ", "").replaceFirst("p=", "t=s; p= ")))
                .isEmpty();
        assertThat(key.faultOf(DkimKey.generate(algorithm, Optional.empty()).record()))
                .contains("another key is published there");
        assertThat(key.faultOf(DkimKey.revokedRecord())).isNotEmpty();
        assertThat(key.faultOf(key.record().replaceFirst("k=", "h=sha1; k="))).contains("the key is not for SHA-256");
        assertThat(key.faultOf(key.record().replaceFirst("k=", "k=x")))
                .contains("the key is not one for " + algorithm.tag());
        assertThat(key.faultOf("v=spf1 -all")).isNotEmpty();
        assertThat(key.faultOf("")).isNotEmpty();
    }

    @Test
    void revokedKeyIsToldFromEverythingElse() {
        assertThat(DkimKey.isRevoked(DkimKey.revokedRecord())).isTrue();
        assertThat(DkimKey.isRevoked("p=;k=ed25519")).isTrue();
        assertThat(DkimKey.isRevoked(Forge.RSA.record())).isFalse();
        assertThat(DkimKey.isRevoked("v=DKIM1")).isFalse();
        assertThat(DkimKey.isRevoked("")).isFalse();
    }
}
