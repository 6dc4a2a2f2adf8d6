package dev.postern.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Identity;
import dev.postern.crypto.SelfSigned;
import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.route.Route;
import dev.postern.route.SmarthostSettings;
import dev.postern.smtp.Handling;
import dev.postern.smtp.Host;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Recipient;
import dev.postern.smtpclient.FakeServer;
import dev.postern.smtpclient.LoopbackServer;
import dev.postern.tls.ClientTls;
import dev.postern.tls.ServerTls;
import dev.postern.tls.TlsProvider;
import dev.postern.tlspolicy.hops.HopPolicy;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Mail that must travel under TLS all the way, at its next hop (RFC 8689 §4.2.1, §5), over loopback and real TLS.
@ParameterizedClass(name = "{0}")
@MethodSource("dev.postern.tls.Providers#all")
class ProtectionTest {
    private static final String ZONE = """
            $ORIGIN example.
            a      A  192.0.2.1
            b      A  192.0.2.2
            smart  A  192.0.2.25
            open   MX 10 a
            $AUTHENTIC yes
            proven MX 10 a
            two    MX 10 a
            two    MX 20 b
            bare   A  192.0.2.1
            """;

    private final List<LoopbackServer> listening = new ArrayList<>();
    private final Map<String, Endpoint.Inet> endpoints = new HashMap<>();
    private final List<String> tried = new ArrayList<>();
    private final Identity good = identity("a.example", "b.example", "smart.example", "bare.example");
    private final Identity other = identity("other.example");
    private final TlsProvider provider;
    private HopPolicy policy = HopPolicy.opportunistic();

    ProtectionTest(TlsProvider provider) {
        this.provider = provider;
    }

    private static Identity identity(String... names) {
        try {
            return SelfSigned.make(List.of(names), Mail.ARRIVED, Duration.ofDays(1), Optional.empty())
                    .identity();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        for (LoopbackServer server : listening) {
            server.close();
        }
    }

    /// Puts servers at an address, one for each connection.
    ///
    /// @return those that had a connection
    private List<FakeServer> at(String address, Identity identity, String... offered) throws IOException {
        FakeServer.Behaviour behaviour =
                FakeServer.Behaviour.offering(offered).encrypting(new ServerTls(provider, identity).upgrade());
        List<FakeServer> servers = new CopyOnWriteArrayList<>();
        LoopbackServer server = new LoopbackServer(connection -> {
            FakeServer next = new FakeServer(behaviour);
            servers.add(next);
            next.serve(connection);
        });
        listening.add(server);
        endpoints.put(address, server.endpoint());
        return servers;
    }

    private Transport transport() {
        try {
            ClientTls trust = new ClientTls(provider, good.chain());
            return new Internet(ZONE)
                    .transport(
                            SessionBounds.standard(),
                            PlacedServers.at(endpoints, tried),
                            Internet.encrypting(policy, trust));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Route to(String domain) {
        Host host = domain.startsWith("[")
                ? new Host.AddressLiteral(
                        IpText.ip(domain.substring(1, domain.length() - 1)).orElseThrow())
                : new Host.Domain(DomainName.of(domain));
        return new Route.Mx(host, 25, false, Optional.empty());
    }

    private static Route smart(SmarthostSettings.Tls tls) {
        return new Route.Smarthost(new SmarthostSettings(
                "smart", new Host.Domain(DomainName.of("smart.example")), 25, tls, Optional.empty()));
    }

    private static Mail mail(boolean required) {
        return Mail.saying("Subject: x\r\n\r\nhello\r\n")
                .asking(MailParameters.none().withHandling(Handling.usual().requiringTls(required)));
    }

    private static Consignment secret(Route route) {
        return mail(true).to(Recipient.of(Mail.mailbox("r@example.net")), route).consignment();
    }

    private String carry(Consignment consignment) {
        try (Transport.Carriage carriage = transport().open()) {
            return SmtpTransportTest.words(carriage.carry(consignment).getFirst());
        }
    }

    private static List<String> mails(List<FakeServer> servers) {
        return servers.stream()
                .flatMap(server -> server.commands().stream())
                .filter(command -> command.startsWith("MAIL"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "STARTTLS REQUIRETLS, good, delivered by smart.example",
        "STARTTLS, good, failed 5.7.30",
        "REQUIRETLS, good, failed 5.7.10",
        "x, good, failed 5.7.10",
        "STARTTLS REQUIRETLS, other, failed 5.7.10",
    })
    void whatAHostMustOffer(String offered, String certificate, String outcome) throws IOException {
        for (SmarthostSettings.Tls tls : List.of(SmarthostSettings.Tls.OPPORTUNISTIC, SmarthostSettings.Tls.STARTTLS)) {
            List<FakeServer> servers =
                    at("192.0.2.25:25", certificate.equals("good") ? good : other, offered.split(" "));
            assertThat(carry(secret(smart(tls)))).as(tls.toString()).isEqualTo(outcome);
            assertThat(mails(servers))
                    .isEqualTo(
                            outcome.startsWith("delivered")
                                    ? List.of("MAIL FROM:<alice@example.org> REQUIRETLS")
                                    : List.of());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "proven.example, delivered by a.example",
        "bare.example, delivered by bare.example",
        "open.example, failed 5.7.10",
        "[192.0.2.1], failed 5.7.10",
    })
    void exchangersAreProvenByDnssecAndTheirCertificate(String domain, String outcome) throws IOException {
        for (HopPolicy usual : List.of(HopPolicy.opportunistic(), Internet.clear())) {
            policy = usual;
            List<FakeServer> servers = at("192.0.2.1:25", good, "STARTTLS", "REQUIRETLS");
            assertThat(carry(secret(to(domain)))).isEqualTo(outcome);
            assertThat(mails(servers)).hasSize(outcome.startsWith("delivered") ? 1 : 0);
        }
        if (domain.equals("open.example")) {
            assertThat(tried).isEmpty();
        }
    }

    @Test
    void theReasonIsTold() throws IOException {
        at("192.0.2.25:25", good, "STARTTLS");
        try (Transport.Carriage carriage = transport().open()) {
            assertThat(carriage.carry(secret(smart(SmarthostSettings.Tls.STARTTLS)))
                            .getFirst())
                    .isInstanceOfSatisfying(
                            DeliveryOutcome.Failed.class,
                            failed -> assertThat(failed.why())
                                    .isEqualTo(
                                            "smart.example: the message requires TLS all the way, and the server does"
                                                    + " not offer REQUIRETLS"));
            assertThat(carriage.carry(secret(to("open.example"))).getFirst())
                    .isInstanceOfSatisfying(
                            DeliveryOutcome.Failed.class,
                            failed -> assertThat(failed.why())
                                    .isEqualTo("the message requires TLS with a proven server (REQUIRETLS), and neither"
                                            + " DNSSEC nor an enforced MTA-STS policy proves that a.example"
                                            + " takes the mail of open.example"));
        }
    }

    @Test
    void theNextExchangerIsTriedWhereOneLacksSomething() throws IOException {
        for (String lacking : List.of("STARTTLS", "REQUIRETLS", "x")) {
            List<FakeServer> a = at("192.0.2.1:25", good, lacking);
            List<FakeServer> b = at("192.0.2.2:25", good, "STARTTLS", "REQUIRETLS");
            assertThat(carry(secret(to("two.example")))).isEqualTo("delivered by b.example");
            assertThat(mails(a)).isEmpty();
            assertThat(mails(b)).hasSize(1);
        }
        List<FakeServer> a = at("192.0.2.1:25", other, "STARTTLS", "REQUIRETLS");
        at("192.0.2.2:25", good, "STARTTLS", "REQUIRETLS");
        assertThat(carry(secret(to("two.example")))).isEqualTo("delivered by b.example");
        assertThat(mails(a)).isEmpty();
    }

    @Test
    void aHostThatCannotBeReachedMayDoLater() throws IOException {
        assertThat(carry(secret(to("two.example")))).isEqualTo("deferred 4.4.1 NEXT_HOP");
        at("192.0.2.2:25", good, "STARTTLS");
        assertThat(carry(secret(to("two.example")))).isEqualTo("deferred 4.4.1 NEXT_HOP");
        at("192.0.2.1:25", good, "STARTTLS");
        assertThat(carry(secret(to("two.example")))).isEqualTo("failed 5.7.30");
        endpoints.remove("192.0.2.2:25");
        assertThat(carry(secret(to("two.example")))).isEqualTo("deferred 4.4.1 NEXT_HOP");
        endpoints.clear();
        assertThat(carry(secret(smart(SmarthostSettings.Tls.OPPORTUNISTIC)))).isEqualTo("deferred 4.4.1 NEXT_HOP");
    }

    @Test
    void aSessionThatProvesNothingIsNotUsedAndOneThatDoesServesAll() throws IOException {
        at("192.0.2.25:25", good, "STARTTLS", "REQUIRETLS");
        Route route = smart(SmarthostSettings.Tls.OPPORTUNISTIC);
        Consignment usual = mail(false)
                .to(Recipient.of(Mail.mailbox("r@example.net")), route)
                .consignment();
        try (Transport.Carriage carriage = transport().open()) {
            for (Consignment one : List.of(usual, usual, secret(route), usual, secret(route))) {
                assertThat(SmtpTransportTest.words(carriage.carry(one).getFirst()))
                        .isEqualTo("delivered by smart.example");
            }
        }
        assertThat(tried).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "smart, STARTTLS REQUIRETLS, good, MAIL FROM:<> REQUIRETLS",
        "smart, STARTTLS, good, MAIL FROM:<>",
        "smart, STARTTLS REQUIRETLS, other, MAIL FROM:<>",
        "smart, REQUIRETLS, good, MAIL FROM:<>",
        "proven.example, STARTTLS REQUIRETLS, good, MAIL FROM:<> REQUIRETLS",
        "proven.example, STARTTLS REQUIRETLS, other, MAIL FROM:<>",
        "open.example, STARTTLS REQUIRETLS, good, MAIL FROM:<>",
    })
    void aReportIsNotLostForWantOfIt(String to, String offered, String certificate, String mail) throws IOException {
        String address = to.equals("smart") ? "192.0.2.25:25" : "192.0.2.1:25";
        List<FakeServer> servers = at(address, certificate.equals("good") ? good : other, offered.split(" "));
        Route route = to.equals("smart") ? smart(SmarthostSettings.Tls.OPPORTUNISTIC) : to(to);
        Consignment report = mail(true)
                .fromNobody()
                .to(Recipient.of(Mail.mailbox("r@example.net")), route)
                .consignment();
        assertThat(carry(report)).startsWith("delivered");
        assertThat(mails(servers)).containsExactly(mail);
    }
}
