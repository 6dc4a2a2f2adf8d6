package dev.postern.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Identity;
import dev.postern.dns.Resolver;
import dev.postern.dns.ZoneResolver;
import dev.postern.wire.PeerCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpsClientTest {
    private static final String HOST = "mta-sts.example.org";
    private static final WebSettings SETTINGS = new WebSettings(Duration.ofSeconds(20), 1000, 2000, 10, true);
    private static final WebSettings HASTY = new WebSettings(Duration.ofMillis(700), 1000, 2000, 10, true);

    private static final Resolver NAMES = ZoneResolver.of("""
            mta-sts.example.org. 60 IN A 127.0.0.1
            both.example.org. 60 IN AAAA ::ffff:127.0.0.1
            both.example.org. 60 IN A 127.0.0.1
            mapped.example.org. 60 IN AAAA ::ffff:10.0.0.1
            metadata.example.org. 60 IN A 169.254.169.254
            empty.example.org. 60 IN TXT "nothing"
            """);

    private static TestAuthority authority;
    private static Identity good;

    @BeforeAll
    static void certify() throws Exception {
        authority = new TestAuthority();
        good = authority.certify(HOST);
    }

    private static WebAnswer get(WebSettings settings, Identity identity, ScriptedServer.Script script)
            throws IOException {
        try (ScriptedServer server = new ScriptedServer(identity, script);
                HttpsClient client = new HttpsClient(settings, NAMES, List.of(authority.root()))) {
            return client.get(URI.create("https://" + HOST + ":" + server.port() + "/a/file.txt"));
        }
    }

    private static WebAnswer get(ScriptedServer.Script script) throws IOException {
        return get(SETTINGS, good, script);
    }

    @Test
    void answerIsReadAndWhatWasAskedIsPlain() throws Exception {
        try (ScriptedServer server = new ScriptedServer(good, ScriptedServer.Script.file("one\ntwo"));
                HttpsClient client = new HttpsClient(SETTINGS, NAMES, List.of(authority.root()))) {
            WebAnswer answer = client.get(URI.create("https://" + HOST + ":" + server.port() + "/a/file.txt"));

            assertThat(answer).isEqualTo(new WebAnswer.Answered(200, Optional.of("text/plain"), "one\ntwo", true));
            assertThat(server.requests()).hasSize(1);
            assertThat(server.requests().getFirst().split("\n", -1))
                    .startsWith(HOST, "GET /a/file.txt HTTP/1.1")
                    .containsOnlyOnce("Connection: close")
                    .noneMatch(line -> line.startsWith("Accept-Encoding") || line.startsWith("Cookie"));
        }
    }

    @Test
    void octetsArePosted() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer(good, ScriptedServer.Script.of("HTTP/1.1 201 Made\nContent-Length: 0\n\n"));
                HttpsClient client = new HttpsClient(SETTINGS, NAMES, List.of(authority.root()))) {
            WebAnswer answer = client.post(
                    URI.create("https://" + HOST + ":" + server.port() + "/report"),
                    "application/tlsrpt+gzip",
                    "\u001f\u008bpacked".getBytes(StandardCharsets.ISO_8859_1));

            assertThat(answer).isEqualTo(new WebAnswer.Answered(201, Optional.empty(), "", true));
            assertThat(server.requests().getFirst())
                    .contains("POST /report HTTP/1.1\n", "Content-Type: application/tlsrpt+gzip\n")
                    .endsWith("\u001f\u008bpacked");
        }
    }

    @Test
    void redirectIsAnAnswerAndIsNotFollowed() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                        good, ScriptedServer.Script.of("HTTP/1.1 302 There\nLocation: /other\nContent-Length: 0\n\n"));
                HttpsClient client = new HttpsClient(SETTINGS, NAMES, List.of(authority.root()))) {
            assertThat(client.get(URI.create("https://" + HOST + ":" + server.port() + "/")))
                    .isEqualTo(new WebAnswer.Answered(302, Optional.empty(), "", true));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void packedBodyStaysPacked() throws Exception {
        WebAnswer answer =
                get(ScriptedServer.Script.of("HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: 6\n\nno zip"));

        assertThat(answer).isEqualTo(new WebAnswer.Answered(200, Optional.empty(), "no zip", true));
    }

    @Test
    void passwordThatIsAskedForIsNotGiven() throws Exception {
        assertThat(get(ScriptedServer.Script.of(
                        "HTTP/1.1 401 Who\nWWW-Authenticate: Basic realm=\"x\"\nContent-Length: 0\n\n")))
                .isEqualTo(new WebAnswer.Answered(401, Optional.empty(), "", true));
    }

    @Test
    void bodyOfAHundredMegabytesIsReadToTheBoundOnly() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        WebAnswer answer = get(out -> {
            try {
                ScriptedServer.Script.of("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 104857600\n\n")
                        .answer(out);
                byte[] octets = "0123456789abcdef".repeat(4096).getBytes(StandardCharsets.US_ASCII);
                for (int i = 0; i < 1600; i++) {
                    out.write(octets);
                }
            } catch (IOException gone) {
                left.countDown();
            }
        });

        assertThat(answer).isInstanceOfSatisfying(WebAnswer.Answered.class, answered -> {
            assertThat(answered.whole()).isFalse();
            assertThat(answered.body()).hasSize(1000).startsWith("0123456789abcdef");
        });
        left.await();
    }

    @Test
    void bodyAsLongAsTheBoundIsWhole() throws Exception {
        assertThat(get(ScriptedServer.Script.file("x".repeat(1000))))
                .isEqualTo(new WebAnswer.Answered(200, Optional.of("text/plain"), "x".repeat(1000), true));
    }

    @Test
    void bodyInChunksIsRead() throws Exception {
        assertThat(get(ScriptedServer.Script.of("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n2\nde\n0\n\n")))
                .isEqualTo(new WebAnswer.Answered(200, Optional.empty(), "abcde", true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-Server\n",
                "HTTP/1.1 two hundred\n\n",
            })
    void whatIsNoHttpIsTold(String text) throws Exception {
        assertThat(get(ScriptedServer.Script.of(text))).isInstanceOf(WebAnswer.Garbled.class);
    }

    @Test
    void headerBeyondTheBoundIsTold() throws Exception {
        assertThat(get(ScriptedServer.Script.of("HTTP/1.1 200 OK\nX-Long: " + "y".repeat(3000) + "\n\n")))
                .isInstanceOf(WebAnswer.Garbled.class);
    }

    @Test
    void headerWithoutAnEndIsTold() throws Exception {
        assertThat(get(out -> {
                    ScriptedServer.Script.of("HTTP/1.1 200 OK\n").answer(out);
                    while (true) {
                        ScriptedServer.Script.of("X-More: and more\n").answer(out);
                    }
                }))
                .isInstanceOf(WebAnswer.Garbled.class);
    }

    @Test
    void connectionThatEndsEarlyIsNoAnswer() throws Exception {
        assertThat(get(out -> {})).isInstanceOf(WebAnswer.Unreachable.class);
        assertThat(get(ScriptedServer.Script.of("HTTP/1.1 200 OK\nContent-Length: 100\n\nhalf")))
                .isInstanceOf(WebAnswer.Unreachable.class);
        assertThat(get(ScriptedServer.Script.of("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nmany\n")))
                .isInstanceOf(WebAnswer.Unreachable.class);
    }

    @Test
    void serverThatDripsIsTooSlow() throws Exception {
        assertThat(get(HASTY, good, out -> {
                    ScriptedServer.Script.of("HTTP/1.1 200 OK\nContent-Length: 900\n\n")
                            .answer(out);
                    while (true) {
                        out.write('x');
                        out.flush();
                        Thread.sleep(50);
                    }
                }))
                .isInstanceOf(WebAnswer.TooSlow.class);
    }

    @Test
    void serverThatIsSilentInTheHandshakeIsTooSlow() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                HttpsClient client = new HttpsClient(HASTY, NAMES, List.of(authority.root()))) {
            assertThat(client.get(URI.create("https://" + HOST + ":" + silent.getLocalPort() + "/")))
                    .isInstanceOf(WebAnswer.TooSlow.class);
        }
    }

    @Test
    void certificateThatProvesNothingIsToldByItsFaultAndNothingIsAsked() throws Exception {
        assertThat(unproven(authority.certify("www.example.org"))).isEqualTo(PeerCheck.Fault.WRONG_NAME);
        assertThat(unproven(authority.certify("*.mta-sts.example.org"))).isEqualTo(PeerCheck.Fault.WRONG_NAME);
        assertThat(unproven(authority.withSubjectOnly(HOST))).isEqualTo(PeerCheck.Fault.WRONG_NAME);
        assertThat(unproven(authority.expired(HOST))).isEqualTo(PeerCheck.Fault.EXPIRED);
        assertThat(unproven(new TestAuthority().certify(HOST))).isEqualTo(PeerCheck.Fault.NOT_TRUSTED);
    }

    private static PeerCheck.Fault unproven(Identity identity) throws Exception {
        try (ScriptedServer server = new ScriptedServer(identity, ScriptedServer.Script.file("secret"));
                HttpsClient client = new HttpsClient(SETTINGS, NAMES, List.of(authority.root()))) {
            WebAnswer answer = client.get(URI.create("https://" + HOST + ":" + server.port() + "/"));
            assertThat(server.requests()).isEmpty();
            assertThat(answer).isInstanceOf(WebAnswer.Unproven.class);
            return ((WebAnswer.Unproven) answer).fault();
        }
    }

    @Test
    void wildcardOfOneLabelDoes() throws Exception {
        assertThat(get(SETTINGS, authority.certify("*.example.org"), ScriptedServer.Script.file("yes")))
                .isInstanceOf(WebAnswer.Answered.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://mta-sts.example.org/",
                "https://user:word@mta-sts.example.org/",
                "https://127.0.0.1/",
                "https://[::1]/",
                "https://_x.example.org/",
                "https://mta-sts.example.org:0/",
                "https://mta-sts.example.org:65536/",
                "https://mta-sts.example.org:2147483647/",
                "https:opaque",
                "relative/path",
                "https:///etc/passwd",
                "file:///etc/passwd",
                "https://unknown.example.org/",
                "https://empty.example.org/",
            })
    void whatHasNoAddressIsNotReached(String address) throws Exception {
        try (HttpsClient client = new HttpsClient(SETTINGS, NAMES, List.of(authority.root()))) {
            assertThat(client.get(URI.create(address))).isInstanceOf(WebAnswer.Unreachable.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {HOST, "both.example.org", "mapped.example.org", "metadata.example.org"})
    void nothingInsideIsConnectedTo(String host) throws Exception {
        try (ServerSocket inside = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                HttpsClient client = new HttpsClient(WebSettings.usual(), NAMES, List.of(authority.root()))) {
            assertThat(client.get(URI.create("https://" + host + ":" + inside.getLocalPort() + "/")))
                    .isInstanceOfSatisfying(
                            WebAnswer.Unreachable.class,
                            unreachable -> assertThat(unreachable.why()).contains("no public address"));
            inside.setSoTimeout(1);
            assertThat(connected(inside)).isFalse();
        }
    }

    private static boolean connected(ServerSocket inside) throws IOException {
        try {
            inside.accept().close();
            return true;
        } catch (java.net.SocketTimeoutException nobody) {
            return false;
        }
    }

    @Test
    void clientThatWasNeverAskedHasNoThreads() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (HttpsClient client = new HttpsClient(SETTINGS, NAMES, List.of())) {
            assertThat(client).isNotNull();
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !before.contains(thread))
                    .noneMatch(thread -> thread.getName().startsWith("postern-web"));
        }
    }

    @Test
    void closedClientAsksNobody() throws Exception {
        HttpsClient client = new HttpsClient(SETTINGS, NAMES, List.of());
        client.close();

        assertThat(client.get(URI.create("https://" + HOST + "/"))).isInstanceOf(WebAnswer.Unreachable.class);
    }
}
