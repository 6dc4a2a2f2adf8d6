package dev.postern.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.DerCertificate;
import dev.postern.crypto.PublicKeyInfo;
import dev.postern.crypto.Sha256;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Certificates and keys that the configuration distrusts prove nothing, whoever vouches for them.
class DistrustTest {
    private static final String ISSUER = "issuer";

    /// What is distrusted, in what scene, and what comes of it.
    @ParameterizedTest
    @CsvSource({
        "own certificate, secure ee none good plain,        deferred 4.7.5, tlsa certificate-not-trusted",
        "own key,         secure ee none good plain,        deferred 4.7.5, tlsa certificate-not-trusted",
        "issuer key,      secure ta none good plain,        deferred 4.7.5, tlsa certificate-not-trusted",
        "issuer,          insecure none enforce good plain, deferred 4.7.5, sts certificate-not-trusted",
        "own key,         insecure none enforce good plain, deferred 4.7.5, sts certificate-not-trusted",
        "own key,         insecure none testing good plain, delivered,      sts certificate-not-trusted",
        "own key,         insecure none none good plain,    delivered,      no-policy-found success",
        "own key,         secure none none good requiretls, failed 5.7.10,  untold",
        "nothing,         secure ee none good plain,        delivered,      tlsa success",
    })
    void whatIsDistrustedProvesNothing(String what, String scene, String outcome, String report) throws IOException {
        try (TlsScene.Exchangers exchangers = new TlsScene.Exchangers()) {
            TlsScene.Seen seen = TlsScene.of(scene).play(exchangers, digests(what, exchangers));
            assertThat(seen.outcome()).isEqualTo(outcome);
            assertThat(seen.report()).isEqualTo(report);
        }
    }

    private static Set<String> digests(String what, TlsScene.Exchangers exchangers) {
        return switch (what) {
            case "own certificate" -> Set.of(Sha256.hex(DerCertificate.of(exchangers.own())));
            case "own key" -> Set.of(Sha256.hex(PublicKeyInfo.of(exchangers.own())));
            case ISSUER -> Set.of(Sha256.hex(DerCertificate.of(exchangers.issuer())));
            case "issuer key" -> Set.of(Sha256.hex(PublicKeyInfo.of(exchangers.issuer())));
            default -> Set.of();
        };
    }

    @Test
    void theReasonNamesWhatIsDistrusted() throws IOException {
        try (TlsScene.Exchangers exchangers = new TlsScene.Exchangers()) {
            Set<String> digests = digests(ISSUER, exchangers);
            assertThat(TlsScene.of("insecure none enforce good plain")
                            .play(exchangers, digests)
                            .why())
                    .contains(
                            "the configuration distrusts " + digests.iterator().next());
        }
    }
}
