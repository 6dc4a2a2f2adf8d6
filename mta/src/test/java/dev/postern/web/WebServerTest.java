package dev.postern.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.crypto.Identity;
import dev.postern.crypto.SelfSigned;
import dev.postern.dns.DomainName;
import dev.postern.tls.ChallengeIdentities;
import dev.postern.tls.ServerTls;
import dev.postern.tls.ShownIdentities;
import dev.postern.tls.TlsProvider;
import dev.postern.tls.WebTls;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebServerTest {
    private static final Pages PAGES = request -> Optional.of(request)
            .filter(one -> one.path().equals("/.well-known/it"))
            .filter(one -> one.host().equals("mail.example.org"))
            .map(one -> Page.plain(one.tls() ? "under TLS\n" : "in the clear\n"));

    private static final List<Endpoint.Inet> LOOPBACK = List.of(new Endpoint.Inet(InetAddress.getLoopbackAddress(), 0));

    private static Identity made(String name) throws IOException {
        return SelfSigned.make(List.of(name), Instant.now(), Duration.ofDays(1), Optional.empty())
                .identity();
    }

    private static WebServer open(WebServerSettings.Bounds bounds) throws IOException {
        return WebServer.open(
                new WebServerSettings(LOOPBACK, List.of(), bounds), PAGES, tls(ChallengeIdentities.none()));
    }

    private static WebTls tls(ChallengeIdentities challenges) throws IOException {
        return new WebTls(new ServerTls(TlsProvider.best(), made("mail.example.org")), challenges);
    }

    private static Socket connect(Endpoint.Inet address) throws IOException {
        Socket socket = new Socket(address.address(), address.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /// All that the server says to a text until it closes.
    private static String exchange(Endpoint.Inet address, String text) throws IOException {
        try (Socket socket = connect(address)) {
            return exchange(socket, text);
        }
    }

    private static String exchange(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: mail.example.org\r\n\r\n";
    }

    @Test
    void exactPathOfTheHostIsServed() throws Exception {
        try (WebServer server = open(WebServerSettings.Bounds.usual())) {
            Endpoint.Inet address = server.httpAddresses().getFirst();

            assertThat(exchange(address, get("/.well-known/it")))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("Content-Type: text/plain")
                    .containsIgnoringCase("connection: close")
                    .doesNotContain("Server:")
                    .endsWith("\r\n\r\nin the clear\n");
            assertThat(exchange(address, get("/.well-known/it?x=y"))).endsWith("\r\n\r\nin the clear\n");
            assertThat(exchange(address, "HEAD /.well-known/it HTTP/1.1\r\nHost: MAIL.example.org:80\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: mail.example.org\r\n\r\n",
                "GET /.well-known/it/ HTTP/1.1\r\nHost: mail.example.org\r\n\r\n",
                "GET /.well-known/x HTTP/1.1\r\nHost: mail.example.org\r\n\r\n",
                "GET /.well-known/it HTTP/1.1\r\nHost: other.example.org\r\n\r\n",
                "POST /.well-known/it HTTP/1.1\r\nHost: mail.example.org\r\nContent-Length: 0\r\n\r\n",
                "DELETE /.well-known/it HTTP/1.1\r\nHost: mail.example.org\r\n\r\n",
            })
    void anythingElseIsNotFoundAndHasNoBody(String request) throws Exception {
        try (WebServer server = open(WebServerSettings.Bounds.usual())) {
            assertThat(exchange(server.httpAddresses().getFirst(), request))
                    .startsWith("HTTP/1.1 404 ")
                    .endsWith("\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /.well-known/../.well-known/it HTTP/1.1\r\nHost: mail.example.org\r\n\r\n",
                "GET /.well-known/%69t HTTP/1.1\r\nHost: mail.example.org\r\n\r\n",
                "GET //.well-known/it HTTP/1.1\r\nHost: mail.example.org\r\n\r\n",
                "GET /.well-known;x/it HTTP/1.1\r\nHost: mail.example.org\r\n\r\n",
                "GET /.well-known/it HTTP/1.1\r\n\r\n",
                "GET /.well-known/it HTTP/1.1\r\nHost: mail.example.org\r\nHost: b\r\n\r\n",
                "EHLO x\r\n\r\n",
                "\0\0\0\0\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            })
    void nothingElseNamesThePageAndNoErrorHasABody(String request) throws Exception {
        try (WebServer server = open(WebServerSettings.Bounds.usual())) {
            String answer = exchange(server.httpAddresses().getFirst(), request);

            assertThat(answer).doesNotContain("in the clear").doesNotContain(" 200 ");
            assertThat(answer.isEmpty() || answer.endsWith("\r\n\r\n"))
                    .as(answer)
                    .isTrue();
        }
    }

    @Test
    void longHeaderIsRefused() throws Exception {
        try (WebServer server = open(WebServerSettings.Bounds.usual())) {
            String request = "GET / HTTP/1.1\r\nHost: mail.example.org\r\nX: " + "x".repeat(9_000) + "\r\n\r\n";

            assertThat(exchange(server.httpAddresses().getFirst(), request)).contains(" 431 ");
        }
    }

    @Test
    void bodyThatNeverEndsIsNotReadToItsEnd() throws Exception {
        try (WebServer server = open(WebServerSettings.Bounds.usual());
                Socket socket = connect(server.httpAddresses().getFirst())) {
            assertThat(exchange(socket, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\nabc"))
                    .startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    void silentClientIsDropped() throws Exception {
        WebServerSettings.Bounds bounds =
                new WebServerSettings.Bounds(10, 8192, Duration.ofMillis(200), Duration.ofMinutes(5));
        try (WebServer server = open(bounds);
                Socket socket = connect(server.httpAddresses().getFirst())) {
            assertThat(exchange(socket, "GET /")).doesNotContain(" 200 ");
        }
    }

    @Test
    void clientThatDripsIsDropped() throws Exception {
        WebServerSettings.Bounds bounds =
                new WebServerSettings.Bounds(10, 8192, Duration.ofSeconds(10), Duration.ofMillis(500));
        try (WebServer server = open(bounds);
                Socket socket = connect(server.httpAddresses().getFirst())) {
            socket.getOutputStream().write("GET /".getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(50);
            assertThat(endsWhileItDrips(socket)).isTrue();
        }
    }

    /// Writes an octet whenever the server has said nothing for a while, until it has closed; gives up after long.
    private static boolean endsWhileItDrips(Socket socket) throws IOException {
        for (int i = 0; i < 400; i++) {
            try {
                if (socket.getInputStream().read() < 0) {
                    return true;
                }
            } catch (java.net.SocketTimeoutException notYet) {
                drip(socket);
            } catch (IOException reset) {
                return true; // the server has closed while we wrote
            }
        }
        return false;
    }

    private static void drip(Socket socket) {
        try {
            socket.getOutputStream().write('x');
        } catch (IOException closed) {
            return; // the next read tells
        }
    }

    @Test
    void whoIsBeyondTheLimitWaitsUntilAnotherHasGone() throws Exception {
        WebServerSettings.Bounds bounds =
                new WebServerSettings.Bounds(3, 8192, Duration.ofMillis(500), Duration.ofSeconds(5));
        try (WebServer server = open(bounds)) {
            Endpoint.Inet address = server.httpAddresses().getFirst();
            List<Socket> idle = new ArrayList<>();
            try {
                for (int i = 0; i < 6; i++) {
                    idle.add(connect(address));
                }
                assertThat(exchange(address, get("/.well-known/it"))).startsWith("HTTP/1.1 200 ");
            } finally {
                for (Socket socket : idle) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void addressThatIsTakenIsTold() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            WebServerSettings settings = WebServerSettings.at(
                    List.of(new Endpoint.Inet(taken.getInetAddress(), taken.getLocalPort())), List.of());

            assertThatThrownBy(() -> WebServer.open(settings, PAGES, tls(ChallengeIdentities.none())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(String.valueOf(taken.getLocalPort()));
        }
    }

    private static SSLSocket secured(Socket plain, String name, String... protocols) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Credulous()}, new SecureRandom());
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static X509Certificate certificateOf(SSLSocket socket) throws SSLException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    private static final class Credulous implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Test
    void tlsShowsTheCertificateOfTheMomentAndThatOfAChallengeToItsProtocolOnly() throws Exception {
        Identity first = made("mail.example.org");
        Identity second = made("mail.example.org");
        Identity challenge = made("mail.example.org");
        ServerTls shown = new ServerTls(TlsProvider.best(), first);
        ChallengeIdentities challenges =
                name -> Optional.of(challenge).filter(_ -> name.equals(DomainName.of("mail.example.org")));
        try (WebServer server =
                WebServer.open(WebServerSettings.at(List.of(), LOOPBACK), PAGES, new WebTls(shown, challenges))) {
            Endpoint.Inet address = server.httpsAddresses().getFirst();
            try (SSLSocket socket = secured(connect(address), "mail.example.org", "h2", "http/1.1")) {
                assertThat(exchange(socket, get("/.well-known/it"))).endsWith("under TLS\n");
                assertThat(certificateOf(socket)).isEqualTo(first.chain().getFirst());
                assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
            }
            shown.show(ShownIdentities.only(second));
            try (SSLSocket socket = secured(connect(address), "mail.example.org")) {
                assertThat(exchange(socket, get("/.well-known/it"))).endsWith("under TLS\n");
                assertThat(certificateOf(socket)).isEqualTo(second.chain().getFirst());
            }
            try (SSLSocket socket = secured(connect(address), "mail.example.org", ChallengeIdentities.PROTOCOL)) {
                socket.startHandshake();
                assertThat(certificateOf(socket)).isEqualTo(challenge.chain().getFirst());
                assertThat(socket.getApplicationProtocol()).isEqualTo(ChallengeIdentities.PROTOCOL);
            }
            try (SSLSocket socket = secured(connect(address), "other.example.org", ChallengeIdentities.PROTOCOL)) {
                assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
            }
        }
    }

    @Test
    void handshakeThatDripsIsDropped() throws Exception {
        WebServerSettings settings = new WebServerSettings(
                List.of(),
                LOOPBACK,
                new WebServerSettings.Bounds(10, 8192, Duration.ofSeconds(10), Duration.ofMillis(500)));
        try (WebServer server = WebServer.open(settings, PAGES, tls(ChallengeIdentities.none()));
                Socket socket = connect(server.httpsAddresses().getFirst())) {
            InputStream in = socket.getInputStream();
            socket.getOutputStream().write(new byte[] {22, 3, 1});
            assertThat(in.read()).isNegative();
        }
    }

    @Test
    void addressThatIsTakenIsNamedWithItsRole() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Endpoint.Inet address = new Endpoint.Inet(taken.getInetAddress(), taken.getLocalPort());
            assertThatThrownBy(() -> WebServer.open(
                            new WebServerSettings(LOOPBACK, List.of(address), WebServerSettings.Bounds.usual()),
                            PAGES,
                            tls(ChallengeIdentities.none())))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("The listener 'https' cannot listen on " + address
                            + ": another program has this address and port.");
        }
    }
}
