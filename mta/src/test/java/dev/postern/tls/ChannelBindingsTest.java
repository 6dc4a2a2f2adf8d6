package dev.postern.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SelfSigned;
import dev.postern.wire.ChannelBindings;
import dev.postern.wire.TlsUpgrade;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What two ends of one connection bind an authentication by, whichever implementation each end has.
class ChannelBindingsTest {
    private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();

    @AfterAll
    static void endThreads() {
        THREADS.close();
    }

    static Stream<Arguments> pairsOfProviders() {
        TlsProvider jsse = TlsProvider.jsse();
        TlsProvider conscrypt = TlsProvider.conscrypt().orElseThrow();
        return Stream.of(jsse, conscrypt)
                .flatMap(server -> Stream.of(jsse, conscrypt).map(client -> Arguments.of(server, client)));
    }

    /// What each end has, in hexadecimal digits; empty where it has none.
    private record Ends(String server, String client) {}

    private static String text(ChannelBindings bindings, ChannelBindings.Type type) {
        return bindings.octets(type).map(HexFormat.of()::formatHex).orElse("");
    }

    private static Ends ends(ServerTls server, TlsUpgrade client, ChannelBindings.Type type, String protocol)
            throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return ends(listening, server, client, type, protocol);
        }
    }

    /// The same at a port that the client has perhaps been to, so that it takes its session up again.
    private static Ends ends(
            ServerSocket listening, ServerTls server, TlsUpgrade client, ChannelBindings.Type type, String protocol)
            throws Exception {
        CompletableFuture<String> answer =
                CompletableFuture.supplyAsync(() -> answer(listening, server, type), THREADS);
        try (Socket plain = new Socket(listening.getInetAddress(), listening.getLocalPort());
                SSLSocket socket = client.layer(plain)) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            String ours = text(client.bindings(socket), type);
            assertThat(socket.getInputStream().read()).isEqualTo(42);
            return new Ends(answer.join(), ours);
        }
    }

    private static String answer(ServerSocket listening, ServerTls server, ChannelBindings.Type type) {
        TlsUpgrade upgrade = server.upgrade();
        try (Socket plain = listening.accept();
                SSLSocket socket = upgrade.layer(plain)) {
            socket.startHandshake();
            String ours = text(upgrade.bindings(socket), type);
            socket.getOutputStream().write(42);
            return ours;
        } catch (IOException lost) {
            return lost.toString(); // the test compares it with the other end and fails
        }
    }

    private static SelfSigned.Made certificate() throws IOException {
        return SelfSigned.make(List.of("mail.example.org"), Instant.now(), Duration.ofDays(1), Optional.empty());
    }

    @ParameterizedTest
    @MethodSource("pairsOfProviders")
    void bothEndsExportTheSameKeysOfTls13AndOthersOnEachConnection(TlsProvider there, TlsProvider here)
            throws Exception {
        ServerTls server = new ServerTls(there, certificate().identity());
        TlsUpgrade client = new ClientTls(here, List.of()).unverified("mail.example.org");

        Ends first = ends(server, client, ChannelBindings.Type.TLS_EXPORTER, "TLSv1.3");
        Ends second = ends(server, client, ChannelBindings.Type.TLS_EXPORTER, "TLSv1.3");

        assertThat(first.server()).hasSize(64).isEqualTo(first.client());
        assertThat(second.server()).hasSize(64).isEqualTo(second.client()).isNotEqualTo(first.server());
    }

    @ParameterizedTest
    @MethodSource("pairsOfProviders")
    void tls12HasNoExporter(TlsProvider there, TlsProvider here) throws Exception {
        ServerTls server = new ServerTls(there, certificate().identity());
        TlsUpgrade client = new ClientTls(here, List.of()).unverified("mail.example.org");

        assertThat(ends(server, client, ChannelBindings.Type.TLS_EXPORTER, "TLSv1.2"))
                .isEqualTo(new Ends("", ""));
    }

    @ParameterizedTest
    @MethodSource("pairsOfProviders")
    void bothEndsHashTheCertificateOnTheFirstConnectionAndOnOneThatIsTakenUpAgain(TlsProvider there, TlsProvider here)
            throws Exception {
        SelfSigned.Made made = certificate();
        X509Certificate shown = made.identity().chain().getFirst();
        assertThat(shown.getSigAlgName()).isEqualToIgnoringCase("SHA256withECDSA");
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(shown.getEncoded()));
        ServerTls server = new ServerTls(there, made.identity());
        TlsUpgrade client = new ClientTls(here, List.of()).unverified("mail.example.org");

        for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
            try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                for (int connection = 1; connection <= 3; connection++) {
                    assertThat(ends(listening, server, client, ChannelBindings.Type.TLS_SERVER_END_POINT, protocol))
                            .as("%s, connection %d", protocol, connection)
                            .isEqualTo(new Ends(hash, hash));
                }
            }
        }
    }

    @Test
    void aConnectionWithoutBindingsHasNone() {
        assertThat(ChannelBindings.none().isEmpty()).isTrue();
        assertThat(ChannelBindings.Type.of("tls-exporter")).hasValue(ChannelBindings.Type.TLS_EXPORTER);
        assertThat(ChannelBindings.Type.of("TLS-EXPORTER")).isEmpty();
        assertThat(ChannelBindings.Type.of("tls-unique")).isEmpty();
    }
}
