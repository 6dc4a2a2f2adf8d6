package dev.postern.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.crypto.Identity;
import dev.postern.crypto.SelfSigned;
import dev.postern.dns.DomainName;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Which certificate a client gets, over real connections, with both implementations on our side. The client is
/// always the JDK's, which can be told exactly what to offer.
class ServerCertificatesTest {
    private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();
    private static final String[] ANY = {};
    private static final String[] ECDSA = {"ecdsa_secp256r1_sha256"};
    private static final String[] RSA = {"rsa_pss_rsae_sha256", "rsa_pkcs1_sha256"};
    private static final String[] ED25519_OR_ECDSA = {"ed25519", "ecdsa_secp256r1_sha256"};

    @AfterAll
    static void endThreads() {
        THREADS.close();
    }

    private static Identity made(SelfSigned.Kind kind, String... names) throws IOException {
        return made(kind, Duration.ofDays(10), names);
    }

    private static Identity made(SelfSigned.Kind kind, Duration validity, String... names) throws IOException {
        return SelfSigned.make(kind, List.of(names), Instant.now(), validity, Optional.empty())
                .identity();
    }

    private static ServerTls server(TlsProvider provider, Identity... identities) throws IOException {
        return new ServerTls(provider, new ShownIdentities(List.of(identities), DomainName.of("mail.example.org")));
    }

    /// The certificate that a client gets.
    ///
    /// @param name for SNI; empty: none
    /// @param signatures that it can check; none: all that it knows
    private static X509Certificate got(ServerTls server, String protocol, String name, String[] signatures)
            throws Exception {
        SSLContext context = TlsProvider.jsse().context(null, new TrustManager[] {new AnyCertificate()});
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answering = CompletableFuture.runAsync(() -> answer(listening, server), THREADS);
            try (Socket plain = new Socket(listening.getInetAddress(), listening.getLocalPort());
                    SSLSocket socket = (SSLSocket)
                            context.getSocketFactory().createSocket(plain, "127.0.0.1", plain.getPort(), true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setProtocols(new String[] {protocol});
                if (!name.isEmpty()) {
                    parameters.setServerNames(List.of(new SNIHostName(name)));
                }
                if (signatures.length > 0) {
                    parameters.setSignatureSchemes(signatures);
                }
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                assertThat(socket.getInputStream().read()).isEqualTo(42);
                return (X509Certificate) socket.getSession().getPeerCertificates()[0];
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
            return; // the client tells its test
        }
    }

    @ParameterizedTest
    @MethodSource("dev.postern.tls.Providers#all")
    void nameThatIsAskedForDecides(TlsProvider provider) throws Exception {
        Identity own = made(SelfSigned.Kind.ECDSA, "mail.example.org");
        Identity other = made(SelfSigned.Kind.ECDSA, "mx.example.com", "smtp.example.com");
        Identity wild = made(SelfSigned.Kind.ECDSA, "*.example.com");
        ServerTls server = server(provider, wild, other, own);

        for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
            assertThat(got(server, protocol, "mail.example.org", ANY)).isEqualTo(leaf(own));
            assertThat(got(server, protocol, "MX.example.com", ANY)).isEqualTo(leaf(other));
            assertThat(got(server, protocol, "smtp.example.com", ANY)).isEqualTo(leaf(other));
            assertThat(got(server, protocol, "imap.example.com", ANY)).isEqualTo(leaf(wild));
            assertThat(got(server, protocol, "a.b.example.com", ANY)).isEqualTo(leaf(own));
            assertThat(got(server, protocol, "example.com", ANY)).isEqualTo(leaf(own));
            assertThat(got(server, protocol, "", ANY)).isEqualTo(leaf(own));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.postern.tls.Providers#all")
    void whereNoneIsForThisHostTheOneThatLastsLongestIsShown(TlsProvider provider) throws Exception {
        Identity shorter = made(SelfSigned.Kind.ECDSA, Duration.ofDays(5), "mx.example.com");
        Identity longer = made(SelfSigned.Kind.ECDSA, Duration.ofDays(50), "mx.example.net");

        assertThat(got(server(provider, shorter, longer), "TLSv1.3", "", ANY)).isEqualTo(leaf(longer));
    }

    @ParameterizedTest
    @MethodSource("dev.postern.tls.Providers#all")
    void ofTwoKindsOfKeysTheClientGetsOneThatItCanCheck(TlsProvider provider) throws Exception {
        Identity ecdsa = made(SelfSigned.Kind.ECDSA, "mail.example.org");
        Identity rsa = made(SelfSigned.Kind.RSA, "mail.example.org");
        ServerTls server = server(provider, rsa, ecdsa);

        for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
            assertThat(got(server, protocol, "mail.example.org", ECDSA)).isEqualTo(leaf(ecdsa));
            assertThat(got(server, protocol, "mail.example.org", RSA)).isEqualTo(leaf(rsa));
            assertThat(got(server, protocol, "mail.example.org", ANY)).isEqualTo(leaf(ecdsa));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.postern.tls.Providers#all")
    void anotherNameIsBetterThanNoHandshake(TlsProvider provider) throws Exception {
        Identity rsa = made(SelfSigned.Kind.RSA, "mail.example.org");
        Identity ecdsa = made(SelfSigned.Kind.ECDSA, "mx.example.com");

        assertThat(got(server(provider, rsa, ecdsa), "TLSv1.3", "mx.example.com", RSA))
                .isEqualTo(leaf(rsa));
    }

    @Test
    void ed25519IsShownToClientsThatOfferIt() throws Exception {
        Identity ed25519 = made(SelfSigned.Kind.ED25519, "mail.example.org");
        Identity ecdsa = made(SelfSigned.Kind.ECDSA, "mail.example.org");
        ServerTls server = server(TlsProvider.jsse(), ecdsa, ed25519);

        assertThat(got(server, "TLSv1.3", "", ED25519_OR_ECDSA)).isEqualTo(leaf(ed25519));
        assertThat(got(server, "TLSv1.3", "", ECDSA)).isEqualTo(leaf(ecdsa));
    }

    @Test
    void conscryptIsNotAskedForEd25519() throws Exception {
        TlsProvider conscrypt = TlsProvider.conscrypt().orElseThrow();
        Identity ed25519 = made(SelfSigned.Kind.ED25519, "mail.example.org");
        Identity ecdsa = made(SelfSigned.Kind.ECDSA, "mail.example.org");

        assertThat(got(server(conscrypt, ed25519, ecdsa), "TLSv1.3", "", ED25519_OR_ECDSA))
                .isEqualTo(leaf(ecdsa));
        assertThatThrownBy(() -> server(conscrypt, ed25519))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("conscrypt");
    }

    @ParameterizedTest
    @MethodSource("dev.postern.tls.Providers#all")
    void clientThatCanCheckNoneGetsNone(TlsProvider provider) throws Exception {
        Identity ecdsa = made(SelfSigned.Kind.ECDSA, "mail.example.org");

        assertThatThrownBy(() -> got(server(provider, ecdsa), "TLSv1.3", "", RSA))
                .isInstanceOf(SSLException.class);
    }

    private static X509Certificate leaf(Identity identity) {
        return identity.chain().getFirst();
    }
}
