package dev.postern.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Sha256;
import dev.postern.crypto.TestCertificate;
import dev.postern.wire.PeerCheck;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PkixCheckTest {
    private static final InstantSource CLOCK = InstantSource.fixed(TestCertificate.NOW);
    private static final TestCertificate ROOT = TestCertificate.root("CN=root");
    private static final TestCertificate MIDDLE =
            TestCertificate.named("CN=middle").authority().by(ROOT);
    private static final TestCertificate LOWER =
            TestCertificate.named("CN=lower").authority().by(MIDDLE);

    private static TestCertificate.Draft server() {
        return TestCertificate.named("CN=server").dns("mx.example.org");
    }

    private static String check(List<String> names, Stream<TestCertificate> chain) {
        return words(new PkixCheck(new TrustedRoots(Set.of(ROOT.certificate()), Set.of()), names, CLOCK)
                .check(chain.map(TestCertificate::certificate).toList()));
    }

    private static String check(TestCertificate... chain) {
        return check(List.of("mx.example.org"), Stream.of(chain));
    }

    private static String words(PeerCheck found) {
        return switch (found) {
            case PeerCheck.NotLooked _ -> "not looked";
            case PeerCheck.Proven(String how) -> how;
            case PeerCheck.Unproven(PeerCheck.Fault fault, String why) -> {
                assertThat(why).isNotBlank();
                yield fault.name().toLowerCase(Locale.ROOT);
            }
        };
    }

    private static KeyPair rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aChainToARootProvesTheName() {
        assertThat(check(server().by(ROOT))).isEqualTo("pkix mx.example.org");
        assertThat(check(server().by(MIDDLE), MIDDLE)).isEqualTo("pkix mx.example.org");
        assertThat(check(server().by(MIDDLE), MIDDLE, ROOT)).isEqualTo("pkix mx.example.org");
    }

    @Test
    void theOthersMayComeInAnyOrderAndTooMany() {
        TestCertificate server = server().by(LOWER);
        TestCertificate stranger = TestCertificate.root("CN=stranger");
        List<TestCertificate> others = new ArrayList<>(List.of(ROOT, MIDDLE, LOWER, stranger, stranger, server));
        for (int i = 0; i < others.size(); i++) {
            Collections.rotate(others, 1);
            assertThat(check(List.of("mx.example.org"), Stream.concat(Stream.of(server), others.stream())))
                    .isEqualTo("pkix mx.example.org");
        }
    }

    @Test
    void anIssuerThatIsOutOfDateGivesWayToOneOfTheSameKeyThatIsNot() {
        TestCertificate old = TestCertificate.named("CN=middle")
                .key(MIDDLE.pair())
                .authority()
                .expired()
                .by(ROOT);
        assertThat(check(server().by(MIDDLE), old, MIDDLE)).isEqualTo("pkix mx.example.org");
        assertThat(check(server().by(MIDDLE), old)).isEqualTo("expired");
    }

    @Test
    void whatProvesNothingIsToldApart() {
        TestCertificate stranger = TestCertificate.root("CN=stranger");
        TestCertificate forged = TestCertificate.root("CN=root");
        TestCertificate noAuthority = TestCertificate.named("CN=none").by(ROOT);
        assertThat(check()).isEqualTo("other");
        assertThat(check(server().bySelf())).isEqualTo("not_trusted");
        assertThat(check(server().by(stranger), stranger)).isEqualTo("not_trusted");
        assertThat(check(server().by(MIDDLE))).isEqualTo("not_trusted");
        assertThat(check(server().by(forged), forged)).isEqualTo("not_trusted");
        assertThat(check(server().by(noAuthority), noAuthority)).isEqualTo("other");
        assertThat(check(server().expired().by(ROOT))).isEqualTo("expired");
        assertThat(check(server().valid(
                                TestCertificate.NOW.plus(Duration.ofDays(1)),
                                TestCertificate.NOW.plus(Duration.ofDays(2)))
                        .by(ROOT)))
                .isEqualTo("expired");
    }

    @Test
    void whatIsTrustedItselfNeedsNoIssuer() {
        TestCertificate own = server().bySelf();
        PkixCheck check =
                new PkixCheck(new TrustedRoots(Set.of(own.certificate()), Set.of()), List.of("mx.example.org"), CLOCK);
        assertThat(words(check.check(List.of(own.certificate())))).isEqualTo("pkix mx.example.org");
        TestCertificate old = server().expired().bySelf();
        PkixCheck other =
                new PkixCheck(new TrustedRoots(Set.of(old.certificate()), Set.of()), List.of("mx.example.org"), CLOCK);
        assertThat(words(other.check(List.of(old.certificate())))).isEqualTo("expired");
    }

    @ParameterizedTest
    @CsvSource({
        "mx.example.org, mx.example.org, pkix mx.example.org",
        "MX.Example.ORG, mx.example.org, pkix mx.example.org",
        "*.example.org, mx.example.org, pkix mx.example.org",
        "*.example.org, a.mx.example.org, wrong_name",
        "*.example.org, example.org, wrong_name",
        "m*.example.org, mx.example.org, wrong_name",
        "mx.example.org, *.example.org, pkix *.example.org",
        "a.mx.example.org, *.example.org, wrong_name",
        "192.0.2.1, 192.0.2.1, wrong_name", // a DNS name that looks like an address is none
    })
    void theNameMustBeOneOfTheCertificates(String shown, String wanted, String outcome) {
        assertThat(check(
                        List.of("other.example", wanted),
                        Stream.of(TestCertificate.named("CN=mx.example.org")
                                .dns(shown)
                                .by(ROOT))))
                .isEqualTo(outcome);
    }

    @Test
    void aCommonNameIsNoName() {
        assertThat(check(TestCertificate.named("CN=mx.example.org").by(ROOT))).isEqualTo("wrong_name");
    }

    @Test
    void anAddressIsAName() {
        TestCertificate server = TestCertificate.named("CN=x")
                .extension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.iPAddress, "2001:db8::25")))
                .by(ROOT);
        assertThat(check(List.of("2001:db8:0:0:0:0:0:25"), Stream.of(server))).isEqualTo("pkix 2001:db8:0:0:0:0:0:25");
        assertThat(check(List.of("2001:db8::26"), Stream.of(server))).isEqualTo("wrong_name");
    }

    @Test
    void aCertificateForSomethingElseThanServersIsNone() {
        assertThat(check(purpose(KeyPurposeId.id_kp_clientAuth))).isEqualTo("other");
        assertThat(check(purpose(KeyPurposeId.id_kp_serverAuth))).isEqualTo("pkix mx.example.org");
        assertThat(check(purpose(KeyPurposeId.anyExtendedKeyUsage))).isEqualTo("pkix mx.example.org");
    }

    private static TestCertificate purpose(KeyPurposeId purpose) {
        return server().extension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose))
                .by(ROOT);
    }

    @Test
    void weakKeysAndSignaturesProveNothing() {
        assertThat(check(server().key(rsa(2048)).by(ROOT))).isEqualTo("pkix mx.example.org");
        assertThat(check(server().key(rsa(512)).by(ROOT))).isEqualTo("other");
        TestCertificate weak =
                TestCertificate.named("CN=weak").authority().key(rsa(1024)).by(ROOT);
        assertThat(check(server().hashed("MD5").by(weak), weak)).isEqualTo("other");
        assertThat(check(server().by(weak), weak)).isEqualTo("other");
        assertThat(check(server().key(rsa(1024)).by(ROOT))).isEqualTo("other");
        assertThat(check(server().hashed("SHA1").by(ROOT))).isEqualTo("other");
        assertThat(check(server().hashed("SHA384").by(ROOT))).isEqualTo("pkix mx.example.org");
    }

    /// Many issuers with one name and one key must not make us try every order of them.
    @Test
    void certificatesThatAllIssueEachOtherCostBoundedWork() {
        KeyPair pair = TestCertificate.newPair("EC");
        List<TestCertificate> same = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            same.add(TestCertificate.named("CN=same").key(pair).authority().bySelf());
        }
        TestCertificate server = server().by(same.getFirst());
        assertThat(check(List.of("mx.example.org"), Stream.concat(Stream.of(server), same.stream())))
                .isEqualTo("not_trusted");
    }

    @Test
    void whatTheCertificateSaysIsNotInTheWords() {
        TestCertificate stranger = TestCertificate.root("CN=Evil\nInc");
        X509Certificate server = TestCertificate.named("CN=evil\n2")
                .dns("mx.example.org", "a\nb.example")
                .by(stranger)
                .certificate();
        PkixCheck check =
                new PkixCheck(new TrustedRoots(Set.of(ROOT.certificate()), Set.of()), List.of("mx.example.org"), CLOCK);
        assertThat(check.check(List.of(server, stranger.certificate())))
                .isInstanceOfSatisfying(
                        PeerCheck.Unproven.class,
                        unproven -> assertThat(unproven.why()).isEqualTo("nobody who is trusted has issued it"));
    }

    @Test
    void aFingerprintIsOfTheCertificateOrOfItsKey() throws GeneralSecurityException {
        X509Certificate own = server().expired().bySelf().certificate();
        assertThat(words(new FingerprintCheck(Set.of(Sha256.hex(own.getEncoded()))).check(List.of(own))))
                .isEqualTo("fingerprint " + Sha256.hex(own.getEncoded()));
        assertThat(words(new FingerprintCheck(
                                Set.of(Sha256.hex(own.getPublicKey().getEncoded())))
                        .check(List.of(own))))
                .isEqualTo("fingerprint " + Sha256.hex(own.getPublicKey().getEncoded()));
        assertThat(words(new FingerprintCheck(Set.of("00".repeat(32))).check(List.of(own))))
                .isEqualTo("not_trusted");
        assertThat(words(new FingerprintCheck(Set.of(Sha256.hex(own.getEncoded()))).check(List.of())))
                .isEqualTo("other");
        assertThat(words(new FingerprintCheck(Set.of(Sha256.hex(own.getEncoded())))
                        .check(List.of(ROOT.certificate(), own))))
                .isEqualTo("not_trusted");
    }
}
