package dev.postern.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Pem;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerEndPointTest {

    private static X509Certificate certificate(String name) throws Exception {
        return Pem.readCertificates(Path.of(
                        ServerEndPointTest.class.getResource(name + ".pem").toURI()))
                .getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "ecdsa-sha256, SHA-256",
        "ecdsa-sha384, SHA-384",
        "rsa-sha512, SHA-512",
        "rsa-pss-sha384, SHA-384",
        "rsa-sha1, SHA-256",
        "rsa-md5, SHA-256",
        "rsa-pss-sha1, SHA-256"
    })
    void hashIsThatOfTheSignatureButNoWeakOne(String name, String hash) throws Exception {
        X509Certificate certificate = certificate(name);

        assertThat(ServerEndPoint.hash(certificate))
                .hasValue(MessageDigest.getInstance(hash).digest(certificate.getEncoded()));
    }

    @Test
    void aSignatureWithoutAHashOfItsOwnBindsNothing() throws Exception {
        assertThat(ServerEndPoint.hash(certificate("ed25519"))).isEmpty();
    }
}
