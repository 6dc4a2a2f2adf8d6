package dev.postern.smtpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.crypto.SelfSigned;
import dev.postern.event.Event;
import dev.postern.smtp.Dialect;
import dev.postern.tls.ClientTls;
import dev.postern.tls.PkixCheck;
import dev.postern.tls.ServerTls;
import dev.postern.tls.TlsProvider;
import dev.postern.wire.Connection;
import dev.postern.wire.ConnectionWatch;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.Pace;
import dev.postern.wire.SocketConnection;
import dev.postern.wire.TlsUpgrade;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass(name = "{0}")
@MethodSource("dev.postern.tls.Providers#all")
class SessionOpenerTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Pace SLOWLY = new Pace(LONG, 1);

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final Recorder recorder = new Recorder();

    private final TlsProvider provider;

    SessionOpenerTest(TlsProvider provider) {
        this.provider = provider;
    }

    /// A certificate and those who show and know it.
    private record Parties(ServerTls server, ClientTls knowing, ClientTls ignorant) {
        static Parties with(TlsProvider provider) throws IOException {
            SelfSigned.Made made =
                    SelfSigned.make(List.of("mx.example.org"), Instant.now(), Duration.ofDays(1), Optional.empty());
            return new Parties(
                    new ServerTls(provider, made.identity()),
                    new ClientTls(provider, made.identity().chain()),
                    new ClientTls(provider, List.of()));
        }
    }

    private static TlsUpgrade verified(ClientTls tls, String name) {
        return tls.checked(name, new PkixCheck(tls.roots(), List.of(name), InstantSource.system()));
    }

    private static SocketConnector sockets() {
        return new SocketConnector(ConnectionWatch.occasional(), Optional.empty(), Optional.empty());
    }

    private Opening open(Connector connector, Endpoint server, SessionPlan plan) {
        return new SessionOpener(connector, Post.patient(1 << 16), events::add)
                .open(server, plan, Deadline.after(LONG), recorder);
    }

    private static String words(Opening opening) {
        return switch (opening) {
            case Opening.Ready(SmtpClient client) -> {
                client.close();
                yield "ready";
            }
            case Opening.Failed failed -> failed.step() + " " + failed.status();
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "220 mx ESMTP | 250 | ready | EHLO",
                "220-mx\\r\\n220 second | 250 | ready | EHLO",
                "220 mx | 500 | ready | EHLO HELO",
                "220 mx | 501 | ready | EHLO HELO",
                "220 mx | 502 | ready | EHLO HELO",
                "220 mx | 504 | ready | EHLO HELO",
                "220 mx | 550 | ready | EHLO HELO",
                "220 mx | 554 | HELLO 5.0.0 | EHLO",
                "220 mx | 421 | HELLO 4.0.0 | EHLO",
                "220 mx | 451 | HELLO 4.0.0 | EHLO",
                "554 5.7.1 go away | 250 | GREETING 5.7.1 | ''",
                "521 no mail here | 250 | GREETING 5.0.0 | ''",
                "421 4.3.2 too busy | 250 | GREETING 4.3.2 | ''",
                "450 later | 250 | GREETING 4.0.0 | ''",
                "354 what | 250 | GREETING 4.0.0 | ''",
                "HTTP/1.1 400 Bad Request | 250 | GREETING 4.4.2 | ''",
                "* OK IMAP4 | 250 | GREETING 4.4.2 | ''",
            })
    void theGreetingAndTheReplyToEhloDecide(String greeting, int ehlo, String outcome, String said) {
        FakeServer server = new FakeServer(FakeServer.Behaviour.offering()
                .greeting(greeting.replace("\\r\\n", "\r\n"))
                .answeringEhlo(ehlo));
        assertThat(words(open(MemoryConnector.to(server), Post.SERVER, Post.clear())))
                .isEqualTo(outcome);
        assertThat(server.commands().stream()
                        .map(c -> c.substring(0, 4))
                        .filter(c -> !c.equals("QUIT"))
                        .toList())
                .isEqualTo(said.isEmpty() ? List.of() : List.of(said.split(" ")));
    }

    @Test
    void aServerThatCannotBeConnectedToIsTold() {
        MemoryConnector nobody = new MemoryConnector(_ -> {
            throw new IllegalStateException("Connection refused");
        });
        assertThat(words(open(nobody, Post.SERVER, Post.clear()))).isEqualTo("CONNECT 4.4.1");
        assertThat(events)
                .singleElement()
                .isInstanceOfSatisfying(
                        SmtpClientEvent.HostNotReached.class,
                        e -> assertThat(e.why()).isEqualTo("cannot connect: Connection refused"));
    }

    @Test
    void aPortWhereNobodyListensIsTold() throws IOException {
        Endpoint.Inet endpoint;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            endpoint = new Endpoint.Inet(socket.getInetAddress(), socket.getLocalPort());
        }
        assertThat(words(open(sockets(), endpoint, Post.clear()))).isEqualTo("CONNECT 4.4.1");
    }

    @Test
    void theSourceAddressIsOurs() throws IOException {
        List<Endpoint> peers = new CopyOnWriteArrayList<>();
        FakeServer fake = new FakeServer(FakeServer.Behaviour.offering());
        Consumer<Connection> serving = connection -> {
            peers.add(connection.peer());
            fake.serve(connection);
        };
        Inet4Address source = (Inet4Address) InetAddress.ofLiteral("127.0.0.9");
        ConnectionWatch watch = ConnectionWatch.occasional();
        try (LoopbackServer server = new LoopbackServer(serving)) {
            SocketConnector connector = new SocketConnector(watch, Optional.of(source), Optional.empty());
            assertThat(words(open(connector, server.endpoint(), Post.clear()))).isEqualTo("ready");
        }
        assertThat(peers)
                .singleElement()
                .satisfies(p -> assertThat(p.toString()).startsWith("127.0.0.9:"));
        assertThat(watch.size()).isZero();
    }

    @Test
    void lmtpIsSpokenOverAUnixSocket(@TempDir Path place) throws Exception {
        Path socket = place.resolve("lmtp");
        FakeServer fake =
                new FakeServer(FakeServer.Behaviour.offering("PIPELINING").byLmtp());
        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(socket));
            Thread serving = Thread.ofVirtual().start(() -> {
                try {
                    fake.serve(SocketConnection.over(listening.accept()));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            switch (open(sockets(), new Endpoint.Unix(socket), SessionPlan.lmtp(new TlsChoice.None()))) {
                case Opening.Failed failed -> throw new AssertionError(failed);
                case Opening.Ready(SmtpClient client) -> {
                    assertThat(Post.words(client.send(Post.plain("s@example.org", "a@example.com"))))
                            .containsExactly("taken 250");
                    client.close();
                }
            }
            serving.join();
        }
        assertThat(words(open(
                        sockets(), new Endpoint.Unix(place.resolve("none")), SessionPlan.lmtp(new TlsChoice.None()))))
                .isEqualTo("CONNECT 4.4.1");
    }

    @Test
    void afterStartTlsEverythingIsAskedAnew() throws IOException {
        Parties parties = Parties.with(provider);
        FakeServer fake = new FakeServer(FakeServer.Behaviour.offering("STARTTLS", "PIPELINING", "AUTH PLAIN")
                .encrypting(parties.server().upgrade()));
        try (LoopbackServer server = new LoopbackServer(fake::serve)) {
            SessionPlan plan = SessionPlan.smtp(
                    new TlsChoice.Opportunistic(parties.ignorant().unverified("mx.example.org")));
            switch (open(sockets(), server.endpoint(), plan)) {
                case Opening.Failed failed -> throw new AssertionError(failed);
                case Opening.Ready(SmtpClient client) -> {
                    assertThat(client.tls()).isPresent();
                    assertThat(client.capabilities().authMechanisms()).containsExactly("PLAIN");
                    assertThat(client.capabilities().parameters()).doesNotContainKey("STARTTLS");
                    assertThat(Post.words(client.send(Post.plain("s@example.org", "a@example.com"))))
                            .containsExactly("taken 250");
                    client.close();
                }
            }
        }
        assertThat(fake.commands())
                .startsWith("EHLO client.example.org", "STARTTLS", "EHLO client.example.org")
                .endsWith("QUIT");
        assertThat(events.getFirst())
                .isInstanceOfSatisfying(
                        SmtpClientEvent.HostReached.class,
                        e -> assertThat(e.encryption().tls()).startsWith("TLSv1.3 "));
    }

    @ParameterizedTest
    @CsvSource({
        // choice, certificate known, reply to STARTTLS, outcome
        "opportunistic, false, 220, ready",
        "opportunistic, false, 454, ready",
        "opportunistic, false, 503, ready",
        "required, true, 220, ready",
        "required, false, 220, HANDSHAKE 5.7.5",
        "required, true, 454, STARTTLS 4.7.0",
        "required, true, 502, STARTTLS 5.7.0",
    })
    void howMuchTlsIsWantedDecides(String choice, boolean known, int reply, String outcome) throws IOException {
        Parties parties = Parties.with(provider);
        ClientTls tls = known ? parties.knowing() : parties.ignorant();
        TlsChoice wanted = choice.equals("required")
                ? new TlsChoice.Required(verified(tls, "mx.example.org"))
                : new TlsChoice.Opportunistic(tls.unverified("mx.example.org"));
        FakeServer fake = new FakeServer(FakeServer.Behaviour.offering("STARTTLS")
                .encrypting(parties.server().upgrade())
                .answeringStartTls(reply));
        try (LoopbackServer server = new LoopbackServer(fake::serve)) {
            SessionPlan plan = SessionPlan.smtp(wanted);
            assertThat(words(open(
                            sockets(),
                            server.endpoint(),
                            choice.equals("required") ? plan.proving(SessionPlan.Proof.NAMED) : plan)))
                    .isEqualTo(outcome);
        }
    }

    @Test
    void aServerThatDoesNotOfferRequiredTlsGetsNothing() throws IOException {
        Parties parties = Parties.with(provider);
        FakeServer fake = new FakeServer(FakeServer.Behaviour.offering("PIPELINING"));
        SessionPlan plan = SessionPlan.smtp(new TlsChoice.Required(verified(parties.knowing(), "mx.example.org")));
        assertThat(words(open(MemoryConnector.to(fake), Post.SERVER, plan))).isEqualTo("STARTTLS 5.7.4");
    }

    @Test
    void aCertificateForAnotherNameIsNotVerified() throws IOException {
        Parties parties = Parties.with(provider);
        FakeServer fake = new FakeServer(FakeServer.Behaviour.offering("STARTTLS")
                .encrypting(parties.server().upgrade()));
        try (LoopbackServer server = new LoopbackServer(fake::serve)) {
            SessionPlan plan = SessionPlan.smtp(
                            new TlsChoice.Required(verified(parties.knowing(), "other.example.org")))
                    .proving(SessionPlan.Proof.NAMED);
            assertThat(words(open(sockets(), server.endpoint(), plan))).isEqualTo("HANDSHAKE 5.7.5");
        }
    }

    @Test
    void implicitTlsComesBeforeTheGreeting() throws IOException {
        Parties parties = Parties.with(provider);
        FakeServer fake = new FakeServer(FakeServer.Behaviour.offering("AUTH PLAIN"));
        Consumer<Connection> serving = connection -> {
            try {
                connection.startTls(parties.server().upgrade(), Deadline.after(LONG));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            fake.serve(connection);
        };
        try (LoopbackServer server = new LoopbackServer(serving)) {
            SessionPlan plan = new SessionPlan(
                    Dialect.Protocol.SMTP,
                    new TlsChoice.Implicit(verified(parties.knowing(), "mx.example.org")),
                    Optional.of(new Login("user", "secret")));
            assertThat(words(open(sockets(), server.endpoint(), plan))).isEqualTo("ready");
        }
    }

    /// A server that says STARTTLS 220 and then something else than a handshake.
    private static Consumer<Connection> afterStartTls(String injected, boolean close) {
        return interceptor("", injected, close ? Late.CLOSING : Late.SILENT);
    }

    /// What somebody between client and server does once the handshake has begun.
    private enum Late {
        CLOSING,
        SILENT,
        SPEAKING
    }

    /// A server, or who sits before it, that puts replies into the clear.
    ///
    /// @param early what comes with the reply to EHLO
    /// @param injected what comes with the reply to STARTTLS
    private static Consumer<Connection> interceptor(String early, String injected, Late late) {
        return connection -> {
            try (connection) {
                say(connection, "220 mx\r\n");
                connection.readLine(1000, Deadline.after(LONG));
                say(connection, "250-mx\r\n250 STARTTLS\r\n" + early);
                connection.readLine(1000, Deadline.after(LONG));
                say(connection, "220 go ahead\r\n" + injected);
                if (late == Late.SPEAKING) {
                    connection.readChunk(5, (octets, offset, length) -> {}, SLOWLY, Deadline.after(LONG));
                    say(connection, "250-mx\r\n250 AUTH PLAIN\r\n");
                }
                while (late != Late.CLOSING) { // until the client goes, which throws
                    connection.readLine(100_000, Deadline.after(LONG));
                }
            } catch (IOException clientGone) {
                return; // as it should
            }
        };
    }

    private static void say(Connection connection, String text) throws IOException {
        connection.write(text.getBytes(StandardCharsets.US_ASCII), Deadline.after(LONG));
        connection.flush(Deadline.after(LONG));
    }

    static Stream<String> injections() {
        return Stream.of("250-mx\r\n250 AUTH PLAIN\r\n", "2", "\r\n", "220 again\r\n");
    }

    private String afterInterception(Consumer<Connection> interceptor) throws IOException {
        Parties parties = Parties.with(provider);
        try (LoopbackServer server = new LoopbackServer(interceptor)) {
            SessionPlan plan = new SessionPlan(
                    Dialect.Protocol.SMTP,
                    new TlsChoice.Opportunistic(parties.ignorant().unverified("mx.example.org")),
                    Optional.of(new Login("user", "secret")));
            return words(open(sockets(), server.endpoint(), plan));
        }
    }

    @ParameterizedTest
    @MethodSource("injections")
    void octetsInTheClearBehindStartTlsEndTheSession(String injected) throws IOException {
        assertThat(afterInterception(afterStartTls(injected, false))).isEqualTo("STARTTLS 4.7.5");
    }

    @Test
    void octetsInTheClearWithinTheHandshakeEndTheSession() throws IOException {
        assertThat(afterInterception(interceptor("", "", Late.SPEAKING))).isEqualTo("HANDSHAKE 4.7.5");
    }

    /// Replies that are there before their commands are no replies to what comes under TLS.
    @Test
    void repliesThatCameTooEarlyEndTheSession() throws IOException {
        assertThat(afterInterception(interceptor("220 go\r\n250-mx\r\n250 AUTH PLAIN\r\n", "", Late.SILENT)))
                .isEqualTo("STARTTLS 4.7.5");
        assertThat(afterInterception(interceptor("220 go\r\n", "250 AUTH PLAIN\r\n", Late.SILENT)))
                .isIn("STARTTLS 4.7.5", "HANDSHAKE 4.7.5");
    }

    @Test
    void aServerThatClosesInTheHandshakeIsToldFromOneThatCannotBeReached() throws IOException {
        Parties parties = Parties.with(provider);
        try (LoopbackServer server = new LoopbackServer(afterStartTls("", true))) {
            SessionPlan plan = SessionPlan.smtp(
                    new TlsChoice.Opportunistic(parties.ignorant().unverified("mx.example.org")));
            assertThat(words(open(sockets(), server.endpoint(), plan))).isEqualTo("HANDSHAKE 4.7.5");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AUTH PLAIN LOGIN, user, secret, ready",
        "AUTH LOGIN, user, secret, ready",
        "AUTH=LOGIN, user, secret, ready",
        "auth login plain, user, secret, ready",
        "AUTH PLAIN, user, LONG, ready",
        "AUTH LOGIN, user, LONG, ready",
        "AUTH PLAIN, user, wrong, AUTH 5.7.8",
        "AUTH LOGIN, user, wrong, AUTH 5.7.8",
        "AUTH CRAM-MD5, user, secret, AUTH 4.7.0",
        "PIPELINING, user, secret, AUTH 4.7.0",
    })
    void aLoginIsSentUnderTlsAndNeverShown(String offered, String user, String password, String outcome)
            throws IOException {
        Parties parties = Parties.with(provider);
        String secret = password.equals("LONG") ? "secret".repeat(100) : password;
        FakeServer fake = new FakeServer(FakeServer.Behaviour.offering("STARTTLS", offered)
                .encrypting(parties.server().upgrade()));
        try (LoopbackServer server = new LoopbackServer(fake::serve)) {
            SessionPlan plan = new SessionPlan(
                    Dialect.Protocol.SMTP,
                    new TlsChoice.Required(verified(parties.knowing(), "mx.example.org")),
                    Optional.of(new Login(user, secret)));
            assertThat(words(open(sockets(), server.endpoint(), plan))).isEqualTo(outcome);
        }
        String heard = String.join("\n", recorder.lines());
        assertThat(heard)
                .doesNotContain(secret)
                .doesNotContain(java.util.Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)))
                .doesNotContain(java.util.Base64.getEncoder()
                        .encodeToString(("\0" + user + "\0" + secret).getBytes(StandardCharsets.UTF_8)));
        if (!outcome.endsWith("4.7.0")) {
            assertThat(heard).contains("C: AUTH");
        }
        assertThat(new Login(user, secret).toString()).doesNotContain(secret);
    }

    @Test
    void aLoginIsNotSentInTheClear() {
        FakeServer fake = new FakeServer(FakeServer.Behaviour.offering("AUTH PLAIN"));
        SessionPlan plan =
                new SessionPlan(Dialect.Protocol.SMTP, new TlsChoice.None(), Optional.of(new Login("user", "secret")));
        assertThat(words(open(MemoryConnector.to(fake), Post.SERVER, plan))).isEqualTo("AUTH 4.7.0");
        assertThat(fake.commands()).noneMatch(c -> c.startsWith("AUTH"));
    }

    @Test
    void aSessionThatIsOverTakesNothing() {
        FakeServer fake = new FakeServer(FakeServer.Behaviour.offering());
        SmtpClient client = Post.client(MemoryConnector.to(fake), Post.patient(1 << 16), Post.clear());
        client.close();
        client.close();
        assertThatThrownBy(() -> client.send(Post.plain("s@example.org", "a@example.com")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(fake.commands()).containsOnlyOnce("QUIT");
    }
}
