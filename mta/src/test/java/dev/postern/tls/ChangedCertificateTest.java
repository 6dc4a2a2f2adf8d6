package dev.postern.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Identity;
import dev.postern.crypto.SelfSigned;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.PeerCheck;
import dev.postern.wire.SocketConnection;
import dev.postern.wire.TlsState;
import dev.postern.wire.TlsUpgrade;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A server gets another certificate while it keeps the keys of its tickets, so that it goes on with sessions
/// that began with the old one, as OpenSSL's servers do.
class ChangedCertificateTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int CONNECTIONS = 3;

    /// The JDK's goes on with no session of another certificate.
    private static final TlsProvider SERVER = TlsProvider.conscrypt().orElseThrow();

    private final Identity old = identity();
    private final Identity fresh = identity();
    private volatile Identity shown = old;
    private final ServerSocket listening = listen();

    private static Identity identity() {
        try {
            return SelfSigned.make(List.of("mx.example.org"), Instant.now(), Duration.ofDays(1), Optional.empty())
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

    /// Serves connections, each in a thread, until the test is over: a handshake, and an octet for an octet.
    private void serve(String version) {
        TlsUpgrade upgrade = ShowingServer.upgrade(SERVER, () -> shown, version);
        Thread.ofVirtual().start(() -> {
            while (!listening.isClosed()) {
                try {
                    Socket plain = listening.accept();
                    Thread.ofVirtual().start(() -> converse(plain, upgrade));
                } catch (IOException over) {
                    return;
                }
            }
        });
    }

    private static void converse(Socket plain, TlsUpgrade upgrade) {
        try (plain;
                SSLSocket socket = upgrade.layer(plain)) {
            socket.startHandshake();
            int octet = socket.getInputStream().read();
            while (octet >= 0) {
                socket.getOutputStream().write(octet);
                octet = socket.getInputStream().read();
            }
        } catch (IOException clientGone) {
            // the client says what came of it
        }
    }

    @AfterEach
    void close() throws IOException {
        listening.close();
    }

    private SocketConnection connection() throws IOException {
        Endpoint.Inet server = new Endpoint.Inet(listening.getInetAddress(), listening.getLocalPort());
        return SocketConnection.connect(server, Optional.empty(), Deadline.after(LONG));
    }

    private static void say(SocketConnection connection) throws IOException {
        connection.write(new byte[] {42}, Deadline.after(LONG));
        connection.flush(Deadline.after(LONG));
        assertThat(connection.awaitReadable(Deadline.after(LONG))).isTrue();
        connection.readable();
    }

    private PeerCheck connect(ClientTls tls, CertificateCheck check) throws IOException {
        SocketConnection connection = connection();
        try {
            TlsState agreed = connection.startTls(tls.checked("mx.example.org", check), Deadline.after(LONG));
            say(connection);
            return agreed.peer();
        } finally {
            connection.close();
        }
    }

    private static CertificateCheck wanted(Identity identity) {
        return chain -> chain.getFirst().equals(identity.chain().getFirst())
                ? new PeerCheck.Proven("test")
                : new PeerCheck.Unproven(PeerCheck.Fault.NO_TLSA_MATCH, "another one");
    }

    @ParameterizedTest
    @MethodSource("dev.postern.tls.Providers#versions")
    void afterOneSessionInVainTheNextIsNewHoweverManyCouldBeGoneOnWith(TlsProvider provider, String version)
            throws Exception {
        serve(version);
        ClientTls tls = new ClientTls(provider, List.of());
        List<SocketConnection> open = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            SocketConnection connection = connection();
            open.add(connection);
            connection.startTls(tls.checked("mx.example.org", wanted(old)), Deadline.after(LONG));
        }
        for (SocketConnection connection : open) {
            say(connection);
            connection.close();
        }
        shown = fresh;
        List<Boolean> proven = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS * 2; i++) {
            proven.add(connect(tls, wanted(fresh)).isProven());
        }
        assertThat(proven.getFirst()).as("a session of before is gone on with").isFalse();
        assertThat(proven.subList(1, proven.size())).containsOnly(true);
    }
}
