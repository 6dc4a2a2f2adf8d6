package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.x509.Certificate;

/// Whatever is called a certificate is none, or everything that is read out of it is what another reading finds.
class CertificateFuzzTest {

    @FuzzTest
    void certificateIsWhatAnotherReadingFinds(byte[] octets) throws IOException {
        Optional<X509Certificate> parsed = DerCertificate.parse(octets);
        if (parsed.isEmpty()) {
            return;
        }
        X509Certificate certificate = parsed.get();
        assertThat(DerCertificate.of(certificate)).isEqualTo(octets);
        assertThat(CertificateNames.of(certificate).names()).hasSizeLessThanOrEqualTo(octets.length);
        assertThat(CertificateNames.orCommonName(certificate).names())
                .containsAll(CertificateNames.of(certificate).names());
        NameConstraints.permit(certificate, certificate);
        byte[] key = PublicKeyInfo.of(certificate);
        // a key of an unknown algorithm is of no use to TLS, and may be written otherwise
        other(octets)
                .filter(expected -> PublicKeyInfo.parse(expected).isPresent())
                .ifPresent(expected -> assertThat(key).isEqualTo(expected));
    }

    /// The key as the library reads it and writes it again; empty where it reads less than the JDK, or writes it
    /// otherwise than it stands there.
    private static Optional<byte[]> other(byte[] octets) throws IOException {
        try {
            Certificate read = Certificate.getInstance(octets);
            return Arrays.equals(read.getEncoded(ASN1Encoding.DER), octets)
                    ? Optional.of(read.getSubjectPublicKeyInfo().getEncoded())
                    : Optional.empty();
        } catch (RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    @FuzzTest
    void keyIsAnElementOfWhatItStandsIn(byte[] octets) {
        PublicKeyInfo.within(octets).ifPresent(key -> {
            assertThat(key[0]).isEqualTo((byte) DerWalk.SEQUENCE);
            assertThat(new DerWalk(key).skip(DerWalk.SEQUENCE)).isTrue();
            assertThat(HexFormat.of().formatHex(octets)).contains(HexFormat.of().formatHex(key));
        });
        PublicKeyInfo.parse(octets)
                .ifPresent(key -> assertThat(key.getEncoded()).isNotEmpty());
    }
}
