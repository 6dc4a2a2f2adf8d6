package dev.postern.tlspolicy.dane;

import static dev.postern.crypto.TestCertificate.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.crypto.DerCertificate;
import dev.postern.crypto.TestCertificate;
import dev.postern.dns.DomainName;
import dev.postern.dns.TlsaRecord;
import dev.postern.tlspolicy.TlsRequirement;
import dev.postern.wire.PeerCheck;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Any record beside any certificate has a defined meaning, and proves nothing that it does not stand for.
class DaneFuzzTest {
    private static final DomainName MX = DomainName.of("mx.example.org");
    private static final DaneVerifier VERIFIER = new DaneVerifier(InstantSource.fixed(NOW));
    private static final X509Certificate OTHER =
            TestCertificate.root("CN=Other").certificate();

    /// Usage, selector, matching type, the length of the data in two octets, the data, a certificate.
    @FuzzTest
    void recordProvesWhatItStandsForAndNothingElse(byte[] octets) {
        int head = 5;
        if (octets.length < head) {
            return;
        }
        int length = Math.min(octets.length - head, ((octets[3] & 0xFF) << 8) | (octets[4] & 0xFF));
        TlsaRecord record = new TlsaRecord(
                octets[0] & 0xFF,
                octets[1] & 0xFF,
                octets[2] & 0xFF,
                HexFormat.of().formatHex(octets, head, head + length));
        Association.of(record);
        Optional<X509Certificate> certificate =
                DerCertificate.parse(Arrays.copyOfRange(octets, head + length, octets.length));
        if (certificate.isEmpty()) {
            assertThat(check(record, OTHER).isProven()).isFalse();
            return;
        }
        X509Certificate its = certificate.get();
        boolean same = record.selector() <= 1
                && record.matching() <= 2
                && CertificateAssociation.of(its, record.usage(), record.selector(), record.matching())
                        .equals(record);
        PeerCheck check = check(record, its);
        switch (record.usage()) {
            case 3 ->
                assertThat(check.isProven())
                        .isEqualTo(same && !(Association.of(record) instanceof Association.Unusable));
            case 2 -> {} // signatures decide, and none is made here
            default -> assertThat(check.isProven()).isFalse();
        }
        StrictSender.forecast(List.of(record), List.of(MX), List.of(its, OTHER), NOW);
    }

    private static PeerCheck check(TlsaRecord record, X509Certificate own) {
        return VERIFIER.check(new TlsRequirement.Dane(List.of(record), List.of(MX), MX), List.of(own, OTHER));
    }
}
