package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.ListenerRole;
import dev.postern.tls.ClientTls;
import dev.postern.tls.TlsProvider;
import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.SocketConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Nothing crosses the line that STARTTLS draws, with either provider of TLS: what was sent in the clear is never
/// executed under TLS, and what was known before it is forgotten.
class StartTlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PATIENCE_MILLIS = 20_000;
    private static final String EHLO = "EHLO client.example\r\n";
    private static final String ENVELOPE = EHLO + "MAIL FROM:<ann@example.com>\r\nRCPT TO:<alice@example.org>\r\n";

    /// What somebody in the middle puts in the clear behind STARTTLS.
    private static final List<String> INJECTIONS = List.of(
            "M",
            "\r\n",
            "RSET\r\n",
            "EHLO evil.example\r\n",
            "MAIL FROM:<evil@example.com>\r\nRCPT TO:<alice@example.org>\r\nDATA\r\nX: y\r\n.\r\n",
            "BDAT 6 LAST\r\nX: y\r\n",
            "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n",
            "STARTTLS\r\n");

    static Stream<TlsProvider> providers() {
        return Stream.of(TlsProvider.jsse(), TlsProvider.conscrypt().orElseThrow());
    }

    static Stream<Arguments> injections() {
        return providers().flatMap(provider -> INJECTIONS.stream().map(clear -> Arguments.of(provider, clear)));
    }

    /// A client that writes octets as they are, and a session that hears it.
    private record Wire(World world, Socket client, Thread session) implements AutoCloseable {
        static Wire open(TlsProvider provider) throws IOException {
            World world = new World(provider);
            InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
            try (ServerSocket listening = new ServerSocket(0, 1, loopback)) {
                Socket client = new Socket(loopback, listening.getLocalPort());
                client.setSoTimeout(PATIENCE_MILLIS);
                client.setTcpNoDelay(true);
                Thread session = Thread.ofVirtual()
                        .start(new ServerSession(
                                SocketConnection.over(listening.accept()),
                                world.spool.nextId(),
                                world.setup(World.settings(ListenerRole.MX))));
                return new Wire(world, client, session);
            }
        }

        void send(byte[] octets) throws IOException {
            client.getOutputStream().write(octets);
        }

        void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.US_ASCII));
        }

        /// Reads up to the end of a reply with this code.
        void await(String code) throws IOException {
            InputStream in = client.getInputStream();
            StringBuilder line = new StringBuilder();
            while (!(line.toString().startsWith(code + " ") && line.toString().endsWith("\n"))) {
                int octet = in.read();
                assertThat(octet).as("the server speaks on").isNotNegative();
                line.append((char) octet);
                if (octet == '\n' && !line.toString().startsWith(code + " ")) {
                    line.setLength(0);
                }
            }
        }

        /// All that the server still says.
        String rest() throws IOException {
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            try {
                client.getInputStream().transferTo(rest);
            } catch (java.net.SocketException reset) {
                return rest.toString(StandardCharsets.ISO_8859_1); // closed with what it did not read
            }
            return rest.toString(StandardCharsets.ISO_8859_1);
        }

        void assertNothingCameOfIt() throws InterruptedException {
            assertThat(session.join(PATIENCE)).isTrue();
            assertThat(world.spool.count()).isZero();
            assertThat(world.spool.open()).isEmpty();
            assertThat(world.events(SessionEvent.Encrypted.class)).isEmpty();
            assertThat(world.events(SessionEvent.Broken.class)).isEmpty();
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    /// The first octets of a TLS handshake.
    private static byte[] clientHello() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine("mx.example.org", 25);
        engine.setUseClientMode(true);
        engine.beginHandshake();
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        return Arrays.copyOf(hello.array(), hello.position());
    }

    private static byte[] join(String clear, byte[] tls) {
        byte[] text = clear.getBytes(StandardCharsets.US_ASCII);
        byte[] both = Arrays.copyOf(text, text.length + tls.length);
        System.arraycopy(tls, 0, both, text.length, tls.length);
        return both;
    }

    @ParameterizedTest
    @MethodSource("injections")
    void whatComesInOnePacketWithStartTlsEndsTheSessionUnheard(TlsProvider provider, String clear) throws Exception {
        try (Wire wire = Wire.open(provider)) {
            wire.await("220");
            wire.send(EHLO + "STARTTLS\r\n" + clear);
            wire.await("250");
            assertThat(wire.rest()).isEmpty();
            wire.assertNothingCameOfIt();
            assertThat(wire.world().events(SessionEvent.InjectionAttempt.class)).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("injections")
    void whatComesBeforeTheHandshakeEndsItUnheard(TlsProvider provider, String clear) throws Exception {
        try (Wire wire = Wire.open(provider)) {
            wire.send(EHLO);
            wire.await("250");
            wire.send("STARTTLS\r\n");
            wire.await("220");
            wire.send(join(clear, clientHello()));
            wire.client().shutdownOutput();
            assertThat(wire.rest()).doesNotContain("250", "354", "503", "220", "500");
            wire.assertNothingCameOfIt();
            assertThat(wire.world().events(SessionEvent.HandshakeFailed.class)).hasSize(1);
        }
    }

    /// What looks like STARTTLS within a content is content, and a real one behind it does not take what follows along.
    @ParameterizedTest
    @MethodSource("injections")
    void startTlsBehindAContentTakesNothingAlong(TlsProvider provider, String clear) throws Exception {
        for (String content : List.of("BDAT 18\r\nX: y\r\n\r\nSTARTTLS\r\n", "DATA\r\nX: y\r\n\r\nSTARTTLS\r\n.\r\n")) {
            try (Wire wire = Wire.open(provider)) {
                wire.await("220");
                wire.send(ENVELOPE + content + "STARTTLS\r\n" + clear);
                for (int replies = 0; replies < 3; replies++) {
                    wire.await("250");
                }
                String rest = wire.rest();
                if (content.startsWith("BDAT")) {
                    assertThat(rest).isEqualTo("250 2.0.0 18 octets taken\r\n");
                } else {
                    assertThat(rest).matches("354 [^\r\n]*\r\n250 2\\.0\\.0 ok: queued as \\w+\r\n");
                }
                assertThat(wire.session().join(PATIENCE)).isTrue();
                assertThat(wire.world().spool.count()).isEqualTo(content.startsWith("BDAT") ? 0 : 1);
                assertThat(wire.world().spool.open()).isEmpty();
                assertThat(wire.world().events(SessionEvent.Encrypted.class)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void nothingKnownBeforeIsKnownBehindIt(TlsProvider provider) throws Exception {
        for (String before :
                List.of(EHLO, ENVELOPE, ENVELOPE + "BDAT 6\r\nX: y\r\n", ENVELOPE + "BDAT 6 X\r\nX: y\r\n")) {
            World world = new World(provider);
            InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
            try (ServerSocket listening = new ServerSocket(0, 1, loopback);
                    Connection client = SocketConnection.connect(
                            new Endpoint.Inet(loopback, listening.getLocalPort()),
                            Optional.empty(),
                            Deadline.after(PATIENCE))) {
                Thread session = Thread.ofVirtual()
                        .start(new ServerSession(
                                SocketConnection.over(listening.accept()),
                                world.spool.nextId(),
                                world.setup(World.settings(ListenerRole.MX))));
                say(client, before + "STARTTLS\r\n");
                String said = hear(client);
                while (!said.equals("220 2.0.0 ready for TLS")) { // the replies to what came before
                    said = hear(client);
                }
                client.startTls(
                        new ClientTls(provider, List.of()).unverified(World.HOST.text()), Deadline.after(PATIENCE));
                say(client, "MAIL FROM:<ann@example.com>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nBDAT 0 LAST\r\n");
                for (int replies = 0; replies < 4; replies++) {
                    assertThat(hear(client)).startsWith("503 5.5.1 say EHLO first");
                }
                say(client, EHLO + "RCPT TO:<bob@example.org>\r\nSTARTTLS\r\nQUIT\r\n");
                String announced = hear(client);
                while (announced.startsWith("250-")) {
                    assertThat(announced).doesNotContain("STARTTLS");
                    announced = hear(client);
                }
                assertThat(hear(client)).startsWith("503 5.5.1 say MAIL first");
                assertThat(hear(client)).startsWith("503 5.5.1 TLS is on already");
                assertThat(hear(client)).startsWith("221 ");
                assertThat(session.join(PATIENCE)).isTrue();
            }
            assertThat(world.spool.count()).isZero();
            assertThat(world.spool.open()).isEmpty();
        }
    }

    private static void say(Connection client, String text) throws IOException {
        client.write(text.getBytes(StandardCharsets.US_ASCII), Deadline.after(PATIENCE));
        client.flush(Deadline.after(PATIENCE));
    }

    private static String hear(Connection client) throws IOException {
        return client.readLine(1024, Deadline.after(PATIENCE)).latin1();
    }
}
