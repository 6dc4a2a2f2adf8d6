package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.wire.Connection;
import dev.postern.wire.ContentScan;
import dev.postern.wire.ContentSink;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.Line;
import dev.postern.wire.MemoryConnection;
import dev.postern.wire.Pace;
import dev.postern.wire.ProxyHeader;
import dev.postern.wire.TlsState;
import dev.postern.wire.TlsUpgrade;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;

/// A real session that finds all that its client ever says waiting for it, cut into pieces that arrive one after the
/// other, and lives to its end on the caller's thread.
///
/// The client comes from loopback, of which no manners are asked, so that it may say all at once.
///
/// Whatever it says is held against what every reply must be: lines of at most 512 octets (12288 of a challenge), CRLF
/// at their end, printable ASCII, one code from the first line of a reply to its last.
final class Recital {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MAX_REPLY_LINE = 512;
    private static final int MAX_CHALLENGE_LINE = 12_288;
    private static final int MOST_LINES = 40;
    private static final int CLIENT_PORT = 49_152;

    /// Taken for a handshake by every session; made once, since nothing in it is used.
    private static final TlsState TLS = tls();

    private final World world;
    private final ServerSessionSettings settings;
    private final InetAddress client;

    Recital(World world, ServerSessionSettings settings) {
        this(world, settings, InetAddress.ofLiteral("127.0.0.1"));
    }

    /// @param client where the client comes from
    Recital(World world, ServerSessionSettings settings, InetAddress client) {
        this.world = world;
        this.settings = settings;
        this.client = client;
    }

    /// What a session said, a reply each: its lines, joined with a line feed.
    record Said(List<String> replies) {
        /// Code and enhanced status of each reply, such as `250/2.1.0` or `354`.
        List<String> codes() {
            return replies.stream()
                    .map(reply -> reply.substring(reply.lastIndexOf('\n') + 1))
                    .map(line -> line.replaceFirst("^(\\d{3}) ([245]\\.\\d+\\.\\d+)?.*", "$1/$2"))
                    .map(code -> code.endsWith("/") ? code.substring(0, 3) : code)
                    .toList();
        }

        /// The replies without the ids in them.
        List<String> withoutIds() {
            return replies.stream()
                    .map(reply -> reply.replaceAll("\\(id \\w+\\)", "(id)").replaceAll("queued as \\w+", "queued"))
                    .toList();
        }
    }

    /// Plays a stream that arrives at once.
    Said play(byte[] stream) throws IOException {
        return play(stream, List.of(stream.length));
    }

    /// Plays a stream that arrives in two pieces.
    Said playCut(byte[] stream, int at) throws IOException {
        return play(stream, List.of(at, stream.length));
    }

    /// Plays a stream that arrives octet by octet.
    Said playDripping(byte[] stream) throws IOException {
        return play(stream, IntStream.rangeClosed(1, stream.length).boxed().toList());
    }

    /// Plays a stream in pieces.
    ///
    /// @param ends where each piece ends, the last at the end of the stream
    Said play(byte[] stream, List<Integer> ends) throws IOException {
        MemoryConnection.Pair pair = MemoryConnection.pair(
                new Endpoint.Inet(client, CLIENT_PORT),
                new Endpoint.Inet(InetAddress.ofLiteral("192.0.2.25"), 25),
                Optional.of(TLS));
        int start = 0;
        for (int end : ends) {
            pair.client().write(stream, start, end - start, Deadline.after(PATIENCE));
            pair.client().flush(Deadline.after(PATIENCE));
            start = end;
        }
        pair.client().close();
        Ear ear = new Ear(pair.server());
        new ServerSession(ear, world.spool.nextId(), world.setup(settings)).run();
        world.events(SessionEvent.Broken.class).stream().findFirst().ifPresent(broken -> {
            throw new AssertionError("the session broke", broken.bug());
        });
        return new Said(replies(ear.said.toString(StandardCharsets.ISO_8859_1)));
    }

    private static TlsState tls() {
        try {
            return new TlsState(
                    "TLSv1.3",
                    "TLS_AES_256_GCM_SHA384",
                    SSLContext.getDefault().createSSLEngine().getSession());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> replies(String wire) {
        List<String> replies = new ArrayList<>();
        List<String> open = new ArrayList<>();
        assertThat(wire.isEmpty() || wire.endsWith("\r\n"))
                .as("the last line has its end")
                .isTrue();
        for (String line : wire.isEmpty()
                ? new String[0]
                : wire.substring(0, wire.length() - 2).split("\r\n", -1)) {
            assertThat(line).matches("[2345]\\d\\d[ -][ -~]*");
            assertThat(line.length() + 2)
                    .as("octets of " + line)
                    .isLessThanOrEqualTo(line.startsWith("334") ? MAX_CHALLENGE_LINE : MAX_REPLY_LINE);
            if (!open.isEmpty()) {
                assertThat(line).startsWith(open.getFirst().substring(0, 3));
            }
            open.add(line);
            if (line.charAt(3) == ' ') {
                assertThat(open).as("lines of a reply").hasSizeLessThan(MOST_LINES);
                replies.add(String.join("\n", open));
                open.clear();
            }
        }
        assertThat(open).as("a reply without its last line").isEmpty();
        return replies;
    }

    /// The server's end of a connection, whose words stay here.
    private static final class Ear implements Connection {
        private final Connection server;
        private final ByteArrayOutputStream said = new ByteArrayOutputStream();

        Ear(Connection server) {
            this.server = server;
        }

        @Override
        public Endpoint local() {
            return server.local();
        }

        @Override
        public Endpoint peer() {
            return server.peer();
        }

        @Override
        public ProxyHeader.Reading readProxyHeader(Deadline deadline) throws IOException {
            return server.readProxyHeader(deadline);
        }

        @Override
        public Line readLine(int maxOctets, Deadline deadline) throws IOException {
            return server.readLine(maxOctets, deadline);
        }

        @Override
        public ContentScan readContent(ContentSink sink, Pace pace, Deadline deadline) throws IOException {
            return server.readContent(sink, pace, deadline);
        }

        @Override
        public void readChunk(long length, ContentSink sink, Pace pace, Deadline deadline) throws IOException {
            server.readChunk(length, sink, pace, deadline);
        }

        @Override
        public int buffered() {
            return server.buffered();
        }

        @Override
        public boolean lineBuffered() {
            return server.lineBuffered();
        }

        @Override
        public boolean readable() throws IOException {
            return server.readable();
        }

        @Override
        public void write(byte[] octets, int offset, int length, Deadline deadline) {
            said.write(octets, offset, length);
        }

        @Override
        public void flush(Deadline deadline) {}

        @Override
        public TlsState startTls(TlsUpgrade upgrade, Deadline deadline) throws IOException {
            return server.startTls(upgrade, deadline);
        }

        @Override
        public TlsState acceptTls(TlsUpgrade upgrade, Deadline deadline) throws IOException {
            return server.acceptTls(upgrade, deadline);
        }

        @Override
        public byte[] peek(int most) {
            return server.peek(most);
        }

        @Override
        public void awaitOctets(Deadline deadline) throws IOException {
            server.awaitOctets(deadline);
        }

        @Override
        public boolean awaitReadable(Deadline deadline) throws IOException {
            return server.awaitReadable(deadline);
        }

        @Override
        public Optional<TlsState> tls() {
            return server.tls();
        }

        @Override
        public void underWatch() {
            server.underWatch();
        }

        @Override
        public void expire(long nanoTime) {
            server.expire(nanoTime);
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
