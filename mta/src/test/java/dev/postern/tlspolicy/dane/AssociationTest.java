package dev.postern.tlspolicy.dane;

import static dev.postern.crypto.TestCertificate.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.PublicKeyInfo;
import dev.postern.crypto.TestCertificate;
import dev.postern.dns.TlsaRecord;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssociationTest {

    private static final TestCertificate SERVER = named("CN=server").bySelf();
    private static final String CERTIFICATE =
            CertificateAssociation.of(SERVER.certificate(), 3, 0, 0).associationHex();
    private static final String KEY = HexFormat.of().formatHex(PublicKeyInfo.of(SERVER.certificate()));

    @ParameterizedTest
    @CsvSource({
        "0 0 1 sha256,      usage 0 is not for mail",
        "0 1 0 key,         usage 0 is not for mail",
        "1 1 1 sha256,      usage 1 is not for mail",
        "1 0 0 certificate, usage 1 is not for mail",
        "4 1 1 sha256,      usage 4 is unknown",
        "255 1 1 sha256,    usage 255 is unknown",
        "3 2 1 sha256,      selector 2 is unknown",
        "2 255 0 key,       selector 255 is unknown",
        "3 1 3 sha256,      matching type 3 is unknown",
        "2 1 255 sha512,    matching type 255 is unknown",
        "3 1 1 none,        0 octets are no SHA-256",
        "3 1 1 short,       31 octets are no SHA-256",
        "3 1 1 long,        33 octets are no SHA-256",
        "3 1 1 sha512,      64 octets are no SHA-256",
        "2 0 2 sha256,      32 octets are no SHA-512",
        "2 0 2 none,        0 octets are no SHA-512",
        "3 0 0 none,        its data are no certificate",
        "3 0 0 sha256,      its data are no certificate",
        "3 0 0 key,         its data are no certificate",
        "3 0 0 torn,        its data are no certificate",
        "2 0 0 behind,      its data are no certificate",
        "2 0 0 pem,         its data are no certificate",
        "3 1 0 none,        its data are no public key that is known here",
        "3 1 0 certificate, its data are no public key that is known here",
        "2 1 0 sha256,      its data are no public key that is known here",
        "2 1 0 keybehind,   its data are no public key that is known here",
        "2 1 0 strange,     its data are no public key that is known here",
        "3 1 1 sha256,      ''",
        "3 0 2 sha512,      ''",
        "2 1 2 sha512,      ''",
        "2 0 1 sha256,      ''",
        "3 0 0 certificate, ''",
        "2 0 0 certificate, ''",
        "3 1 0 key,         ''",
        "2 1 0 key,         ''"
    })
    void recordIsUsableOrItIsSaidWhyNot(String text, String why) {
        String[] fields = text.split(" ", -1);
        String data = switch (fields[3]) {
            case "none" -> "";
            case "short" -> "ab".repeat(31);
            case "long" -> "ab".repeat(33);
            case "sha256" -> "ab".repeat(32);
            case "sha512" -> "ab".repeat(64);
            case "certificate" -> CERTIFICATE;
            case "torn" -> CERTIFICATE.substring(0, CERTIFICATE.length() - 2);
            case "behind" -> CERTIFICATE + "00";
            case "pem" ->
                HexFormat.of()
                        .formatHex(
                                "-----BEGIN CERTIFICATE-----\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            case "key" -> KEY;
            case "keybehind" -> KEY + "00";
            // an algorithm 1.2.3.4 that nobody knows
            case "strange" -> "300c300506032a0304" + "030300abcd";
            default -> throw new IllegalArgumentException(fields[3]);
        };
        TlsaRecord record = new TlsaRecord(
                Integer.parseInt(fields[0]), Integer.parseInt(fields[1]), Integer.parseInt(fields[2]), data);

        switch (Association.of(record)) {
            case Association.Unusable unusable -> assertThat(unusable.why()).isEqualTo(why);
            case Association.EndEntity _ -> {
                assertThat(why).isEmpty();
                assertThat(record.usage()).isEqualTo(3);
            }
            case Association.TrustAnchor anchor -> {
                assertThat(why).isEmpty();
                assertThat(record.usage()).isEqualTo(2);
                assertThat(anchor.content() instanceof Association.Content.Digest)
                        .isEqualTo(record.matching() != 0);
            }
        }
    }

    @Test
    void recordsToPublishAreThoseOfTheKey() {
        assertThat(CertificateAssociation.ofServer(SERVER.certificate()))
                .isEqualTo(CertificateAssociation.of(SERVER.certificate(), 3, 1, 1));
        assertThat(CertificateAssociation.ofIssuer(SERVER.certificate()))
                .isEqualTo(CertificateAssociation.of(SERVER.certificate(), 2, 1, 1));
        assertThat(CertificateAssociation.of(SERVER.certificate(), 3, 1, 0).associationHex())
                .isEqualTo(HexFormat.of().formatHex(SERVER.pair().getPublic().getEncoded()));
    }

    @Test
    void strongestAreChosenAmongThoseThatCanBeUsed() {
        List<TlsaRecord> set = List.of(
                new TlsaRecord(3, 1, 1, "ab".repeat(32)),
                new TlsaRecord(3, 1, 1, "ab".repeat(32)),
                new TlsaRecord(3, 1, 2, "ab".repeat(64)),
                new TlsaRecord(3, 0, 1, "ab".repeat(32)),
                new TlsaRecord(3, 0, 2, "ab".repeat(3)),
                new TlsaRecord(2, 1, 1, "ab".repeat(32)),
                new TlsaRecord(3, 1, 0, KEY));

        assertThat(Association.strongest(set))
                .extracting(association ->
                        DaneVerifier.shortly(association.record()).substring(0, 5))
                .containsExactly("3 1 2", "3 0 1", "2 1 1", "3 1 0");
    }
}
