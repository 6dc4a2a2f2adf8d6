package dev.postern.tlspolicy.dane;

import static dev.postern.crypto.TestCertificate.NOW;
import static dev.postern.crypto.TestCertificate.named;
import static dev.postern.crypto.TestCertificate.newPair;
import static dev.postern.crypto.TestCertificate.root;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.TestCertificate;
import dev.postern.dns.DomainName;
import dev.postern.dns.TlsaRecord;
import dev.postern.tlspolicy.TlsRequirement;
import dev.postern.wire.PeerCheck;
import dev.postern.wire.PeerCheck.Fault;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v1CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DaneVerifierTest {

    private static final String MX = "mx.example.org";
    private static final DaneVerifier VERIFIER = new DaneVerifier(InstantSource.fixed(NOW));

    private static final TestCertificate ROOT = root("CN=Root");
    private static final TestCertificate MIDDLE = named("CN=Middle").authority().by(ROOT);
    private static final TestCertificate SERVER = named("CN=server").dns(MX).by(MIDDLE);
    private static final TestCertificate OTHER = root("CN=Other");

    private static PeerCheck check(List<TlsaRecord> records, String names, TestCertificate... chain) {
        List<DomainName> wanted =
                Arrays.stream(names.split(" ", -1)).map(DomainName::of).toList();
        return VERIFIER.check(
                new TlsRequirement.Dane(records, wanted, wanted.getFirst()),
                Arrays.stream(chain).map(TestCertificate::certificate).toList());
    }

    private static PeerCheck check(TlsaRecord record, TestCertificate... chain) {
        return check(List.of(record), MX, chain);
    }

    private static TlsaRecord record(TestCertificate of, int usage, int selector, int matching) {
        return CertificateAssociation.of(of.certificate(), usage, selector, matching);
    }

    private static TlsaRecord anchor(TestCertificate of) {
        return CertificateAssociation.ofIssuer(of.certificate());
    }

    private static void assertProven(PeerCheck check, String how) {
        assertThat(check).isEqualTo(new PeerCheck.Proven(how));
    }

    private static void assertFault(PeerCheck check, Fault fault, String... words) {
        assertThat(check).isInstanceOfSatisfying(PeerCheck.Unproven.class, unproven -> {
            assertThat(unproven.fault()).as(unproven.why()).isEqualTo(fault);
            assertThat(List.of(words))
                    .allSatisfy(word -> assertThat(unproven.why()).contains(word));
        });
    }

    static Stream<Arguments> everyRecord() {
        return Stream.of(0, 1, 2, 3)
                .flatMap(usage -> Stream.of(0, 1)
                        .flatMap(selector ->
                                Stream.of(0, 1, 2).map(matching -> Arguments.of(usage, selector, matching))));
    }

    @ParameterizedTest
    @MethodSource("everyRecord")
    void recordOfTheServerProvesForUsage3Only(int usage, int selector, int matching) {
        PeerCheck check = check(record(SERVER, usage, selector, matching), SERVER, MIDDLE);

        switch (usage) {
            case 3 -> assertProven(check, "dane-ee 3 " + selector + " " + matching);
            case 2 -> assertThat(check.isProven()).isFalse();
            default -> assertFault(check, Fault.NO_TLSA_MATCH, "no TLSA record can be used");
        }
    }

    @ParameterizedTest
    @MethodSource("everyRecord")
    void recordOfTheRootProvesForUsage2WhereItIsSentOrInTheRecord(int usage, int selector, int matching) {
        TlsaRecord record = record(ROOT, usage, selector, matching);

        PeerCheck sent = check(record, SERVER, MIDDLE, ROOT);
        PeerCheck notSent = check(record, SERVER, MIDDLE);

        if (usage != 2) {
            assertFault(sent, Fault.NO_TLSA_MATCH);
            assertFault(notSent, Fault.NO_TLSA_MATCH);
            return;
        }
        assertProven(sent, "dane-ta 2 " + selector + " " + matching + " " + MX);
        if (matching == 0) {
            assertProven(notSent, "dane-ta 2 " + selector + " 0 " + MX);
        } else {
            assertFault(notSent, Fault.NO_TLSA_MATCH, "is no issuer whose certificate the server has sent");
        }
    }

    @ParameterizedTest
    @MethodSource("everyRecord")
    void recordOfAnIntermediateAuthorityProvesForUsage2WithoutItsRoot(int usage, int selector, int matching) {
        PeerCheck check = check(record(MIDDLE, usage, selector, matching), SERVER, MIDDLE);

        assertThat(check.isProven()).isEqualTo(usage == 2);
    }

    @ParameterizedTest
    @MethodSource("everyRecord")
    void recordOfAnotherCertificateProvesNothing(int usage, int selector, int matching) {
        PeerCheck check = check(record(OTHER, usage, selector, matching), SERVER, MIDDLE, ROOT);

        // a whole certificate or key in the record is an anchor to which no way leads
        assertFault(check, usage == 2 && matching == 0 ? Fault.NOT_TRUSTED : Fault.NO_TLSA_MATCH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "RSASSA-PSS", "Ed25519"})
    void everyKindOfKeyIsRecognisedAndItsSignaturesVerified(String algorithm) {
        TestCertificate authority =
                named("CN=Root").key(newPair(algorithm)).authority().bySelf();
        TestCertificate server =
                named("CN=server").key(newPair(algorithm)).dns(MX).by(authority);

        for (int selector = 0; selector <= 1; selector++) {
            for (int matching = 0; matching <= 2; matching++) {
                assertProven(
                        check(record(server, 3, selector, matching), server), "dane-ee 3 " + selector + " " + matching);
                assertProven(
                        check(record(authority, 2, selector, matching), server, authority),
                        "dane-ta 2 " + selector + " " + matching + " " + MX);
            }
        }
        assertProven(check(record(authority, 2, 1, 0), server), "dane-ta 2 1 0 " + MX);
        TestCertificate forged = named("CN=server")
                .dns(MX)
                .by(named("CN=Root").key(newPair(algorithm)).authority().bySelf());
        assertThat(check(record(authority, 2, 1, 0), forged).isProven()).isFalse();
        assertThat(check(anchor(authority), forged, authority).isProven()).isFalse();
    }

    /// RFC 7672 §3.1.1.
    @Test
    void usage3LooksAtNothingButTheCertificate() {
        TestCertificate odd = named("CN=somebody else")
                .expired()
                .dns("other.example")
                .extension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(KeyPurposeId.id_kp_codeSigning))
                .extension(new ASN1ObjectIdentifier("1.2.3.4"), true, new DEROctetString(new byte[1]))
                .by(OTHER);

        assertProven(check(CertificateAssociation.ofServer(odd.certificate()), odd, ROOT, MIDDLE), "dane-ee 3 1 1");
    }

    @Test
    void usage3LooksAtNoOtherCertificateThanTheFirst() {
        assertFault(
                check(CertificateAssociation.ofServer(MIDDLE.certificate()), SERVER, MIDDLE),
                Fault.NO_TLSA_MATCH,
                "TLSA 3 1 1",
                "is not the server's certificate");
    }

    @Test
    void noCertificateProvesNothing() {
        assertFault(check(anchor(ROOT)), Fault.OTHER, "shown no certificate");
    }

    @Test
    void oneOfManyRecordsSuffices() {
        List<TlsaRecord> records = List.of(
                new TlsaRecord(3, 1, 1, "00".repeat(32)),
                anchor(OTHER),
                new TlsaRecord(9, 1, 1, "00".repeat(32)),
                CertificateAssociation.ofServer(SERVER.certificate()));

        assertProven(check(records, MX, SERVER), "dane-ee 3 1 1");
    }

    /// RFC 7671 §9.
    @Test
    void weakerDigestDoesNotCountBesideAStrongerOneOfTheSameUsageAndSelector() {
        TlsaRecord good = record(SERVER, 3, 1, 1);

        assertFault(check(List.of(good, record(OTHER, 3, 1, 2)), MX, SERVER), Fault.NO_TLSA_MATCH, "TLSA 3 1 2");
        assertProven(check(List.of(good, record(OTHER, 3, 0, 2)), MX, SERVER), "dane-ee 3 1 1");
        assertProven(check(List.of(good, record(OTHER, 2, 1, 2)), MX, SERVER), "dane-ee 3 1 1");
        assertProven(check(List.of(good, record(OTHER, 3, 1, 0)), MX, SERVER), "dane-ee 3 1 1");
        // one that cannot be used displaces none
        assertProven(check(List.of(good, new TlsaRecord(3, 1, 2, "00")), MX, SERVER), "dane-ee 3 1 1");
        assertProven(check(List.of(good, new TlsaRecord(3, 1, 3, "00")), MX, SERVER), "dane-ee 3 1 1");
        assertProven(check(List.of(record(SERVER, 3, 1, 0), record(OTHER, 3, 1, 2)), MX, SERVER), "dane-ee 3 1 0");
    }

    @ParameterizedTest
    @CsvSource({
        "mx.example.org,                 mx.example.org,             true",
        "mx.example.org,                 mx.example.org example.org, true",
        "example.org,                    mx.example.org example.org, true",
        "*.example.org,                  mx.example.org,             true",
        "*.example.org,                  a.mx.example.org,           false",
        "other.example,                  mx.example.org example.org, false",
    })
    void usage2AsksForOneOfTheNames(String bears, String wanted, boolean proven) {
        TestCertificate server = named("CN=" + MX).dns(bears).by(ROOT);
        PeerCheck check = check(List.of(anchor(ROOT)), wanted, server, ROOT);

        if (proven) {
            assertThat(check.isProven()).isTrue();
        } else {
            assertFault(check, Fault.WRONG_NAME, "the certificate is for " + bears, wanted.replace(" ", " or "));
        }
    }

    /// RFC 7672 §3.2.3.
    @Test
    void commonNameIsTheNameOfACertificateWithoutDnsNames() {
        assertProven(check(anchor(ROOT), named("CN=" + MX).by(ROOT), ROOT), "dane-ta 2 1 1 " + MX);
    }

    @Test
    void orderOfTheChainDoesNotMatterNorDoesWhatElseIsSent() {
        TestCertificate low = named("CN=Low").authority().by(MIDDLE);
        TestCertificate server = named("CN=server").dns(MX).by(low);

        assertProven(check(anchor(ROOT), server, ROOT, OTHER, MIDDLE, SERVER, low, server), "dane-ta 2 1 1 " + MX);
    }

    @Test
    void missingIntermediateLeadsNowhere() {
        assertFault(check(anchor(ROOT), SERVER, ROOT), Fault.NOT_TRUSTED, "no way leads");
        assertFault(check(record(ROOT, 2, 1, 0), SERVER), Fault.NOT_TRUSTED, "no way leads");
    }

    @Test
    void signaturesAreVerifiedAndNotOnlyNamesCompared() {
        TestCertificate sameName = root("CN=Root");
        TestCertificate forgedMiddle = named("CN=Middle").authority().by(sameName);
        TestCertificate forged = named("CN=server").dns(MX).by(forgedMiddle);

        assertFault(check(anchor(ROOT), forged, forgedMiddle, ROOT), Fault.NOT_TRUSTED, "no way leads");
        assertFault(check(record(ROOT, 2, 0, 0), forged, forgedMiddle), Fault.NOT_TRUSTED);
        assertFault(check(anchor(ROOT), forged, MIDDLE, ROOT), Fault.NOT_TRUSTED);
    }

    @Test
    void serverThatIsNoAuthorityIssuesNothing() {
        TestCertificate forged = named("CN=forged").dns(MX).by(SERVER);

        assertFault(check(anchor(ROOT), forged, SERVER, MIDDLE, ROOT), Fault.NOT_TRUSTED);
        assertFault(check(anchor(SERVER), forged, SERVER), Fault.NOT_TRUSTED, "is no authority");
        assertFault(check(record(SERVER, 2, 0, 0), forged), Fault.NOT_TRUSTED, "is no authority");
    }

    @Test
    void keyOfTheServerAloneInTheRecordIsAnAnchorOfWhatItHasSigned() {
        // RFC 7671 §5.2.3: a bare key has no constraints; the domain itself names it an authority
        TestCertificate signed = named("CN=signed").dns(MX).by(SERVER);

        assertProven(check(record(SERVER, 2, 1, 0), signed), "dane-ta 2 1 0 " + MX);
    }

    @Test
    void everyCertificateOfThePathMustBeInDateAndTheAnchorNeedNot() {
        TestCertificate expiredRoot =
                named("CN=Root").key(ROOT.pair()).authority().expired().bySelf();
        TestCertificate expiredMiddle =
                named("CN=Middle").key(MIDDLE.pair()).authority().expired().by(ROOT);
        TestCertificate expired = named("CN=server").dns(MX).expired().by(MIDDLE);
        TestCertificate early = named("CN=server")
                .dns(MX)
                .valid(NOW.plus(Duration.ofHours(1)), NOW.plus(Duration.ofDays(9)))
                .by(MIDDLE);

        assertFault(check(anchor(ROOT), SERVER, expiredMiddle, ROOT), Fault.EXPIRED, "CN=Middle");
        assertFault(check(anchor(ROOT), expired, MIDDLE, ROOT), Fault.EXPIRED, "CN=server");
        assertFault(check(anchor(ROOT), early, MIDDLE, ROOT), Fault.EXPIRED, "CN=server");
        // RFC 5280 §6.1.1 (d): the anchor is given, and no part of the path
        assertProven(check(anchor(ROOT), SERVER, MIDDLE, expiredRoot), "dane-ta 2 1 1 " + MX);
        assertProven(check(record(expiredRoot, 2, 0, 0), SERVER, MIDDLE), "dane-ta 2 0 0 " + MX);
        assertProven(check(anchor(MIDDLE), SERVER, expiredMiddle), "dane-ta 2 1 1 " + MX);
        // one path that is good suffices
        assertProven(check(record(ROOT, 2, 1, 0), SERVER, MIDDLE, expiredRoot), "dane-ta 2 1 0 " + MX);
        assertProven(check(anchor(ROOT), SERVER, expiredMiddle, MIDDLE, expiredRoot, ROOT), "dane-ta 2 1 1 " + MX);
    }

    @Test
    void authoritiesKeepToTheirLimits() {
        TestCertificate noSigning = named("CN=Middle")
                .extension(Extension.basicConstraints, true, new org.bouncycastle.asn1.x509.BasicConstraints(true))
                .usage(KeyUsage.digitalSignature)
                .by(ROOT);
        TestCertificate belowNoSigning = named("CN=server").dns(MX).by(noSigning);
        TestCertificate short0 = named("CN=Short").authority(0).bySelf();
        TestCertificate tooLow = named("CN=Middle").authority().by(short0);
        TestCertificate belowTooLow = named("CN=server").dns(MX).by(tooLow);
        TestCertificate directly = named("CN=server").dns(MX).by(short0);
        TestCertificate shortMiddle = named("CN=ShortMiddle").authority(0).by(ROOT);
        TestCertificate belowShortMiddle = named("CN=Low").authority().by(shortMiddle);
        TestCertificate lowest = named("CN=server").dns(MX).by(belowShortMiddle);

        assertFault(check(anchor(ROOT), belowNoSigning, noSigning, ROOT), Fault.NOT_TRUSTED);
        assertFault(check(anchor(noSigning), belowNoSigning, noSigning), Fault.NOT_TRUSTED, "may not sign");
        assertFault(check(anchor(short0), belowTooLow, tooLow, short0), Fault.NOT_TRUSTED, "so many authorities");
        assertProven(check(anchor(short0), directly, short0), "dane-ta 2 1 1 " + MX);
        assertFault(check(anchor(ROOT), lowest, belowShortMiddle, shortMiddle, ROOT), Fault.NOT_TRUSTED);
    }

    @Test
    void namesThatAnAuthorityMayNotVouchForAreNotProven() {
        NameConstraints others = new NameConstraints(
                new GeneralSubtree[] {new GeneralSubtree(new GeneralName(GeneralName.dNSName, "other.example"))}, null);
        NameConstraints ours = new NameConstraints(
                new GeneralSubtree[] {new GeneralSubtree(new GeneralName(GeneralName.dNSName, "example.org"))}, null);
        TestCertificate root = named("CN=Limited")
                .authority()
                .extension(Extension.nameConstraints, true, others)
                .bySelf();
        TestCertificate good = named("CN=Limited to us")
                .authority()
                .extension(Extension.nameConstraints, true, ours)
                .bySelf();
        TestCertificate middle = named("CN=Limited")
                .authority()
                .extension(Extension.nameConstraints, true, others)
                .by(ROOT);

        assertFault(
                check(anchor(root), named("CN=server").dns(MX).by(root), root),
                Fault.NOT_TRUSTED,
                "may not vouch for the names");
        assertFault(
                check(anchor(root), named("CN=" + MX).by(root), root),
                Fault.NOT_TRUSTED,
                "may not vouch for the names");
        assertFault(check(anchor(ROOT), named("CN=server").dns(MX).by(middle), middle, ROOT), Fault.NOT_TRUSTED);
        assertFault(check(anchor(ROOT), named("CN=" + MX).by(middle), middle, ROOT), Fault.NOT_TRUSTED);
        assertProven(check(anchor(good), named("CN=server").dns(MX).by(good), good), "dane-ta 2 1 1 " + MX);
    }

    @Test
    void certificateForAnotherPurposeThanServersIsNotProven() {
        ExtendedKeyUsage code = new ExtendedKeyUsage(KeyPurposeId.id_kp_codeSigning);
        ExtendedKeyUsage both =
                new ExtendedKeyUsage(new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth});
        TestCertificate server = named("CN=server")
                .dns(MX)
                .extension(Extension.extendedKeyUsage, false, code)
                .by(ROOT);
        TestCertificate good = named("CN=server")
                .dns(MX)
                .extension(Extension.extendedKeyUsage, true, both)
                .by(ROOT);
        TestCertificate codeRoot = named("CN=Code")
                .authority()
                .extension(Extension.extendedKeyUsage, false, code)
                .bySelf();

        assertFault(check(anchor(ROOT), server, ROOT), Fault.NOT_TRUSTED, "is not for TLS servers");
        assertProven(check(anchor(ROOT), good, ROOT), "dane-ta 2 1 1 " + MX);
        assertFault(
                check(anchor(codeRoot), named("CN=server").dns(MX).by(codeRoot), codeRoot),
                Fault.NOT_TRUSTED,
                "is not for TLS servers");
    }

    @Test
    void criticalExtensionThatIsUnknownIsNoProof() {
        TestCertificate server = named("CN=server")
                .dns(MX)
                .extension(new ASN1ObjectIdentifier("1.2.3.4"), true, new DEROctetString(new byte[1]))
                .by(ROOT);

        assertFault(check(anchor(ROOT), server, ROOT), Fault.NOT_TRUSTED, "critical");
    }

    @Test
    void serverIsNotItsOwnIssuerUnlessItsKeyIsInTheRecordAndHasSignedIt() {
        TestCertificate alone = named("CN=alone").dns(MX).bySelf();
        TestCertificate expired = named("CN=alone").dns(MX).expired().bySelf();

        for (int selector = 0; selector <= 1; selector++) {
            for (int matching = 0; matching <= 2; matching++) {
                TlsaRecord record = record(alone, 2, selector, matching);
                if (selector == 1 && matching == 0) {
                    assertProven(check(record, alone), "dane-ta 2 1 0 " + MX);
                } else {
                    assertFault(check(record, alone, alone), Fault.NO_TLSA_MATCH, "is no issuer");
                }
            }
        }
        assertFault(check(List.of(record(alone, 2, 1, 0)), "other.example", alone), Fault.WRONG_NAME);
        assertFault(check(record(expired, 2, 1, 0), expired), Fault.EXPIRED);
        assertFault(check(anchor(SERVER), SERVER, MIDDLE, ROOT), Fault.NO_TLSA_MATCH);
        assertFault(check(record(SERVER, 2, 1, 0), SERVER, MIDDLE, ROOT), Fault.NOT_TRUSTED);
    }

    @Test
    void anchorOfTheFirstVersionIsAnAuthorityBecauseTheRecordSaysSo() throws Exception {
        var pair = newPair("EC");
        X509Certificate old = new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v1CertificateBuilder(
                                new X500Name("CN=Old"),
                                new BigInteger(127, new SecureRandom()),
                                Date.from(NOW.minus(Duration.ofDays(1))),
                                Date.from(NOW.plus(Duration.ofDays(1))),
                                new X500Name("CN=Old"),
                                pair.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        TestCertificate root = new TestCertificate(pair, old);

        assertProven(check(anchor(root), named("CN=server").dns(MX).by(root), root), "dane-ta 2 1 1 " + MX);
    }

    @Test
    void faultThatIsNearestToSuccessIsTold() {
        TestCertificate wrong = named("CN=server").dns("other.example").by(ROOT);
        List<TlsaRecord> records =
                new ArrayList<>(List.of(anchor(ROOT), anchor(OTHER), record(OTHER, 3, 1, 1), record(OTHER, 2, 0, 0)));

        assertFault(check(records, MX, wrong, ROOT), Fault.WRONG_NAME);
        Collections.reverse(records);
        assertFault(check(records, MX, wrong, ROOT), Fault.WRONG_NAME);
    }

    @Test
    void hugeCertificateIsReadLikeAnyOther() {
        String[] names = IntStream.range(0, 4000)
                .mapToObj(i -> "host-number-" + i + ".example.org")
                .toArray(String[]::new);
        names[names.length - 1] = MX;
        TestCertificate huge = named("CN=huge").dns(names).by(ROOT);

        assertThat(huge.certificate())
                .satisfies(its -> assertThat(its.getEncoded()).hasSizeGreaterThan(100_000));
        assertProven(check(anchor(ROOT), huge, ROOT), "dane-ta 2 1 1 " + MX);
        assertProven(check(record(huge, 3, 0, 0), huge), "dane-ee 3 0 0");
    }

    @Test
    void longChainIsLookedAtUpToItsBound() {
        List<TestCertificate> chain = new ArrayList<>(List.of(ROOT));
        for (int i = 0; i < 12; i++) {
            chain.add(named("CN=Authority " + i).authority().by(chain.getLast()));
        }
        TestCertificate near = named("CN=server").dns(MX).by(chain.get(8));
        TestCertificate far = named("CN=server").dns(MX).by(chain.getLast());

        assertProven(
                check(
                        anchor(ROOT),
                        Stream.concat(Stream.of(near), chain.stream()).toArray(TestCertificate[]::new)),
                "dane-ta 2 1 1 " + MX);
        assertFault(
                check(
                        anchor(ROOT),
                        Stream.concat(Stream.of(far), chain.stream()).toArray(TestCertificate[]::new)),
                Fault.NOT_TRUSTED);
    }

    /// Twenty authorities of one name and one key, each issued by each: the ways through them are more than can be
    /// gone.
    @Test
    void entangledChainCostsBoundedWork() {
        var pair = newPair("RSA");
        TestCertificate knot = named("CN=Knot").key(pair).authority().bySelf();
        List<TestCertificate> chain = new ArrayList<>();
        chain.add(named("CN=server").dns(MX).by(knot));
        for (int i = 0; i < 20; i++) {
            chain.add(named("CN=Knot").key(pair).authority().by(knot));
        }

        assertFault(
                check(record(ROOT, 2, 1, 0), chain.toArray(TestCertificate[]::new)),
                Fault.NOT_TRUSTED,
                "too entangled");
    }

    @Test
    void whatAStrangerCallsHimselfIsShownShortAndWithoutControls() {
        TestCertificate root = root("CN=Root");
        TestCertificate odd = named(("OU=" + "x".repeat(60) + ",").repeat(50) + "CN=a\nb\u202e")
                .dns(MX)
                .expired()
                .by(root);

        assertThat(check(anchor(root), odd, root))
                .isInstanceOfSatisfying(
                        PeerCheck.Unproven.class,
                        unproven -> assertThat(unproven.why())
                                .contains("CN=a")
                                .doesNotContain("\n", "\u202e")
                                .hasSizeLessThan(400));
    }
}
