package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import java.util.List;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateNamesTest {

    private static CertificateNames names(String... dns) {
        return CertificateNames.of(
                TestCertificate.named("CN=other.example").dns(dns).bySelf().certificate());
    }

    @ParameterizedTest
    @CsvSource({
        "mx.example.org,        mx.example.org,          true",
        "MX.Example.ORG,        mx.example.org,          true",
        "mx.example.org.,       mx.example.org,          true",
        "mx.example.org,        mx2.example.org,         false",
        "mx.example.org,        a.mx.example.org,        false",
        "example.org,           mx.example.org,          false",
        "*.example.org,         mx.example.org,          true",
        "*.EXAMPLE.org,         mx.example.org,          true",
        "*.example.org,         example.org,             false",
        "*.example.org,         a.mx.example.org,        false",
        "m*.example.org,        mx.example.org,          false",
        "*x.example.org,        mx.example.org,          false",
        "mx.*.org,              mx.example.org,          false",
        "*.*.org,               mx.example.org,          false",
        "**.example.org,        mx.example.org,          false",
        "*.org,                 example.org,             false",
        "*,                     org,                     false",
        "*.xn--bcher-kva.de,    mx.xn--bcher-kva.de,     true",
        "*.example.org,         xn--bcher-kva.example.org, true",
        "xn--bcher-kva.de,      bücher.de,               true",
        "'mx.example.org\0.evil.example', mx.example.org, false",
        "'mx.example.org ',     mx.example.org,          false",
    })
    void wildcardIsOneWholeLabelOnTheLeft(String bears, String host, boolean covered) {
        assertThat(names(bears).covering(DomainName.of(host)).isPresent()).isEqualTo(covered);
    }

    @Test
    void oneOfManyNamesSuffices() {
        CertificateNames names = names("a.example.org", "b.example.org", "*.example.net", "d.example.org");

        assertThat(names.covering(DomainName.of("mx.example.net")))
                .hasValue(new CertificateNames.Name(DomainName.of("example.net"), true));
        assertThat(names).hasToString("a.example.org, b.example.org, *.example.net and 1 more");
    }

    @Test
    void namesBeyondTheBoundAreNotLookedAt() {
        String[] many = IntStream.rangeClosed(0, CertificateNames.MAX_NAMES)
                .mapToObj(i -> "h" + i + ".example.org")
                .toArray(String[]::new);

        assertThat(names(many).names()).hasSize(CertificateNames.MAX_NAMES);
    }

    @ParameterizedTest
    @CsvSource({
        "mx.example.org,  *.example.org,   true",
        "*.example.org,   *.example.org,   true",
        "a.mx.example.org,*.example.org,   false",
        "example.org,     *.example.org,   false",
        "*.mx.example.org,*.example.org,   false",
        "*.example.org,   mx.example.org,  true",
        "mx.example.org,  mx.example.org,  true",
        "mx.example.net,  *.example.org,   false",
    })
    void patternAsksForAnyNameOfOneLabelMore(String bears, String pattern, boolean met) {
        assertThat(names(bears).meet(CertificateNames.Name.parse(pattern).orElseThrow()))
                .isEqualTo(met);
    }

    @Test
    void commonNameCountsOnlyWhereItIsWantedAndNoDnsNameIsThere() {
        TestCertificate alone =
                TestCertificate.named("C=DE,CN=first.example,CN=MX.example.org").bySelf();
        TestCertificate beside =
                TestCertificate.named("CN=mx.example.org").dns("other.example").bySelf();
        TestCertificate mail = TestCertificate.named("CN=mx.example.org")
                .extension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.rfc822Name, "joe@example.org")))
                .bySelf();

        assertThat(CertificateNames.of(alone.certificate())).hasToString("no host");
        assertThat(CertificateNames.orCommonName(alone.certificate())).hasToString("mx.example.org");
        assertThat(CertificateNames.orCommonName(beside.certificate())).hasToString("other.example");
        assertThat(CertificateNames.orCommonName(mail.certificate())).hasToString("mx.example.org");
    }

    @Test
    void commonNameThatIsNoHostIsNone() {
        for (String subject : List.of("CN=Example Mail Server", "O=mx.example.org", "CN=mx.example.org\\00.evil")) {
            assertThat(CertificateNames.orCommonName(
                                    TestCertificate.named(subject).bySelf().certificate())
                            .names())
                    .as(subject)
                    .isEmpty();
        }
    }

    @Test
    void alternativeNamesThatCannotBeReadLeaveNoNameAtAll() {
        TestCertificate torn = TestCertificate.named("CN=mx.example.org")
                .extension(Extension.subjectAlternativeName, false, new DEROctetString(new byte[] {1, 2, 3}))
                .bySelf();

        assertThat(CertificateNames.orCommonName(torn.certificate()).names()).isEmpty();
    }
}
