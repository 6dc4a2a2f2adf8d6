package dev.postern.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Identity;
import dev.postern.crypto.SelfSigned;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.PeerCheck;
import dev.postern.wire.SocketConnection;
import dev.postern.wire.TlsState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Our client resumes its sessions with a server of the JDK's, which tells by the age of its sessions which are
/// resumed.
class ResumptionTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<Long> began = new CopyOnWriteArrayList<>();
    private final List<Integer> clientCertificates = new CopyOnWriteArrayList<>();
    private final Identity identity = identity("mx.example.org");
    private final ServerSocket listening = listen();
    private final SSLContext context = context(identity);

    private static Identity identity(String name) {
        try {
            return SelfSigned.make(List.of(name), Instant.now(), Duration.ofDays(1), Optional.empty())
                    .identity();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static SSLContext context(Identity identity) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "it", identity.key(), new char[0], identity.chain().toArray(Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), new javax.net.ssl.TrustManager[] {new AnyCertificate()}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Serves connections until the test is over: a handshake, and an octet for an octet.
    private void serve(String version) {
        Thread.ofVirtual().start(() -> {
            while (!listening.isClosed()) {
                try (Socket plain = listening.accept();
                        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                                .createSocket(plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true)) {
                    socket.setUseClientMode(false);
                    socket.setWantClientAuth(true);
                    socket.setEnabledProtocols(new String[] {version});
                    socket.startHandshake();
                    began.add(socket.getSession().getCreationTime());
                    clientCertificates.add(shown(socket));
                    socket.getOutputStream().write(socket.getInputStream().read());
                } catch (IOException clientGone) {
                    began.add(-1L);
                }
            }
        });
    }

    private static int shown(SSLSocket socket) {
        try {
            return socket.getSession().getPeerCertificates().length;
        } catch (javax.net.ssl.SSLPeerUnverifiedException none) {
            return 0;
        }
    }

    @AfterEach
    void close() throws IOException {
        listening.close();
    }

    /// One connection in which something is said, so that the client has heard all that the server has for it.
    private PeerCheck connect(ClientTls tls, CertificateCheck check) throws IOException {
        Endpoint.Inet server = new Endpoint.Inet(listening.getInetAddress(), listening.getLocalPort());
        SocketConnection connection = SocketConnection.connect(server, Optional.empty(), Deadline.after(LONG));
        try {
            TlsState agreed = connection.startTls(tls.checked("mx.example.org", check), Deadline.after(LONG));
            connection.write(new byte[] {42}, Deadline.after(LONG));
            connection.flush(Deadline.after(LONG));
            assertThat(connection.awaitReadable(Deadline.after(LONG))).isTrue();
            connection.readable();
            return agreed.peer();
        } finally {
            connection.close();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.postern.tls.Providers#versions")
    void aSessionIsResumedAndItsCertificateCheckedAnew(TlsProvider provider, String version) throws Exception {
        serve(version);
        ClientTls tls = new ClientTls(provider, List.of());
        List<X509Certificate> shown = new CopyOnWriteArrayList<>();
        CertificateCheck good = chain -> {
            shown.add(chain.getFirst());
            return new PeerCheck.Proven("test");
        };
        connect(tls, good);
        assertThat(connect(tls, good).isProven()).isTrue();
        assertThat(began).hasSize(2);
        assertThat(began.get(1)).as("the age of the session").isEqualTo(began.getFirst());
        assertThat(shown)
                .containsExactly(identity.chain().getFirst(), identity.chain().getFirst());
        CertificateCheck other = _ -> new PeerCheck.Unproven(PeerCheck.Fault.NOT_TRUSTED, "for others");
        assertThat(connect(tls, other).isProven()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("dev.postern.tls.Providers#versions")
    void noSessionIsResumedInAnotherManner(TlsProvider provider, String version) throws Exception {
        serve(version);
        ClientTls tls = new ClientTls(provider, List.of());
        ClientTls named = tls.in(new ClientTls.Manner(TlsVersion.TLS_1_2, Optional.of(identity("client.example"))));
        connect(tls, CertificateCheck.none());
        connect(named, CertificateCheck.none());
        connect(tls, CertificateCheck.none());
        connect(named, CertificateCheck.none());
        assertThat(clientCertificates).containsExactly(0, 1, 0, 1);
        assertThat(began.get(1)).isNotEqualTo(began.get(0));
        assertThat(began.get(2)).isEqualTo(began.get(0));
        assertThat(began.get(3)).isEqualTo(began.get(1));
    }
}
