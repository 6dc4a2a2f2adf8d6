package dev.postern.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Identity;
import dev.postern.crypto.TestCertificate;
import dev.postern.dns.DomainName;
import dev.postern.route.Route;
import dev.postern.route.SmarthostSettings;
import dev.postern.smtp.Handling;
import dev.postern.smtp.Host;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Recipient;
import dev.postern.smtpclient.FakeServer;
import dev.postern.smtpclient.LoopbackServer;
import dev.postern.tls.CertificateCheck;
import dev.postern.tls.ClientTls;
import dev.postern.tls.ShowingServer;
import dev.postern.tls.TlsProvider;
import dev.postern.tls.TlsVersion;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.dane.DaneFinding;
import dev.postern.tlspolicy.dane.DaneSource;
import dev.postern.tlspolicy.hops.DestinationPolicies;
import dev.postern.tlspolicy.hops.HopPolicy;
import dev.postern.tlspolicy.mtasts.StsFinding;
import dev.postern.tlspolicy.mtasts.StsPolicy;
import dev.postern.tlspolicy.mtasts.StsSource;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What was decided for a host, done: hosts that are passed over, sessions that are kept, and what is told of both.
class HopEnforcementTest {
    private static final String ZONE = """
            $ORIGIN example.
            @    MX 10 a
            @    MX 20 b
            a    A  192.0.2.1
            a    A  192.0.2.11
            b    A  192.0.2.2
            smart A 192.0.2.25
            """;

    private static final TestCertificate ROOT = TestCertificate.named("CN=root")
            .authority()
            .valid(Mail.ARRIVED.minus(Duration.ofDays(1)), Mail.ARRIVED.plus(Duration.ofDays(1)))
            .bySelf();

    private final List<LoopbackServer> listening = new ArrayList<>();
    private final Map<String, Endpoint.Inet> endpoints = new HashMap<>();
    private final List<String> tried = new CopyOnWriteArrayList<>();
    private final List<TlsTrial> trials = new CopyOnWriteArrayList<>();
    private final AtomicReference<StsFinding> sts = new AtomicReference<>(new StsFinding.NoPolicy("none"));
    private final Internet internet = new Internet(ZONE);
    private DaneSource dane = DaneSource.none();
    private TlsProvider provider = TlsProvider.jsse();
    private ClientTls.Manner manner = ClientTls.Manner.usual();

    @AfterEach
    void close() throws IOException {
        for (LoopbackServer server : listening) {
            server.close();
        }
    }

    private static TestCertificate certificate(String name) {
        return TestCertificate.named("CN=x")
                .dns(name)
                .valid(Mail.ARRIVED.minus(Duration.ofDays(1)), Mail.ARRIVED.plus(Duration.ofDays(1)))
                .by(ROOT);
    }

    private static Identity identity(TestCertificate certificate) {
        return new Identity(certificate.pair().getPrivate(), List.of(certificate.certificate()));
    }

    private void serve(String address, String name) throws IOException {
        serve(address, TlsProvider.jsse(), identity(certificate(name)), "TLSv1.2", "TLSv1.3");
    }

    private void serve(String address, TlsProvider by, Identity identity, String... protocols) throws IOException {
        FakeServer.Behaviour behaviour = FakeServer.Behaviour.offering("STARTTLS", "REQUIRETLS")
                .encrypting(ShowingServer.upgrade(by, identity, protocols));
        LoopbackServer server = new LoopbackServer(connection -> new FakeServer(behaviour).serve(connection));
        listening.add(server);
        endpoints.put(address, server.endpoint());
    }

    private Transport.Carriage open() throws IOException {
        ClientTls tls = new ClientTls(provider, List.of(ROOT.certificate())).in(manner);
        HopPolicy policy = new HopPolicy(
                HopPolicy.Usual.PUBLISHED,
                DestinationPolicies.none(),
                (host, port) -> dane.of(host, port),
                _ -> sts.get());
        Encrypting encrypting = new Encrypting(policy, _ -> tls, _ -> CertificateCheck.none(), trials::add);
        return internet.transport(SessionBounds.standard(), PlacedServers.at(endpoints, tried), encrypting)
                .open();
    }

    private static Mail mail() {
        return Mail.saying("Subject: x\r\n\r\nhello\r\n")
                .to(
                        Recipient.of(Mail.mailbox("r@example")),
                        new Route.Mx(new Host.Domain(DomainName.of("example")), 25, false, Optional.empty()));
    }

    private static String carry(Transport.Carriage carriage, Mail mail) {
        return SmtpTransportTest.words(carriage.carry(mail.consignment()).getFirst());
    }

    private void enforce(String host) {
        sts.set(new StsFinding.InForce(
                new StsPolicy(StsPolicy.Mode.ENFORCE, List.of(host), Duration.ofDays(1)), "fetched"));
    }

    private List<TransportEvent.HostPassedOver> passedOver() {
        return internet.events().stream()
                .filter(TransportEvent.HostPassedOver.class::isInstance)
                .map(TransportEvent.HostPassedOver.class::cast)
                .toList();
    }

    @Test
    void aHostThatThePolicyDoesNotNameIsPassedOverAndToldOnce() throws IOException {
        serve("192.0.2.1:25", "a.example");
        serve("192.0.2.2:25", "b.example");
        enforce("b.example");
        try (Transport.Carriage carriage = open()) {
            assertThat(carry(carriage, mail())).isEqualTo("delivered by b.example");
        }
        assertThat(tried).containsExactly("192.0.2.2:25");
        assertThat(passedOver()).singleElement().satisfies(event -> {
            assertThat(event.host()).isEqualTo("a.example");
            assertThat(event.status()).hasToString("4.7.5");
            assertThat(event.because())
                    .isEqualTo("DANE a.example: DNSSEC does not vouch for it being an exchanger of the domain;"
                            + " MTA-STS example: fetched; TLS a.example: passed over");
        });
        assertThat(trials).hasSize(2);
        assertThat(trials.getFirst().host()).contains(DomainName.of("a.example"));
        assertThat(trials.getFirst().addresses().host()).isEmpty();
        assertThat(trials.getLast().outcome()).isEqualTo(new TlsTrial.Outcome.Success());
    }

    @Test
    void whereEveryHostIsPassedOverMailWaitsUnlessItsSenderSaysThatTlsIsNotRequired() throws IOException {
        serve("192.0.2.1:25", "a.example");
        enforce("other.example");
        try (Transport.Carriage carriage = open()) {
            assertThat(carry(carriage, mail())).isEqualTo("deferred 4.7.5 DOMAIN");
            assertThat(tried).isEmpty();
            assertThat(carry(carriage, mail().asking(required()))).isEqualTo("deferred 4.7.5 DOMAIN");
            assertThat(carry(carriage, mail().tlsOptional().asking(required())))
                    .as("REQUIRETLS goes before TLS-Required: No")
                    .isEqualTo("deferred 4.7.5 DOMAIN");
            assertThat(tried).isEmpty();
            assertThat(carry(carriage, mail().tlsOptional())).isEqualTo("delivered by a.example");
        }
    }

    @Test
    void aSessionForAReportOfOursOnTlsIsNotItselfReported() throws IOException {
        serve("192.0.2.1:25", "a.example");
        try (Transport.Carriage carriage = open()) {
            assertThat(carry(carriage, mail().tlsOptional())).isEqualTo("delivered by a.example");
        }
        enforce("other.example");
        try (Transport.Carriage carriage = open()) {
            assertThat(carry(carriage, mail().tlsOptional())).isEqualTo("delivered by a.example");
        }
        assertThat(trials).isEmpty();
        try (Transport.Carriage carriage = open()) {
            assertThat(carry(carriage, mail())).isEqualTo("deferred 4.7.5 DOMAIN");
        }
        assertThat(trials).isNotEmpty();
    }

    private static MailParameters required() {
        return MailParameters.none().withHandling(Handling.usual().requiringTls(true));
    }

    @Test
    void whereNobodyKnowsOfDaneMailWaits() throws IOException {
        Internet signed = new Internet("$AUTHENTIC yes\n" + ZONE);
        ClientTls tls = new ClientTls(provider, List.of());
        HopPolicy policy = new HopPolicy(
                HopPolicy.Usual.PUBLISHED,
                DestinationPolicies.none(),
                (_, _) -> new DaneFinding.Unknown("SERVFAIL"),
                StsSource.none());
        Encrypting encrypting = new Encrypting(policy, _ -> tls, _ -> CertificateCheck.none(), trials::add);
        try (Transport.Carriage carriage = signed.transport(
                        SessionBounds.standard(), PlacedServers.at(endpoints, tried), encrypting)
                .open()) {
            assertThat(carry(carriage, mail())).isEqualTo("deferred 4.7.5 DOMAIN");
        }
        assertThat(tried).isEmpty();
        assertThat(trials)
                .hasSize(2)
                .allSatisfy(trial -> assertThat(trial.outcome())
                        .isInstanceOfSatisfying(
                                TlsTrial.Outcome.Failure.class,
                                failure -> assertThat(failure.result()).isEqualTo(TlsTrial.Result.DNSSEC_INVALID)));
    }

    @ParameterizedTest
    @MethodSource("dev.postern.tls.Providers#all")
    void aKeptSessionServesWhatItSatisfiesAndNothingElse(TlsProvider by) throws IOException {
        provider = by;
        serve("192.0.2.1:25", "a.example");
        try (Transport.Carriage carriage = open()) {
            assertThat(carry(carriage, mail())).isEqualTo("delivered by a.example");
            assertThat(carry(carriage, mail())).isEqualTo("delivered by a.example");
            assertThat(tried).hasSize(1);
            enforce("a.example");
            assertThat(carry(carriage, mail()))
                    .as("its certificate is good enough")
                    .isEqualTo("delivered by a.example");
            assertThat(tried).hasSize(1);
            assertThat(carry(carriage, mail().asking(required())))
                    .as("it was not opened as a proven one")
                    .isEqualTo("delivered by a.example");
            assertThat(tried).hasSize(2);
            assertThat(carry(carriage, mail())).isEqualTo("delivered by a.example");
            assertThat(tried).hasSize(2);
            enforce("b.example");
            assertThat(carry(carriage, mail())).isEqualTo("deferred 4.4.1 NEXT_HOP");
            assertThat(tried).endsWith("192.0.2.2:25").hasSize(3);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.postern.tls.Providers#all")
    void aKeptSessionWithABadCertificateIsLeftOnceAPolicyIsThere(TlsProvider by) throws IOException {
        provider = by;
        serve("192.0.2.1:25", "other.example");
        try (Transport.Carriage carriage = open()) {
            assertThat(carry(carriage, mail())).isEqualTo("delivered by a.example");
            enforce("a.example");
            assertThat(carry(carriage, mail())).isEqualTo("deferred 4.7.5 DOMAIN");
        }
    }

    @Test
    void aServerOfTls10IsSpokenToWhereThatIsAskedForOnly() throws IOException {
        provider = TlsProvider.conscrypt().orElseThrow();
        enforce("a.example");
        serve("192.0.2.1:25", provider.withOldVersions().orElseThrow(), identity(certificate("a.example")), "TLSv1");
        try (Transport.Carriage carriage = open()) {
            assertThat(carry(carriage, mail())).isEqualTo("deferred 4.7.5 DOMAIN");
        }
        manner = new ClientTls.Manner(TlsVersion.TLS_1_0, Optional.empty());
        try (Transport.Carriage carriage = open()) {
            assertThat(carriage.carry(mail().consignment()).getFirst())
                    .isInstanceOfSatisfying(
                            DeliveryOutcome.Delivered.class,
                            delivered -> assertThat(delivered
                                            .remote()
                                            .orElseThrow()
                                            .security()
                                            .encryption()
                                            .tls())
                                    .startsWith("TLSv1 "));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.postern.tls.Providers#all")
    void howItWasProtectedAndWhyIsToldWithTheOutcome(TlsProvider by) throws IOException {
        provider = by;
        serve("192.0.2.1:25", "a.example");
        enforce("a.example");
        try (Transport.Carriage carriage = open()) {
            DeliveryOutcome.Delivered delivered = (DeliveryOutcome.Delivered)
                    carriage.carry(mail().consignment()).getFirst();
            Map<String, String> told =
                    delivered.remote().orElseThrow().security().inputs();
            assertThat(told)
                    .containsEntry("tls-demand", "verify a.example by mta-sts")
                    .containsEntry(
                            "tls-why",
                            "DANE a.example: DNSSEC does not vouch for it being an exchanger of the domain;"
                                    + " MTA-STS example: fetched; TLS a.example: verify a.example by mta-sts")
                    .containsEntry("certificate", "a.example")
                    .containsEntry("proof", "proven pkix a.example");
            assertThat(told.get("tls")).startsWith("TLSv1.3 TLS_");
            if (by.provider().isPresent()) {
                assertThat(told.get("tls-group")).startsWith("X25519");
            } else {
                assertThat(told).doesNotContainKey("tls-group");
            }
        }
    }

    private static Mail mailWithFallback(SmarthostSettings.Tls tls) {
        SmarthostSettings smarthost = new SmarthostSettings(
                "smart", new Host.Domain(DomainName.of("smart.example")), 587, tls, Optional.empty());
        return Mail.saying("Subject: x\r\n\r\nhello\r\n")
                .to(
                        Recipient.of(Mail.mailbox("r@example")),
                        new Route.Mx(
                                new Host.Domain(DomainName.of("example")),
                                25,
                                false,
                                Optional.of(new Route.Smarthost(smarthost))));
    }

    @Test
    void aFallbackIsNoWayAroundWhatADomainDemands() throws IOException {
        serve("192.0.2.25:587", "smart.example");
        enforce("a.example");
        try (Transport.Carriage carriage = open()) {
            assertThat(carry(carriage, mailWithFallback(SmarthostSettings.Tls.OPPORTUNISTIC)))
                    .isEqualTo("deferred 4.7.5 DOMAIN");
            assertThat(tried).as("it could go in the clear").doesNotContain("192.0.2.25:587");
            assertThat(passedOver()).last().satisfies(event -> {
                assertThat(event.host()).isEqualTo("smart.example");
                assertThat(event.why())
                        .isEqualTo("smart.example is no way around the exchangers: they demand a proven server, and it"
                                + " is not bound to that");
            });
            assertThat(carry(carriage, mailWithFallback(SmarthostSettings.Tls.STARTTLS)))
                    .as("it has to prove itself")
                    .isEqualTo("delivered by smart.example");
        }
    }

    @Test
    void aFallbackServesWhereNothingIsDemandedAndNoLongerOnceAPolicyIsThere() throws IOException {
        serve("192.0.2.25:587", "smart.example");
        try (Transport.Carriage carriage = open()) {
            assertThat(carry(carriage, mailWithFallback(SmarthostSettings.Tls.OPPORTUNISTIC)))
                    .isEqualTo("delivered by smart.example");
            int before = tried.size();
            assertThat(carry(carriage, mailWithFallback(SmarthostSettings.Tls.OPPORTUNISTIC)))
                    .isEqualTo("delivered by smart.example");
            assertThat(tried).as("the session is kept").hasSize(before);
            enforce("a.example");
            assertThat(carry(carriage, mailWithFallback(SmarthostSettings.Tls.OPPORTUNISTIC)))
                    .startsWith("deferred");
            assertThat(carry(
                            carriage,
                            mailWithFallback(SmarthostSettings.Tls.OPPORTUNISTIC)
                                    .tlsOptional()))
                    .as("TLS-Required: No")
                    .isEqualTo("delivered by smart.example");
        }
    }
}
