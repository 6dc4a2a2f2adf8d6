package dev.postern.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SelfSigned;
import dev.postern.event.Events;
import dev.postern.route.Route;
import dev.postern.smtp.Handling;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.RetMode;
import dev.postern.smtpclient.Connector;
import dev.postern.smtpclient.FakeServer;
import dev.postern.smtpclient.LoopbackServer;
import dev.postern.smtpclient.MemoryConnector;
import dev.postern.smtpclient.SessionOpener;
import dev.postern.smtpclient.SocketConnector;
import dev.postern.tls.ServerTls;
import dev.postern.tls.TlsProvider;
import dev.postern.wire.Connection;
import dev.postern.wire.ConnectionWatch;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.MemoryConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LmtpTransportTest {
    private static final LmtpSettings SETTINGS =
            new LmtpSettings("inboxes", new Endpoint.Memory("lmtp"), SessionBounds.standard());

    private static LmtpTransport transport(FakeServer server) {
        return new LmtpTransport(
                SETTINGS,
                new SessionOpener(MemoryConnector.to(server), Internet.client(), Events.none()),
                Internet.tls());
    }

    @Test
    void theInboxIsNamedAndAnswersForItself() {
        FakeServer server = new FakeServer(
                FakeServer.Behaviour.offering("PIPELINING", "DSN", "8BITMIME").byLmtp());
        MailParameters asking = new MailParameters(
                java.util.OptionalLong.empty(),
                dev.postern.smtp.BodyType.SEVEN_BIT,
                false,
                Optional.of(RetMode.FULL),
                Optional.of("id"),
                Optional.empty());
        Consignment mail = Mail.saying("Subject: x\r\n\r\nhello\r\n")
                .asking(asking)
                .to(
                        Recipient.of(Mail.mailbox("Bob+lists@Example.ORG")),
                        new Route.Local("test", Mail.mailbox("bob@example.org"), Optional.of("lists")))
                .toInbox("full.e452@example.org")
                .toInbox("gone.r550@example.org")
                .toInbox("odd.e550@example.org")
                .consignment();
        try (Transport.Carriage carriage = transport(server).open()) {
            List<DeliveryOutcome> outcomes = carriage.carry(mail);
            assertThat(outcomes.stream().map(SmtpTransportTest::words))
                    .containsExactly(
                            "delivered by inboxes", "deferred 4.0.0 RECIPIENT", "failed 5.0.0", "failed 5.0.0");
            assertThat(outcomes.getFirst())
                    .isInstanceOfSatisfying(
                            DeliveryOutcome.Delivered.class,
                            d -> assertThat(d.relayed()).isFalse());
            Consignment next = Mail.saying("x")
                    .to(
                            Recipient.of(Mail.mailbox("carol@example.org")),
                            new Route.Local("test", Mail.mailbox("carol@example.org"), Optional.empty()))
                    .consignment();
            assertThat(carriage.carry(next).stream().map(SmtpTransportTest::words))
                    .containsExactly("delivered by inboxes");
        }
        assertThat(server.commands().stream().filter(c -> c.startsWith("LHLO"))).hasSize(1);
        assertThat(server.messages().getFirst().mail()).isEqualTo("MAIL FROM:<alice@example.org>");
        assertThat(server.messages().getFirst().recipients().getFirst()).isEqualTo("RCPT TO:<bob@example.org>");
    }

    @Test
    void aServerThatIsAwayDefersTheWholeLane() {
        MemoryConnector nobody = new MemoryConnector(_ -> {
            throw new IllegalStateException("No such file or directory");
        });
        LmtpTransport transport = new LmtpTransport(
                SETTINGS, new SessionOpener(nobody, Internet.client(), Events.none()), Internet.tls());
        try (Transport.Carriage carriage = transport.open()) {
            assertThat(
                            carriage
                                    .carry(Mail.saying("x")
                                            .toInbox("a@example.org")
                                            .toInbox("b@example.org")
                                            .consignment())
                                    .stream()
                                    .map(SmtpTransportTest::words))
                    .containsExactly("deferred 4.4.1 NEXT_HOP", "deferred 4.4.1 NEXT_HOP");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.postern.tls.Providers#all")
    void overTcpItIsEncryptedWhereOffered(TlsProvider provider) throws IOException {
        ServerTls tls = new ServerTls(
                provider,
                SelfSigned.make(List.of("inboxes.example"), Instant.now(), Duration.ofDays(1), Optional.empty())
                        .identity());
        FakeServer fake = new FakeServer(
                FakeServer.Behaviour.offering("STARTTLS", "PIPELINING").byLmtp().encrypting(tls.upgrade()));
        SocketConnector sockets = new SocketConnector(ConnectionWatch.occasional(), Optional.empty(), Optional.empty());
        try (LoopbackServer server = new LoopbackServer(fake::serve)) {
            LmtpTransport transport = new LmtpTransport(
                    new LmtpSettings("inboxes", server.endpoint(), SessionBounds.standard()),
                    new SessionOpener(sockets, Internet.client(), Events.none()),
                    Internet.tls(provider));
            try (Transport.Carriage carriage = transport.open()) {
                assertThat(carriage.carry(
                                Mail.saying("x").toInbox("a@example.org").consignment()))
                        .singleElement()
                        .isInstanceOfSatisfying(
                                DeliveryOutcome.Delivered.class,
                                d -> assertThat(d.how()).contains("(TLSv1.3 TLS_"));
            }
        }
        assertThat(fake.commands()).startsWith("LHLO client.example.org", "STARTTLS", "LHLO client.example.org");
    }

    /// RFC 8689 §2: what must travel under TLS reaches inboxes elsewhere under TLS too, though their server need not
    /// promise it.
    @Test
    void whatRequiresTlsIsNotSentInTheClearOverANetwork() throws IOException {
        Endpoint.Inet elsewhere = new Endpoint.Inet(InetAddress.getByName("192.0.2.24"), 24);
        FakeServer server = new FakeServer(FakeServer.Behaviour.offering().byLmtp());
        Connector connector = new Connector() {
            @Override
            public Connection connect(Endpoint to, Deadline deadline) {
                MemoryConnection.Pair pair = MemoryConnection.pair(new Endpoint.Memory("client"), to, Optional.empty());
                Thread.ofVirtual().start(() -> server.serve(pair.server()));
                return pair.client();
            }

            @Override
            public void disconnect(Connection connection) {
                connection.close();
            }
        };
        LmtpTransport transport = new LmtpTransport(
                new LmtpSettings("inboxes", elsewhere, SessionBounds.standard()),
                new SessionOpener(connector, Internet.client(), Events.none()),
                Internet.tls());
        try (Transport.Carriage carriage = transport.open()) {
            assertThat(words(carriage, underTls())).isEqualTo("failed 5.7.10");
            assertThat(words(carriage, underTls().fromNobody())).isEqualTo("delivered by inboxes");
            assertThat(words(carriage, Mail.saying("x\r\n"))).isEqualTo("delivered by inboxes");
        }
        FakeServer here =
                new FakeServer(FakeServer.Behaviour.offering("REQUIRETLS").byLmtp());
        try (Transport.Carriage carriage = transport(here).open()) {
            assertThat(words(carriage, underTls())).isEqualTo("delivered by inboxes");
        }
        assertThat(here.commands()).contains("MAIL FROM:<alice@example.org>");
    }

    private static Mail underTls() {
        return Mail.saying("x\r\n")
                .asking(MailParameters.none().withHandling(Handling.usual().requiringTls(true)));
    }

    private static String words(Transport.Carriage carriage, Mail mail) {
        return SmtpTransportTest.words(
                carriage.carry(mail.toInbox("bob@example.org").consignment()).getFirst());
    }

    /// What goes into an inbox is delivered, so nobody is asked to deliver it in time.
    @Test
    void theServerIsToldThePriorityAndNoTime() {
        FakeServer server = new FakeServer(
                FakeServer.Behaviour.offering("MT-PRIORITY", "DELIVERBY 240").byLmtp());
        Consignment mail = Mail.saying("Subject: x\r\n\r\nhello\r\n")
                .asking(MailParameters.none()
                        .withHandling(new dev.postern.smtp.Handling(
                                false,
                                Optional.of(new dev.postern.smtp.DeliverBy(
                                        5, dev.postern.smtp.DeliverBy.Mode.RETURN, false)),
                                Optional.empty(),
                                Optional.of(new dev.postern.smtp.Priority(-2)))))
                .toInbox("bob@example.org")
                .consignment();
        try (Transport.Carriage carriage = transport(server).open()) {
            assertThat(carriage.carry(mail).stream().map(SmtpTransportTest::words))
                    .containsExactly("delivered by inboxes");
        }
        assertThat(server.messages().getFirst().mail()).isEqualTo("MAIL FROM:<alice@example.org> MT-PRIORITY=-2");
    }
}
