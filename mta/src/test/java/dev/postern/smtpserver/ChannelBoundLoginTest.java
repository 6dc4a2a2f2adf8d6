package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.ListenerRole;
import dev.postern.sasl.ScramClient;
import dev.postern.sasl.StrictBase64;
import dev.postern.tls.ClientTls;
import dev.postern.tls.TlsProvider;
import dev.postern.wire.ChannelBindings;
import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.SocketConnection;
import dev.postern.wire.TlsState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// SCRAM-SHA-256-PLUS over real TLS, to a session of our own.
class ChannelBoundLoginTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    static Stream<TlsProvider> providers() {
        return Stream.of(TlsProvider.jsse(), TlsProvider.conscrypt().orElseThrow());
    }

    /// A client that has said EHLO under TLS.
    private record Client(Connection connection, TlsState tls, String announced) {
        String ask(String command) throws IOException {
            Deadline deadline = Deadline.after(PATIENCE);
            connection.write((command + "\r\n").getBytes(StandardCharsets.US_ASCII), deadline);
            connection.flush(deadline);
            String line;
            do {
                line = connection.readLine(4096, deadline).latin1();
            } while (line.charAt(3) == '-');
            return line;
        }

        byte[] challenge(String command) throws IOException {
            String line = ask(command);
            assertThat(line).startsWith("334 ");
            return StrictBase64.decode(line.substring(4).getBytes(StandardCharsets.US_ASCII))
                    .orElseThrow();
        }

        String login(ScramClient scram) throws IOException {
            byte[] serverFirst = challenge("AUTH SCRAM-SHA-256-PLUS " + base64(scram.first()));
            String line = ask(base64(scram.answer(serverFirst).orElseThrow()));
            if (!line.startsWith("334 ")) {
                return line;
            }
            byte[] serverFinal = StrictBase64.decode(line.substring(4).getBytes(StandardCharsets.US_ASCII))
                    .orElseThrow();
            assertThat(scram.isServer(serverFinal)).isTrue();
            return ask("");
        }
    }

    private static String base64(byte[] octets) {
        return new String(StrictBase64.encode(octets), StandardCharsets.US_ASCII);
    }

    private interface Talk {
        void with(Client client) throws IOException;
    }

    private static void talk(TlsProvider provider, Talk talk) throws Exception {
        World world = new World();
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        try (ServerSocket server = new ServerSocket(0, 1, loopback)) {
            Connection connection = SocketConnection.connect(
                    new Endpoint.Inet(loopback, server.getLocalPort()), Optional.empty(), Deadline.after(PATIENCE));
            Thread session = Thread.ofVirtual()
                    .start(new ServerSession(
                            SocketConnection.over(server.accept()),
                            world.spool.nextId(),
                            world.setup(World.settings(ListenerRole.SUBMISSIONS))));
            try (connection) {
                TlsState tls = connection.startTls(
                        new ClientTls(provider, List.of()).unverified(World.HOST.text()), Deadline.after(PATIENCE));
                connection.readLine(512, Deadline.after(PATIENCE));
                Client client = new Client(connection, tls, "");
                talk.with(new Client(connection, tls, client.ask("EHLO client.example")));
            }
            assertThat(session.join(PATIENCE)).isTrue();
        }
    }

    private static ScramClient scram(ChannelBindings bindings) {
        return ScramClient.of("alice", "secret", ScramClient.Plus.USED, bindings, new SecureRandom())
                .orElseThrow();
    }

    private static ChannelBindings only(ChannelBindings.Type type, ChannelBindings of) {
        return asked -> asked == type ? of.octets(type) : Optional.empty();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aLoginIsBoundToTheConnectionByEitherType(TlsProvider provider) throws Exception {
        for (ChannelBindings.Type type : ChannelBindings.Type.values()) {
            talk(provider, client -> {
                assertThat(client.announced()).contains("AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN");
                assertThat(client.login(scram(only(type, client.tls().bindings()))))
                        .as(type.label())
                        .startsWith("235 2.7.0");
            });
        }
    }

    /// Somebody between the two would have another connection to each of them.
    @ParameterizedTest
    @MethodSource("providers")
    void aLoginBoundToAnotherConnectionIsRefused(TlsProvider provider) throws Exception {
        talk(provider, elsewhere -> {
            byte[] keys = elsewhere
                    .tls()
                    .bindings()
                    .octets(ChannelBindings.Type.TLS_EXPORTER)
                    .orElseThrow();
            ChannelBindings stolen =
                    type -> type == ChannelBindings.Type.TLS_EXPORTER ? Optional.of(keys) : Optional.empty();
            try {
                talk(provider, client -> assertThat(client.login(scram(stolen))).startsWith("535 5.7.8"));
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        });
    }
}
