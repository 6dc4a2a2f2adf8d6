package dev.postern.tlspolicy.hops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.dns.TlsaRecord;
import dev.postern.tlspolicy.TlsRequirement;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.dane.DaneFinding;
import dev.postern.tlspolicy.dane.DaneSource;
import dev.postern.tlspolicy.hops.DestinationPolicy.Level;
import dev.postern.tlspolicy.mtasts.StsFinding;
import dev.postern.tlspolicy.mtasts.StsPolicy;
import dev.postern.tlspolicy.mtasts.StsSource;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HopPolicyTest {
    private static final DomainName DOMAIN = DomainName.of("example.org");
    private static final DomainName HOST = DomainName.of("mx.example.org");
    private static final TlsaRecord RECORD = new TlsaRecord(3, 1, 1, "ab".repeat(32));
    private static final String DIGEST = "cd".repeat(32);

    private final List<String> asked = new ArrayList<>();

    private DaneSource dane(String word) {
        return (host, port) -> {
            asked.add("dane " + host + ":" + port);
            return switch (word) {
                case "none" -> new DaneFinding.NotPublished("no TLSA records");
                case "published" -> new DaneFinding.Published(List.of(RECORD), host, "one TLSA record");
                case "unusable" -> new DaneFinding.Unusable(List.of(RECORD), "none of 1 can be used");
                case "unknown" -> new DaneFinding.Unknown("the answer is bogus");
                default -> throw new AssertionError(word);
            };
        };
    }

    private StsSource sts(String word) {
        return domain -> {
            asked.add("sts " + domain);
            return switch (word) {
                case "none" -> new StsFinding.NoPolicy("no record");
                case "unavailable" ->
                    new StsFinding.Unavailable(TlsTrial.Result.STS_POLICY_FETCH_ERROR, "it cannot be fetched");
                case "off" -> inForce(StsPolicy.Mode.NONE, List.of());
                case "testing" -> inForce(StsPolicy.Mode.TESTING, List.of("*.example.org"));
                case "testing-other" -> inForce(StsPolicy.Mode.TESTING, List.of("mx.other.example"));
                case "enforce" -> inForce(StsPolicy.Mode.ENFORCE, List.of("mx.example.org"));
                case "enforce-other" -> inForce(StsPolicy.Mode.ENFORCE, List.of("mx.other.example"));
                default -> throw new AssertionError(word);
            };
        };
    }

    private static StsFinding inForce(StsPolicy.Mode mode, List<String> hosts) {
        return new StsFinding.InForce(new StsPolicy(mode, hosts, Duration.ofDays(1)), "kept");
    }

    private static DestinationPolicies configured(String word) {
        if (word.equals("-")) {
            return DestinationPolicies.none();
        }
        Level level = Level.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
        DestinationPolicy policy = new DestinationPolicy(
                "example.org", level, List.of(), level == Level.FINGERPRINT ? Set.of(DIGEST) : Set.of());
        return name -> Optional.of(policy).filter(_ -> name.equals(DOMAIN) || name.equals(HOST));
    }

    private static TlsWish wish(String word) {
        return switch (word) {
            case "-" -> TlsWish.USUAL;
            case "requiretls" -> TlsWish.REQUIRED;
            case "report" -> TlsWish.PREFERRED;
            case "optional" -> TlsWish.NOT_REQUIRED;
            default -> throw new AssertionError(word);
        };
    }

    private static String words(HopDecision decision) {
        String policy = decision.policy()
                .map(one -> ", told as "
                        + one.type().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .orElse("");
        return switch (decision) {
            case HopDecision.Use use ->
                use.requirement().words()
                        + use.watch()
                                .wanted()
                                .map(wanted -> ", watched " + wanted.words())
                                .orElse("")
                        + use.watch().foreseen().map(HopPolicyTest::result).orElse("")
                        + policy;
            case HopDecision.PassOver over ->
                "over " + over.status()
                        + over.failure().map(HopPolicyTest::result).orElse("") + policy;
        };
    }

    private static String result(TlsTrial.Outcome.Failure failure) {
        return ", " + failure.result().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private HopDecision decide(HopPolicy policy, Target target, TlsWish wish, boolean authentic) {
        return policy.way(target, wish).decide(HopHost.named(HOST, authentic));
    }

    @ParameterizedTest(name = "{0} | {1} | {2} | {3} | {4}")
    @CsvSource(delimiter = '|', textBlock = """
            # DANE      | vouched for | MTA-STS       | configured  | sender     | decision
            none        | yes | none          | -           | -          | may, told as no-policy-found
            none        | no  | none          | -           | -          | may, told as no-policy-found
            published   | yes | none          | -           | -          | dane 3 1 1 at mx.example.org, told as tlsa
            published   | no  | none          | -           | -          | may, told as no-policy-found
            unusable    | yes | none          | -           | -          | encrypt, tlsa-invalid, told as tlsa
            unknown     | yes | none          | -           | -          | over 4.7.5, dnssec-invalid, told as tlsa
            unknown     | no  | none          | -           | -          | may, told as no-policy-found

            # DANE goes before MTA-STS (RFC 8461 section 2)
            none        | no  | enforce       | -           | -          | verify mx.example.org by mta-sts, told as sts
            none        | yes | enforce       | -           | -          | verify mx.example.org by mta-sts, told as sts
            none        | no  | enforce-other | -           | -          | over 4.7.5, validation-failure, told as sts
            published   | yes | enforce       | -           | -          | dane 3 1 1 at mx.example.org, told as tlsa
            published   | yes | enforce-other | -           | -          | dane 3 1 1 at mx.example.org, told as tlsa
            unknown     | yes | enforce       | -           | -          | over 4.7.5, dnssec-invalid, told as tlsa
            unusable    | yes | enforce       | -           | -          | verify mx.example.org by mta-sts, tlsa-invalid, told as tlsa
            unusable    | yes | enforce-other | -           | -          | over 4.7.5, validation-failure, told as sts
            none        | no  | testing       | -           | -          | may, watched verify mx.example.org by mta-sts, told as sts
            none        | no  | testing-other | -           | -          | may, validation-failure, told as sts
            unusable    | yes | testing       | -           | -          | encrypt, tlsa-invalid, told as tlsa
            none        | no  | unavailable   | -           | -          | may, sts-policy-fetch-error, told as sts
            unusable    | yes | unavailable   | -           | -          | encrypt, tlsa-invalid, told as tlsa
            none        | no  | off           | -           | -          | may, told as no-policy-found

            # the configuration: none and may are exceptions, encrypt is a floor, the others say what there must be
            published   | yes | enforce       | none        | -          | none
            published   | yes | enforce       | may         | -          | may
            unknown     | yes | enforce-other | may         | -          | may
            none        | no  | none          | encrypt     | -          | encrypt, told as no-policy-found
            published   | yes | none          | encrypt     | -          | dane 3 1 1 at mx.example.org, told as tlsa
            none        | no  | enforce       | encrypt     | -          | verify mx.example.org by mta-sts, told as sts
            none        | no  | testing       | encrypt     | -          | encrypt, watched verify mx.example.org by mta-sts, told as sts
            none        | no  | none          | verify      | -          | verify mx.example.org by exchanger
            published   | yes | none          | verify      | -          | verify mx.example.org by dnssec
            published   | yes | enforce-other | secure      | -          | verify example.org, *.example.org by configured
            unknown     | yes | enforce       | fingerprint | -          | fingerprint, one of 1
            published   | yes | none          | dane        | -          | dane 3 1 1 at mx.example.org, told as tlsa
            none        | no  | enforce       | dane        | -          | verify mx.example.org by mta-sts, told as sts
            none        | no  | none          | dane        | -          | may, told as no-policy-found
            published   | yes | enforce-other | dane-only   | -          | dane 3 1 1 at mx.example.org, told as tlsa
            none        | yes | enforce       | dane-only   | -          | over 4.7.5, dane-required, told as tlsa
            published   | no  | enforce       | dane-only   | -          | over 4.7.5, dane-required, told as tlsa
            unusable    | yes | none          | dane-only   | -          | over 4.7.5, tlsa-invalid, told as tlsa
            unknown     | yes | none          | dane-only   | -          | over 4.7.5, dnssec-invalid, told as tlsa

            # REQUIRETLS: the name is vouched for by DNSSEC, MTA-STS or the configuration (RFC 8689 section 4.2.1)
            none        | no  | none          | -           | requiretls | over 5.7.10
            none        | yes | none          | -           | requiretls | verify mx.example.org by dnssec
            published   | yes | none          | -           | requiretls | dane 3 1 1 at mx.example.org, told as tlsa
            unusable    | yes | none          | -           | requiretls | verify mx.example.org by dnssec, tlsa-invalid, told as tlsa
            unknown     | yes | none          | -           | requiretls | over 4.7.5, dnssec-invalid, told as tlsa
            none        | no  | enforce       | -           | requiretls | verify mx.example.org by mta-sts, told as sts
            none        | no  | enforce-other | -           | requiretls | over 4.7.5, validation-failure, told as sts
            none        | no  | testing       | -           | requiretls | over 5.7.10
            none        | no  | unavailable   | -           | requiretls | over 5.7.10
            none        | no  | none          | none        | requiretls | over 5.7.10
            none        | yes | none          | may         | requiretls | verify mx.example.org by dnssec
            none        | no  | none          | encrypt     | requiretls | over 5.7.10
            none        | no  | none          | verify      | requiretls | over 5.7.10
            none        | no  | enforce       | verify      | requiretls | verify mx.example.org by mta-sts, told as sts
            none        | no  | none          | secure      | requiretls | verify example.org, *.example.org by configured
            none        | no  | none          | fingerprint | requiretls | fingerprint, one of 1
            none        | yes | none          | dane-only   | requiretls | over 4.7.5, dane-required, told as tlsa

            # a report on such a message looks for the proof, and goes without
            none        | no  | none          | -           | report     | may, told as no-policy-found
            none        | yes | none          | -           | report     | may, watched verify mx.example.org by dnssec, told as no-policy-found
            published   | yes | none          | -           | report     | dane 3 1 1 at mx.example.org, told as tlsa
            none        | no  | testing       | -           | report     | may, watched verify mx.example.org by mta-sts, told as sts
            none        | yes | testing       | -           | report     | may, watched verify mx.example.org by dnssec, told as sts
            none        | yes | none          | none        | report     | none

            # TLS-Required: No lifts what is published, and nothing of the configuration
            published   | yes | enforce       | -           | optional   | may
            unknown     | yes | enforce-other | -           | optional   | may
            none        | no  | none          | none        | optional   | none
            none        | no  | none          | encrypt     | optional   | encrypt
            none        | no  | none          | secure      | optional   | verify example.org, *.example.org by configured
            published   | yes | none          | dane        | optional   | may
            none        | yes | none          | dane-only   | optional   | over 4.7.5, dane-required, told as tlsa
            """)
    void everyCaseIsDecidedAsTheTableSays(
            String dane, String vouched, String sts, String configured, String sender, String expected) {
        HopPolicy policy = new HopPolicy(HopPolicy.Usual.PUBLISHED, configured(configured), dane(dane), sts(sts));
        assertThat(words(decide(policy, new Target.MailDomain(DOMAIN, 25), wish(sender), vouched.equals("yes"))))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # DANE      | MTA-STS | configured  | sender     | offered: decision                   | proven: decision
            none        | enforce | -           | -          | may                                 | verify mx.example.org by configured
            published   | none    | -           | -          | dane 3 1 1 at mx.example.org        | verify mx.example.org by configured
            unknown     | none    | -           | -          | over 4.7.5, dnssec-invalid          | verify mx.example.org by configured
            unusable    | none    | -           | -          | encrypt, tlsa-invalid               | verify mx.example.org by configured
            published   | none    | dane        | -          | dane 3 1 1 at mx.example.org        | dane 3 1 1 at mx.example.org
            none        | none    | dane        | -          | may                                 | verify mx.example.org by configured
            none        | none    | encrypt     | -          | encrypt                             | verify mx.example.org by configured
            none        | none    | secure      | -          | verify mx.example.org by configured | verify mx.example.org by configured
            none        | none    | fingerprint | -          | fingerprint, one of 1               | fingerprint, one of 1
            none        | none    | -           | requiretls | verify mx.example.org by configured | verify mx.example.org by configured
            none        | none    | -           | report     | may, watched verify mx.example.org by configured | verify mx.example.org by configured
            published   | none    | -           | optional   | may                                 | verify mx.example.org by configured
            """)
    void aGivenHostHasANameThatIsKnownAndNoMailDomain(
            String dane, String sts, String configured, String sender, String offered, String proven) {
        HopPolicy policy = new HopPolicy(HopPolicy.Usual.CLEAR, configured(configured), dane(dane), sts(sts));
        assertThat(words(decide(policy, new Target.GivenHost(HOST.text(), 587, false), wish(sender), false)))
                .isEqualTo(offered);
        assertThat(words(decide(policy, new Target.GivenHost(HOST.text(), 587, true), wish(sender), false)))
                .isEqualTo(proven);
        assertThat(asked).doesNotContain("sts example.org", "sts mx.example.org");
    }

    @Test
    void whereNothingIsEncryptedNothingIsAskedButForMailThatRequiresIt() {
        HopPolicy policy =
                new HopPolicy(HopPolicy.Usual.CLEAR, DestinationPolicies.none(), dane("published"), sts("enforce"));
        Target target = new Target.MailDomain(DOMAIN, 25);
        for (TlsWish wish : List.of(TlsWish.USUAL, TlsWish.PREFERRED, TlsWish.NOT_REQUIRED)) {
            assertThat(words(decide(policy, target, wish, true))).isEqualTo("none");
        }
        assertThat(asked).isEmpty();
        assertThat(words(decide(policy, target, TlsWish.REQUIRED, true)))
                .isEqualTo("dane 3 1 1 at mx.example.org, told as tlsa");
    }

    @Test
    void anAddressHasNeitherDaneNorMtaSts() throws Exception {
        InetAddress address = InetAddress.ofLiteral("192.0.2.1");
        HopPolicy policy =
                new HopPolicy(HopPolicy.Usual.PUBLISHED, DestinationPolicies.none(), dane("published"), sts("enforce"));
        Target target = new Target.Literal(address, 25);
        assertThat(words(policy.way(target, TlsWish.USUAL).decide(HopHost.at(address))))
                .isEqualTo("may");
        assertThat(words(policy.way(target, TlsWish.REQUIRED).decide(HopHost.at(address))))
                .isEqualTo("verify 192.0.2.1 by configured");
        assertThat(asked).isEmpty();
    }

    @Test
    void nothingIsAskedTwiceOnOneWayAndMtaStsOnlyWhereDaneDoesNotApply() {
        HopPolicy policy = new HopPolicy(
                HopPolicy.Usual.PUBLISHED,
                DestinationPolicies.none(),
                (host, port) -> dane(host.equals(HOST) ? "published" : "none").of(host, port),
                sts("enforce"));
        HopPolicy.Way way = policy.way(new Target.MailDomain(DOMAIN, 2525), TlsWish.USUAL);
        for (int i = 0; i < 2; i++) {
            way.decide(HopHost.named(HOST, true));
        }
        assertThat(asked).containsExactly("dane mx.example.org:2525");
        for (int i = 0; i < 2; i++) {
            way.decide(HopHost.named(DomainName.of("a.example"), true));
            way.decide(HopHost.named(DomainName.of("b.example"), false));
        }
        assertThat(asked).containsExactly("dane mx.example.org:2525", "dane a.example:2525", "sts example.org");
    }

    @Test
    void theReasonsAreToldInTheirOrder() {
        HopPolicy policy =
                new HopPolicy(HopPolicy.Usual.PUBLISHED, configured("encrypt"), dane("none"), sts("enforce"));
        HopDecision decision = decide(policy, new Target.MailDomain(DOMAIN, 25), TlsWish.REQUIRED, true);
        assertThat(decision.inputs().entrySet().stream().map(e -> e.getKey() + " = " + e.getValue()))
                .containsExactly(
                        "the sender = REQUIRETLS",
                        "destinations.\"example.org\" = tls = \"encrypt\"",
                        "DANE mx.example.org:25 = no TLSA records",
                        "MTA-STS example.org = kept",
                        "TLS mx.example.org = verify mx.example.org by mta-sts");
    }

    @Test
    void theReportHasThePolicyAsItWasFound() {
        HopPolicy policy =
                new HopPolicy(HopPolicy.Usual.PUBLISHED, DestinationPolicies.none(), dane("none"), sts("testing"));
        assertThat(decide(policy, new Target.MailDomain(DOMAIN, 25), TlsWish.USUAL, false)
                        .policy())
                .contains(new TlsTrial.AppliedPolicy(
                        DOMAIN,
                        TlsTrial.Type.STS,
                        List.of("version: STSv1", "mode: testing", "mx: *.example.org", "max_age: 86400"),
                        List.of("*.example.org")));
        HopPolicy other =
                new HopPolicy(HopPolicy.Usual.PUBLISHED, DestinationPolicies.none(), dane("published"), sts("none"));
        assertThat(decide(other, new Target.MailDomain(DOMAIN, 25), TlsWish.USUAL, true)
                        .policy())
                .contains(new TlsTrial.AppliedPolicy(
                        DOMAIN, TlsTrial.Type.TLSA, List.of("3 1 1 " + "ab".repeat(32)), List.of()));
    }

    @Test
    void aCertificateOfAnIssuerInTlsaRecordsIsForTheHostOrTheDomain() {
        DomainName base = DomainName.of("real.example.net");
        HopPolicy policy = new HopPolicy(
                HopPolicy.Usual.PUBLISHED,
                DestinationPolicies.none(),
                (_, _) -> new DaneFinding.Published(List.of(RECORD), base, "at the end of an alias"),
                sts("none"));
        assertThat(decide(policy, new Target.MailDomain(DOMAIN, 25), TlsWish.USUAL, true))
                .isInstanceOfSatisfying(
                        HopDecision.Use.class,
                        use -> assertThat(use.requirement())
                                .isEqualTo(
                                        new TlsRequirement.Dane(List.of(RECORD), List.of(base, HOST, DOMAIN), base)));
    }
}
