package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Identity;
import dev.postern.crypto.SelfSigned;
import dev.postern.crypto.Sha256;
import dev.postern.dns.DomainName;
import dev.postern.dns.Resolver;
import dev.postern.dns.ZoneResolver;
import dev.postern.event.Events;
import dev.postern.route.ExchangerSettings;
import dev.postern.route.MailExchangers;
import dev.postern.smtp.Host;
import dev.postern.smtpclient.ClientSettings;
import dev.postern.smtpclient.FakeServer;
import dev.postern.smtpclient.LoopbackServer;
import dev.postern.smtpclient.SessionOpener;
import dev.postern.smtpclient.SocketConnector;
import dev.postern.tls.ClientTls;
import dev.postern.tls.ServerTls;
import dev.postern.tls.TlsProvider;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.mtasts.StsFinding;
import dev.postern.tlspolicy.mtasts.StsPolicy;
import dev.postern.tlspolicy.mtasts.StsSource;
import dev.postern.wire.ConnectionWatch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `postern tls` tells, to the letter, of servers on loopback.
class TlsSurveyTest {
    private static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");

    private Identity identity;
    private FakeServer.Behaviour behaviour;
    private LoopbackServer server;

    @BeforeEach
    void start() throws IOException {
        identity = SelfSigned.make(List.of("mx.example"), NOON, Duration.ofDays(90), Optional.empty())
                .identity();
        behaviour = FakeServer.Behaviour.offering("STARTTLS", "PIPELINING")
                .encrypting(new ServerTls(TlsProvider.conscrypt().orElseThrow(), identity).upgrade());
        server = new LoopbackServer(connection -> new FakeServer(behaviour).serve(connection));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private String key() throws Exception {
        return Sha256.hex(identity.chain().getFirst().getPublicKey().getEncoded());
    }

    private Resolver zone() throws Exception {
        String tlsa = "_" + server.endpoint().port() + "._tcp.";
        return ZoneResolver.of("$ORIGIN example.\n"
                + "plain   MX 10 mx.plain\nmx.plain A 127.0.0.1\n"
                + "policy  MX 10 mx\npolicy MX 20 other\nother A 127.0.0.2\nnone MX 0 .\n"
                + "mx      A 127.0.0.1\n"
                + "$AUTHENTIC yes\n"
                + "signed  MX 10 mx.signed\nmx.signed A 127.0.0.1\n"
                + tlsa + "mx.signed TLSA 3 1 1 " + key() + "\n"
                + tlsa + "mx.signed TLSA 1 1 1 " + "00".repeat(32) + "\n"
                + "changed MX 10 mx.changed\nmx.changed A 127.0.0.1\n"
                + tlsa + "mx.changed TLSA 3 1 1 " + "ab".repeat(32) + "\n");
    }

    private static StsFinding policy(DomainName domain) {
        return domain.equals(DomainName.of("policy.example"))
                ? new StsFinding.InForce(
                        new StsPolicy(StsPolicy.Mode.ENFORCE, List.of("mx.example"), Duration.ofDays(7)), "fetched now")
                : new StsFinding.NoPolicy("there is no record");
    }

    private TlsSurvey survey(boolean requireTls, boolean connect, boolean trusting) throws Exception {
        StsSource sts = TlsSurveyTest::policy;
        InstantSource clock = InstantSource.fixed(NOON);
        Resolver zone = zone();
        return new TlsSurvey(
                new MailExchangers(
                        zone, ExchangerSettings.usual(Set.of(), Set.of()).withNotPublic(), new Random(1)),
                new TlsSurvey.Ground(
                        OutboundTls.Sources.of(zone, clock, sts, TlsTrial.Observer.none()),
                        new ClientTls(TlsProvider.conscrypt().orElseThrow(), trusting ? identity.chain() : List.of()),
                        new SessionOpener(
                                new SocketConnector(ConnectionWatch.occasional(), Optional.empty(), Optional.empty()),
                                ClientSettings.standard("client.example"),
                                Events.none()),
                        clock),
                new TlsSurvey.Wanted(server.endpoint().port(), requireTls, connect));
    }

    /// What is told, with what differs from run to run left out.
    private String told(TlsFindings findings) throws Exception {
        return new TlsReport(findings)
                .text()
                .replace(key(), "KEY")
                .replace(Integer.toString(server.endpoint().port()), "PORT");
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                TlsSurveyTest.class.getResourceAsStream("/dev/postern/app/tls/" + name + ".txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
        }
    }

    @ParameterizedTest
    @CsvSource({"signed, false", "changed, false", "policy, true", "plain, false", "none, false"})
    void isToldToTheLetter(String domain, boolean trusting) throws Exception {
        TlsFindings findings = survey(false, true, trusting).of(DomainName.of(domain + ".example"));
        assertThat(told(findings)).isEqualTo(golden(domain));
    }

    @Test
    void oneHostIsTheNextHop() throws Exception {
        TlsFindings findings = survey(false, true, false).of(new Host.Domain(DomainName.of("mx.signed.example")));
        assertThat(told(findings)).isEqualTo(golden("host"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            signed  | false | false | DELIVERED | proven dane-ee
            signed  | true  | false | RETURNED  | does not promise REQUIRETLS
            changed | false | false | DEFERRED  | no-tlsa-match
            policy  | false | true  | DELIVERED | proven pkix mx.example
            policy  | false | false | DEFERRED  | not-trusted
            plain   | false | false | DELIVERED | without any proof
            plain   | true  | false | RETURNED  | passed over
            none    | false | false | RETURNED  | null MX
            absent  | false | false | RETURNED  | does not exist
            """)
    void whatWouldBecomeOfMail(
            String domain, boolean requireTls, boolean trusting, TlsFindings.Result result, String words)
            throws Exception {
        TlsFindings findings = survey(requireTls, true, trusting).of(DomainName.of(domain + ".example"));
        assertThat(findings.outcome().result()).isEqualTo(result);
        assertThat(findings.outcome().sentence()).contains(words);
        assertThat(new TlsReport(findings).data())
                .containsEntry("result", result.name().toLowerCase(Locale.ROOT));
    }

    @Test
    void whoIsNotAskedIsNotJudged() throws Exception {
        TlsFindings findings = survey(false, false, false).of(DomainName.of("signed.example"));
        assertThat(findings.outcome().result()).isEqualTo(TlsFindings.Result.NOT_TRIED);
        assertThat(findings.hosts())
                .singleElement()
                .satisfies(host -> assertThat(host.contact()).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "signed, 454, DEFERRED, is not used: it does not offer STARTTLS",
        "plain,  454, DELIVERED, gets it in the clear",
    })
    void serverThatRefusesStartTls(String domain, int reply, TlsFindings.Result result, String words) throws Exception {
        behaviour = behaviour.answeringStartTls(reply);
        TlsFindings findings = survey(false, true, false).of(DomainName.of(domain + ".example"));
        assertThat(findings.outcome().result()).isEqualTo(result);
        assertThat(findings.outcome().sentence()).contains(words);
    }
}
