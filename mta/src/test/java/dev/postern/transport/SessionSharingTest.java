package dev.postern.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Identity;
import dev.postern.crypto.Sha256;
import dev.postern.crypto.TestCertificate;
import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.dns.TlsaRecord;
import dev.postern.dns.ZoneResolver;
import dev.postern.route.ExchangerSettings;
import dev.postern.route.MailExchangers;
import dev.postern.route.Route;
import dev.postern.route.Sites;
import dev.postern.route.SmarthostSettings;
import dev.postern.smtp.Handling;
import dev.postern.smtp.Host;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Recipient;
import dev.postern.smtpclient.FakeServer;
import dev.postern.smtpclient.LoopbackServer;
import dev.postern.smtpclient.SessionOpener;
import dev.postern.tls.ClientTls;
import dev.postern.tls.ShowingServer;
import dev.postern.tls.TlsProvider;
import dev.postern.tls.TlsVersion;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.dane.DaneFinding;
import dev.postern.tlspolicy.dane.DaneVerifier;
import dev.postern.tlspolicy.hops.DestinationPolicy;
import dev.postern.tlspolicy.hops.DestinationPolicy.Level;
import dev.postern.tlspolicy.hops.HopPolicy;
import dev.postern.tlspolicy.mtasts.StsFinding;
import dev.postern.tlspolicy.mtasts.StsPolicy;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/// Which session may carry mail of which other domain, by the table of `session-sharing.csv`, whose columns are the
/// demands
/// of the domain for which the session is opened, those of the next, the wish of its sender, and what is done.
class SessionSharingTest {
    private static final String ZONE = """
            $ORIGIN example.
            first   MX 10 mx
            second  MX 7 mx
            moved   MX 10 mx
            moved   MX 20 other
            mx      A 192.0.2.1
            other   A 192.0.2.2
            $AUTHENTIC yes
            signed-first  MX 10 mx
            signed-second MX 10 mx
            """;

    private static final TestCertificate ROOT = TestCertificate.named("CN=root")
            .authority()
            .valid(Mail.ARRIVED.minus(Duration.ofDays(1)), Mail.ARRIVED.plus(Duration.ofDays(1)))
            .bySelf();

    private final TestCertificate certificate = TestCertificate.named("CN=x")
            .dns("mx.example")
            .valid(Mail.ARRIVED.minus(Duration.ofDays(1)), Mail.ARRIVED.plus(Duration.ofDays(1)))
            .by(ROOT);

    private String zone = ZONE;
    private final Internet internet = new Internet(ZONE);
    private final Resolver resolver = new Resolver() {
        @Override
        public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
            return ZoneResolver.of(zone).resolve(name, type);
        }
    };
    private final Sites sites = new Sites(resolver, internet.clock, _ -> "");
    private final Map<String, Endpoint.Inet> endpoints = new HashMap<>();
    private final List<String> tried = new CopyOnWriteArrayList<>();
    private final Map<String, String> demands = new HashMap<>();
    private LoopbackServer server;

    @BeforeEach
    void serve() throws IOException {
        FakeServer.Behaviour behaviour = FakeServer.Behaviour.offering("STARTTLS", "REQUIRETLS")
                .encrypting(ShowingServer.upgrade(
                        TlsProvider.jsse(),
                        new Identity(certificate.pair().getPrivate(), List.of(certificate.certificate())),
                        "TLSv1.2",
                        "TLSv1.3"));
        server = new LoopbackServer(connection -> new FakeServer(behaviour).serve(connection));
        endpoints.put("192.0.2.1:25", server.endpoint());
        endpoints.put("192.0.2.1:26", server.endpoint());
        endpoints.put("192.0.2.2:25", server.endpoint());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private String key() {
        return Sha256.hex(certificate.pair().getPublic().getEncoded());
    }

    /// What the configuration demands of a domain by the words of the table.
    private Optional<DestinationPolicy> configured(DomainName domain) {
        String demand = demands.getOrDefault(domain.text(), "");
        return switch (demand) {
            case "none" -> Optional.of(DestinationPolicy.of("x", Level.NONE));
            case "encrypt" -> Optional.of(DestinationPolicy.of("x", Level.ENCRYPT));
            case "verify" -> Optional.of(DestinationPolicy.of("x", Level.VERIFY));
            case "secure" -> Optional.of(DestinationPolicy.of("x", Level.SECURE));
            case "secure-mx" -> Optional.of(new DestinationPolicy("x", Level.SECURE, List.of("mx.example"), Set.of()));
            case "print" -> Optional.of(new DestinationPolicy("x", Level.FINGERPRINT, List.of(), Set.of(key())));
            case "misprint" ->
                Optional.of(new DestinationPolicy("x", Level.FINGERPRINT, List.of(), Set.of("ab".repeat(32))));
            default -> Optional.empty();
        };
    }

    private StsFinding sts(DomainName domain) {
        return switch (demands.getOrDefault(domain.text(), "")) {
            case "sts" -> policy(StsPolicy.Mode.ENFORCE, "mx.example");
            case "sts-other" -> policy(StsPolicy.Mode.ENFORCE, "other.example");
            case "sts-testing" -> policy(StsPolicy.Mode.TESTING, "mx.example");
            default -> new StsFinding.NoPolicy("none");
        };
    }

    private static StsFinding policy(StsPolicy.Mode mode, String host) {
        return new StsFinding.InForce(new StsPolicy(mode, List.of(host), Duration.ofDays(1)), "fetched");
    }

    /// The host has TLSA records while a domain of the test wants that.
    private DaneFinding dane() {
        String wanted = String.join(" ", demands.values());
        String digest = wanted.contains("dane-wrong") ? "ab".repeat(32) : key();
        DomainName base = DomainName.of(wanted.contains("dane-alias") ? "alias.example" : "mx.example");
        return wanted.contains("dane")
                ? new DaneFinding.Published(List.of(new TlsaRecord(3, 1, 1, digest)), base, "published")
                : new DaneFinding.NotPublished("none");
    }

    private Transport.Carriage open() throws IOException {
        ClientTls tls = new ClientTls(TlsProvider.jsse(), List.of(ROOT.certificate()));
        ClientTls manner = tls.in(new ClientTls.Manner(TlsVersion.TLS_1_2, Optional.empty()));
        DaneVerifier verifier = new DaneVerifier(internet.clock);
        HopPolicy policy = new HopPolicy(HopPolicy.Usual.PUBLISHED, this::configured, (_, _) -> dane(), this::sts);
        Encrypting encrypting = new Encrypting(
                policy,
                domain -> domain.map(DomainName::text)
                                .map(demands::get)
                                .filter("manner"::equals)
                                .isPresent()
                        ? manner
                        : tls,
                wanted -> chain -> verifier.check(wanted, chain),
                TlsTrial.Observer.none());
        MailExchangers exchangers = new MailExchangers(
                        resolver, ExchangerSettings.usual(Set.of(), Set.of()).withNotPublic(), new Random(1))
                .remembering(sites);
        return new SmtpTransport(
                        SessionBounds.standard(),
                        new SessionOpener(
                                PlacedServers.at(endpoints, tried), Internet.client(), internet.events()::add),
                        exchangers,
                        new SmtpTransport.Ground(encrypting, internet.clock, internet.events()::add))
                .open();
    }

    private static Route.Mx route(String domain) {
        return new Route.Mx(new Host.Domain(DomainName.of(domain)), 25, false, Optional.empty());
    }

    private static String carry(Transport.Carriage carriage, Route route, String wish) {
        Mail mail = Mail.saying("Subject: x\r\n\r\nhello\r\n");
        Handling required = Handling.usual().requiringTls(true);
        Mail wished = switch (wish) {
            case "requires" -> mail.asking(MailParameters.none().withHandling(required));
            case "report" -> mail.fromNobody().asking(MailParameters.none().withHandling(required));
            case "not-required" -> mail.tlsOptional();
            default -> mail;
        };
        return SmtpTransportTest.words(carriage.carry(wished.to(Recipient.of(Mail.mailbox("r@domain.example")), route)
                        .consignment())
                .getFirst());
    }

    private List<TransportEvent.SessionReused> reused() {
        return internet.events().stream()
                .filter(TransportEvent.SessionReused.class::isInstance)
                .map(TransportEvent.SessionReused.class::cast)
                .toList();
    }

    /// @param first what the domain demands for which the session is opened; `dane` is one that DNSSEC vouches for
    /// @param second what the next demands
    /// @param wish of the sender to the next
    /// @param done `same` for the same session, `new` for a new one, `none` where none may come about,
    ///     `passed` where not even a connection is tried
    @ParameterizedTest
    @CsvFileSource(resources = "session-sharing.csv", useHeadersInDisplayName = true)
    void aSessionServesAnotherDomainAsTheTableSays(String first, String second, String wish, String done)
            throws IOException {
        String one = first.startsWith("dane") || first.startsWith("signed") ? "signed-first.example" : "first.example";
        String two =
                second.startsWith("dane") || second.startsWith("signed") ? "signed-second.example" : "second.example";
        demands.put(one, first);
        sites.lookUp(route(two));
        try (Transport.Carriage carriage = open()) {
            assertThat(carry(carriage, route(one), "usual")).isEqualTo("delivered by mx.example");
            demands.put(two, second);
            String outcome = carry(carriage, route(two), wish);
            assertThat(outcome.startsWith("delivered")).isEqualTo(done.equals("same") || done.equals("new"));
            boolean same = done.equals("same");
            assertThat(tried.size() == 1)
                    .as("no other connection than the first")
                    .isEqualTo(same || done.equals("passed"));
            if (same) {
                assertThat(reused())
                        .containsExactly(new TransportEvent.SessionReused(
                                "site:mx.example",
                                "mx.example",
                                "mx:" + one,
                                "mx:" + two,
                                reused().getFirst().tlsDemand()));
            } else {
                assertThat(reused()).isEmpty();
            }
        }
    }

    @Test
    void whatIsToldOfAMessageIsWhatItsOwnDomainDemandsAndWhatWasProvenForIt() throws IOException {
        sites.lookUp(route("signed-second.example"));
        try (Transport.Carriage carriage = open()) {
            carry(carriage, route("first.example"), "usual");
            demands.put("signed-second.example", "dane");
            DeliveryOutcome.Delivered delivered = (DeliveryOutcome.Delivered) carriage.carry(Mail.saying(
                                    "Subject: x\r\n\r\nhello\r\n")
                            .to(Recipient.of(Mail.mailbox("r@signed-second.example")), route("signed-second.example"))
                            .consignment())
                    .getFirst();
            assertThat(tried).hasSize(1);
            assertThat(delivered.remote().orElseThrow().security().inputs())
                    .containsEntry("tls-demand", "dane 3 1 1 at mx.example")
                    .containsEntry("proof", "proven dane-ee 3 1 1");
            carry(carriage, route("first.example"), "usual");
            assertThat(tried).as("the first domain goes on in its session").hasSize(1);
        }
    }

    @Test
    void domainsWithOtherExchangersOrOtherWaysHaveOtherSessions() throws IOException {
        List<Route> others = List.of(
                route("moved.example"),
                new Route.Mx(new Host.Domain(DomainName.of("second.example")), 26, false, Optional.empty()),
                new Route.Mx(new Host.Domain(DomainName.of("second.example")), 25, true, Optional.empty()),
                new Route.Smarthost(new SmarthostSettings(
                        "smart",
                        new Host.Domain(DomainName.of("mx.example")),
                        25,
                        SmarthostSettings.Tls.OPPORTUNISTIC,
                        Optional.empty())));
        for (Route other : others) {
            sites.lookUp(other);
            tried.clear();
            try (Transport.Carriage carriage = open()) {
                carry(carriage, route("first.example"), "usual");
                assertThat(carry(carriage, other, "usual")).isEqualTo("delivered by mx.example");
                assertThat(tried).as(other.lane()).hasSize(2);
            }
        }
        assertThat(reused()).isEmpty();
    }

    @Test
    void aDomainWhoseExchangersAreNoLongerKnownOrThatIsSetApartHasItsOwnSession() throws IOException {
        sites.lookUp(route("second.example"));
        try (Transport.Carriage carriage = open()) {
            carry(carriage, route("first.example"), "usual");
            internet.clock.advance(Duration.ofHours(2));
            carry(carriage, route("second.example"), "usual");
            assertThat(tried).hasSize(2);
        }
        tried.clear();
        try (Transport.Carriage carriage = open()) {
            carry(carriage, route("first.example"), "usual");
            sites.setApart(route("second.example"));
            carry(carriage, route("second.example"), "usual");
            assertThat(tried).hasSize(2);
        }
        assertThat(reused()).isEmpty();
    }

    @Test
    void aSessionThatWasOpenedForTheExchangersOfBeforeServesNobodyElse() throws IOException {
        try (Transport.Carriage carriage = open()) {
            carry(carriage, route("first.example"), "usual");
            zone = ZONE.replace("first   MX", "first   MX 5 other\nfirst   MX")
                    .replace("second  MX 7 mx", "second  MX 5 other\nsecond  MX 7 mx");
            internet.clock.advance(Duration.ofHours(2));
            sites.lookUp(route("first.example"));
            sites.lookUp(route("second.example"));
            assertThat(carry(carriage, route("second.example"), "usual")).isEqualTo("delivered by other.example");
            assertThat(tried).hasSize(2);
        }
        assertThat(reused()).isEmpty();
    }
}
