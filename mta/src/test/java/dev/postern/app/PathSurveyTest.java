package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.dns.ZoneResolver;
import dev.postern.policy.SecurePath;
import dev.postern.route.ExchangerSettings;
import dev.postern.route.MailExchangers;
import dev.postern.route.Route;
import dev.postern.route.SmarthostSettings;
import dev.postern.smtp.Host;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.dane.DaneFinding;
import dev.postern.tlspolicy.dane.DaneSource;
import dev.postern.tlspolicy.hops.DestinationPolicies;
import dev.postern.tlspolicy.hops.HopPolicy;
import dev.postern.tlspolicy.mtasts.StsFinding;
import dev.postern.tlspolicy.mtasts.StsPolicy;
import dev.postern.tlspolicy.mtasts.StsSource;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathSurveyTest {
    private static final String ZONE = """
            $ORIGIN example.
            plain    MX 10 mx.plain
            mx.plain A  192.0.2.1
            policy   MX 10 mx.policy
            mx.policy A 192.0.2.2
            other    MX 10 mx.other
            mx.other A  192.0.2.3
            broken   MX 10 mx.plain
            none     MX 0 .
            $AUTHENTIC yes
            signed   MX 10 mx.signed
            mx.signed A 192.0.2.4
            shaky    MX 10 mx.shaky
            mx.shaky A  192.0.2.5
            half     MX 10 mx.shaky
            half     MX 20 mx.signed
            """;

    private static StsFinding sts(DomainName domain) {
        return switch (domain.text()) {
            case "policy.example" ->
                new StsFinding.InForce(
                        new StsPolicy(StsPolicy.Mode.ENFORCE, List.of("mx.policy.example"), Duration.ofDays(1)), "1");
            case "other.example" ->
                new StsFinding.InForce(
                        new StsPolicy(StsPolicy.Mode.ENFORCE, List.of("elsewhere.example"), Duration.ofDays(1)), "1");
            case "broken.example" ->
                new StsFinding.Unavailable(TlsTrial.Result.STS_POLICY_FETCH_ERROR, "the server of the policy is away");
            default -> new StsFinding.NoPolicy("there is no record");
        };
    }

    private static DaneFinding dane(DomainName host, int port) {
        return host.text().contains("shaky")
                ? new DaneFinding.Unknown("SERVFAIL")
                : new DaneFinding.NotPublished("there is no record");
    }

    private static PathSurvey survey(Resolver resolver, StsSource sts, java.util.concurrent.Executor threads) {
        DaneSource dane = PathSurveyTest::dane;
        return new PathSurvey(
                new MailExchangers(
                        resolver, ExchangerSettings.usual(Set.of(), Set.of()).withNotPublic(), new Random(1)),
                new HopPolicy(HopPolicy.Usual.PUBLISHED, DestinationPolicies.none(), dane, sts),
                threads);
    }

    private static String words(SecurePath.Finding finding) {
        return switch (finding) {
            case SecurePath.Finding.Open _ -> "open";
            case SecurePath.Finding.Closed closed -> closed.status().toString();
            case SecurePath.Finding.Unknown unknown -> unknown.status().toString();
        };
    }

    private static Route to(String domain) {
        return new Route.Mx(new Host.Domain(DomainName.of(domain)), 25, false, Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "plain.example,  5.7.10",
        "policy.example, open",
        "other.example,  4.7.5",
        "broken.example, 5.7.10",
        "none.example,   open",
        "absent.example, open",
        "signed.example, open",
        "shaky.example,  4.7.5",
        "half.example,   open",
    })
    void whatCanBeSaidBeforehand(String domain, String words) {
        PathSurvey survey = survey(ZoneResolver.of(ZONE), PathSurveyTest::sts, Runnable::run);
        SecurePath.Finding finding = survey.along(to(domain));
        assertThat(words(finding)).isEqualTo(words);
        assertThat(finding.inputs().keySet()).anyMatch(key -> key.startsWith("MX "));
    }

    @Test
    void addressesProveNothingAndGivenHostsDo() {
        PathSurvey survey = survey(ZoneResolver.of(ZONE), PathSurveyTest::sts, Runnable::run);
        Host literal = new Host.AddressLiteral(InetAddress.ofLiteral("192.0.2.1"));
        Host smart = new Host.Domain(DomainName.of("mx.plain.example"));
        assertThat(words(survey.along(new Route.Smarthost(
                        new SmarthostSettings("smart", smart, 25, SmarthostSettings.Tls.STARTTLS, Optional.empty())))))
                .isEqualTo("open");
        assertThat(words(survey.along(new Route.Mx(literal, 25, false, Optional.empty()))))
                .isEqualTo("open");
    }

    @Test
    void whileDnsIsDownNobodyKnows() {
        Resolver down = new Resolver() {
            @Override
            public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
                return new DnsAnswer.Failed<>("nobody answers");
            }
        };
        assertThat(words(survey(down, PathSurveyTest::sts, Runnable::run).along(to("plain.example"))))
                .isEqualTo("4.4.3");
    }

    /// What never ends is not waited for, and does not take more than its share of threads.
    @Test
    void soManyAreLookedAtAtOnce() {
        List<Runnable> waiting = new ArrayList<>();
        PathSurvey survey = survey(ZoneResolver.of(ZONE), PathSurveyTest::sts, waiting::add);
        Thread.currentThread().interrupt(); // so that nothing is waited for
        for (int i = 0; i < 60; i++) {
            assertThat(words(survey.along(to("plain.example")))).isEqualTo("4.7.5");
        }
        assertThat(Thread.interrupted()).isTrue();
        assertThat(waiting).hasSize(50);
        waiting.forEach(Runnable::run);
        Thread.currentThread().interrupt();
        survey.along(to("plain.example"));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(waiting).as("there is room again").hasSize(51);
    }
}
