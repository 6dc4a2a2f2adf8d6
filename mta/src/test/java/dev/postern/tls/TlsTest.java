package dev.postern.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SelfSigned;
import dev.postern.wire.PeerCheck;
import dev.postern.wire.TlsUpgrade;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TlsTest {
    private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();

    @AfterAll
    static void endThreads() {
        THREADS.close();
    }

    private static SelfSigned.Made certificate(String... names) throws IOException {
        return SelfSigned.make(List.of(names), Instant.now(), Duration.ofDays(1), Optional.empty());
    }

    /// The protocol and the first octet that a client gets from a server over a real connection.
    private static String dialogue(ServerTls server, TlsUpgrade client) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answering = CompletableFuture.runAsync(() -> answer(listening, server), THREADS);
            try (Socket plain = new Socket(listening.getInetAddress(), listening.getLocalPort());
                    SSLSocket socket = client.layer(plain)) {
                socket.startHandshake();
                client.check(socket);
                return socket.getSession().getProtocol() + " "
                        + socket.getInputStream().read();
            } finally {
                answering.join();
            }
        }
    }

    private static void answer(ServerSocket listening, ServerTls server) {
        try (Socket plain = listening.accept();
                SSLSocket socket = server.upgrade().layer(plain)) {
            socket.startHandshake();
            socket.getOutputStream().write(42);
        } catch (IOException refused) {
            return; // the client did not like us: it tells its test
        }
    }

    @ParameterizedTest
    @MethodSource("dev.postern.tls.Providers#all")
    void anyCertificateWillDoWhereItIsNotVerified(TlsProvider provider) throws Exception {
        ServerTls server =
                new ServerTls(provider, certificate("mail.example.org").identity());
        ClientTls client = new ClientTls(provider, List.of());

        assertThat(dialogue(server, client.unverified("other.example"))).isEqualTo("TLSv1.3 42");
        assertThat(dialogue(server, client.unverified("127.0.0.1"))).isEqualTo("TLSv1.3 42");
    }

    @Test
    void aNewCertificateIsShownFromTheNextHandshakeOn() throws Exception {
        SelfSigned.Made old = certificate("mail.example.org");
        SelfSigned.Made fresh = certificate("mail.example.org");
        ServerTls server = new ServerTls(TlsProvider.jsse(), old.identity());
        List<X509Certificate> shown = new CopyOnWriteArrayList<>();
        TlsUpgrade client = new ClientTls(TlsProvider.jsse(), List.of()).checked("mail.example.org", chain -> {
            shown.add(chain.getFirst());
            return new PeerCheck.Unproven(PeerCheck.Fault.OTHER, "so that nothing is resumed");
        });

        dialogue(server, client);
        server.show(ShownIdentities.only(fresh.identity()));
        dialogue(server, client);

        assertThat(shown)
                .containsExactly(
                        old.identity().chain().getFirst(),
                        fresh.identity().chain().getFirst());
    }
}
