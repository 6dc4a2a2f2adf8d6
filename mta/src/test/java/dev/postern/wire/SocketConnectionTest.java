package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.crypto.SelfSigned;
import dev.postern.tls.ClientTls;
import dev.postern.tls.ServerTls;
import dev.postern.tls.TlsProvider;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SocketConnectionTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final byte[] NOOP = Octets.of("NOOP\r\n");
    private static final int MUCH = 32 * 1024 * 1024;

    private static SelfSigned.Made certificate;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeAll
    static void makeCertificate() throws IOException {
        certificate = SelfSigned.make(List.of("localhost"), Instant.now(), Duration.ofDays(1), Optional.empty());
    }

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    private static Deadline later() {
        return Deadline.after(LONG);
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofMillis(30));
    }

    /// Both ends of a connection over loopback.
    private record Ends(SocketConnection client, SocketConnection server) implements AutoCloseable {
        static Ends open() throws IOException {
            try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
                SocketConnection client = SocketConnection.connect(
                        new Endpoint.Inet(listening.getInetAddress(), listening.getLocalPort()),
                        Optional.empty(),
                        later());
                return new Ends(client, SocketConnection.over(listening.accept()));
            }
        }

        static Ends openUnix(Path socket) throws IOException {
            try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                listening.bind(UnixDomainSocketAddress.of(socket));
                SocketConnection client = SocketConnection.connect(new Endpoint.Unix(socket));
                return new Ends(client, SocketConnection.over(listening.accept()));
            }
        }

        @Override
        public void close() {
            client.close();
            server.close();
        }
    }

    @Test
    void fullBacklogOfAUnixSocketIsARefusalAtOnce(@TempDir Path folder) throws Exception {
        Path socket = folder.resolve("full.sock");
        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(socket), 1);
            FutureTask<List<SocketConnection>> knocking = new FutureTask<>(() -> {
                List<SocketConnection> taken = new ArrayList<>();
                try {
                    for (int i = 0; i < 10; i++) {
                        taken.add(SocketConnection.connect(new Endpoint.Unix(socket)));
                    }
                } catch (IOException full) {
                    return taken;
                }
                throw new AssertionError("ten fit into a backlog of one");
            });
            Thread.ofVirtual().start(knocking);
            knocking.get(20, TimeUnit.SECONDS).forEach(SocketConnection::close);
        }
    }

    private <T> Future<T> meanwhile(Callable<T> work) {
        return threads.submit(work);
    }

    private static void say(Connection connection, String words) throws IOException {
        connection.write(Octets.of(words), later());
        connection.flush(later());
    }

    private static String hear(Connection connection) throws IOException {
        return connection.readLine(512, later()).latin1();
    }

    @Test
    void linesGoBothWays() throws IOException {
        try (Ends ends = Ends.open()) {
            say(ends.client(), "EHLO a\r\nNOOP\r\n");
            assertThat(hear(ends.server())).isEqualTo("EHLO a");
            assertThat(ends.server().buffered()).isEqualTo("NOOP\r\n".length());
            say(ends.server(), "250 b\r\n");
            assertThat(hear(ends.client())).isEqualTo("250 b");
            assertThat(ends.client().peer()).isEqualTo(ends.server().local());
            assertThat(ends.client().local()).isEqualTo(ends.server().peer());
        }
    }

    @Test
    void unixSocketsCarryLinesToo(@TempDir Path folder) throws IOException {
        try (Ends ends = Ends.openUnix(folder.resolve("lmtp"))) {
            assertThat(ends.server().readable()).isFalse();
            say(ends.client(), "LHLO a\r\n");
            assertThat(hear(ends.server())).isEqualTo("LHLO a");
            assertThat(ends.client().peer()).hasToString("unix:" + folder.resolve("lmtp"));
            assertThatThrownBy(() -> ends.server().startTls(plain -> null, later()))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aReadThatIsOverdueLeavesTheConnectionWritable() throws IOException {
        try (Ends ends = Ends.open()) {
            say(ends.client(), "EH");
            assertThatThrownBy(() -> ends.server().readLine(512, soon())).isInstanceOf(DeadlineExceeded.class);
            say(ends.server(), "421 4.4.2 too slow\r\n");
            assertThat(hear(ends.client())).startsWith("421");
        }
    }

    @Test
    void aDripDoesNotMoveTheDeadline() throws Exception {
        try (Ends ends = Ends.open()) {
            Future<?> drip = meanwhile(() -> {
                while (!Thread.interrupted()) {
                    say(ends.client(), "x");
                    Thread.sleep(1);
                }
                return null;
            });
            assertThatThrownBy(() -> ends.server().readLine(1_000_000, soon())).isInstanceOf(DeadlineExceeded.class);
            drip.cancel(true);
        }
    }

    @Test
    void aPeerThatClosedIsTheEndOfFile() throws IOException {
        try (Ends ends = Ends.open()) {
            say(ends.client(), "QUI");
            ends.client().close();
            assertThatThrownBy(() -> hear(ends.server())).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void theWatchEndsAWriteThatNobodyReads() throws Exception {
        try (Ends ends = Ends.open()) {
            ConnectionWatch watch = ConnectionWatch.occasional();
            watch.add(ends.server());
            Deadline deadline = later();
            Future<?> write = meanwhile(() -> {
                ends.server().write(new byte[MUCH], deadline);
                return null;
            });
            while (!write.isDone()) {
                watch.sweep(deadline.nanos() + 1);
                Thread.onSpinWait();
            }
            assertThatThrownBy(write::get).hasCauseInstanceOf(DeadlineExceeded.class);
            assertThat(watch.size()).isOne();
            watch.remove(ends.server());
            assertThat(watch.size()).isZero();
        }
    }

    @Test
    void theWatchEndsAReadWhoseDeadlineWasFarAndWordsCanStillBeSaid() throws Exception {
        try (Ends ends = Ends.open()) {
            ConnectionWatch watch = ConnectionWatch.everySecond();
            watch.add(ends.server());
            Deadline deadline = Deadline.after(TcpStream.FAR.multipliedBy(2));
            Future<String> read = meanwhile(() -> {
                ends.server().awaitOctets(deadline);
                return "octets that nobody sent";
            });
            watch.sweep(deadline.nanos() - 1);
            while (!read.isDone()) {
                watch.sweep(deadline.nanos());
                Thread.onSpinWait();
            }
            assertThatThrownBy(read::get).hasCauseInstanceOf(DeadlineExceeded.class);
            say(ends.server(), "421 too slow\r\n");
            assertThat(hear(ends.client())).isEqualTo("421 too slow");
        }
    }

    @Test
    void aFarDeadlineIsNotLeftToAWatchThatIsNeverSwept() throws Exception {
        try (Ends ends = Ends.open()) {
            ConnectionWatch watch = ConnectionWatch.occasional();
            watch.add(ends.server());
            Deadline deadline = Deadline.after(TcpStream.FAR.multipliedBy(2));
            Future<String> read = meanwhile(() -> {
                ends.server().awaitOctets(deadline);
                return hear(ends.server());
            });
            watch.sweep(deadline.nanos());
            say(ends.client(), "NOOP\r\n");
            assertThat(read.get()).isEqualTo("NOOP");
        }
    }

    @Test
    void theWatchLeavesAloneWhatIsInTime() throws Exception {
        try (Ends ends = Ends.open()) {
            ConnectionWatch watch = ConnectionWatch.occasional();
            watch.add(ends.server());
            watch.add(ends.client());
            Future<String> read = meanwhile(() -> hear(ends.server()));
            watch.sweep(System.nanoTime());
            say(ends.client(), "NOOP\r\n");
            assertThat(read.get()).isEqualTo("NOOP");
        }
    }

    @Test
    void theWatchEndsAReadOnAUnixSocket(@TempDir Path folder) throws Exception {
        try (Ends ends = Ends.openUnix(folder.resolve("lmtp"))) {
            Deadline deadline = later();
            Future<Line> read = meanwhile(() -> ends.server().readLine(512, deadline));
            while (!read.isDone()) {
                ends.server().expire(deadline.nanos() + 1);
                Thread.onSpinWait();
            }
            assertThatThrownBy(read::get).hasCauseInstanceOf(DeadlineExceeded.class);
        }
    }

    @Test
    void closeFromAnotherThreadEndsARead() throws Exception {
        try (Ends ends = Ends.open()) {
            Future<String> read = meanwhile(() -> hear(ends.server()));
            say(ends.client(), "half a line");
            ends.server().close();
            assertThatThrownBy(read::get).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void lastWordsArriveThoughThePeerWasStillTalking() throws IOException {
        try (Ends ends = Ends.open()) {
            say(ends.client(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(hear(ends.server())).startsWith("GET");
            say(ends.client(), "more\r\n");
            say(ends.server(), "554 5.5.1 no\r\n");
            ends.server().close();
            assertThat(hear(ends.client())).startsWith("554");
        }
    }

    @Test
    void aPeerIsUnderstoodAfterItsSilence() throws IOException {
        try (Ends ends = Ends.open()) {
            assertThat(ends.server().awaitReadable(soon())).isFalse();
            assertThat(ends.server().awaitReadable(soon())).isFalse();
            say(ends.client(), "EHLO a\r\nNOOP\r\n");
            assertThat(ends.server().awaitReadable(later())).isTrue();
            assertThat(hear(ends.server())).isEqualTo("EHLO a");
            assertThat(ends.server().awaitReadable(later())).isTrue();
            assertThat(hear(ends.server())).isEqualTo("NOOP");
            assertThat(ends.server().awaitReadable(soon())).isFalse();
            say(ends.client(), "x".repeat(600) + "\r\n");
            assertThat(ends.server().awaitReadable(later())).isTrue();
            assertThat(ends.server().readLine(1000, later()).octets()).hasSize(600);
        }
    }

    @Test
    void repliesThatWereSaidBeforeASilenceAreSentAfterIt() throws IOException {
        try (Ends ends = Ends.open()) {
            ends.server().write(Octets.of("250 ok\r\n"), later());
            assertThat(ends.server().awaitReadable(soon())).isFalse();
            ends.server().flush(later());
            assertThat(hear(ends.client())).isEqualTo("250 ok");
        }
    }

    @Test
    void aPeerThatClosesInItsSilenceIsTheEndOfFile() throws IOException {
        try (Ends ends = Ends.open()) {
            assertThat(ends.server().awaitReadable(soon())).isFalse();
            ends.client().close();
            assertThatThrownBy(() -> ends.server().awaitReadable(later())).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void closeFromAnotherThreadEndsAWaitForOctets() throws Exception {
        try (Ends ends = Ends.open()) {
            Future<Boolean> wait = meanwhile(() -> ends.server().awaitReadable(later()));
            ends.server().close();
            assertThatThrownBy(wait::get).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void theFirstOctetsOnAUnixSocketAreAwaitedToo(@TempDir Path folder) throws IOException {
        try (Ends ends = Ends.openUnix(folder.resolve("lmtp"))) {
            say(ends.client(), "LHLO a\r\n");
            assertThat(ends.server().awaitReadable(later())).isTrue();
            assertThat(ends.server().peek(4)).isEqualTo(Octets.of("LHLO"));
            assertThat(hear(ends.server())).isEqualTo("LHLO a");
        }
    }

    @Test
    void readableAsksTheSystem() throws IOException {
        try (Ends ends = Ends.open()) {
            assertThat(ends.server().readable()).isFalse();
            say(ends.client(), "early");
            Deadline deadline = later();
            while (!ends.server().readable() && !deadline.passed()) {
                Thread.onSpinWait();
            }
            assertThat(ends.server().buffered()).isPositive();
        }
    }

    @Test
    void whatIsAwaitedStaysUnread() throws IOException {
        try (Ends ends = Ends.open()) {
            assertThat(ends.server().awaitReadable(soon())).isFalse();
            say(ends.client(), "EHLO a\r\n");
            assertThat(ends.server().awaitReadable(later())).isTrue();
            assertThat(Octets.text(ends.server().peek(4))).isEqualTo("EHLO");
            assertThat(Octets.text(ends.server().peek(100))).isEqualTo("EHLO a\r\n");
            assertThat(hear(ends.server())).isEqualTo("EHLO a");
            assertThat(ends.server().peek(100)).isEmpty();
            ends.client().close();
            assertThatThrownBy(() -> ends.server().awaitReadable(later())).isInstanceOf(EOFException.class);
        }
    }

    static Stream<TlsProvider> providers() {
        return Stream.concat(Stream.of(TlsProvider.jsse()), TlsProvider.conscrypt().stream());
    }

    private static TlsUpgrade serverSide(TlsProvider provider) throws IOException {
        return new ServerTls(provider, certificate.identity()).upgrade();
    }

    private static TlsUpgrade clientSide(TlsProvider provider) throws IOException {
        return new ClientTls(provider, List.of()).unverified("localhost");
    }

    private void startTls(Ends ends, TlsProvider provider) throws Exception {
        TlsUpgrade client = clientSide(provider);
        Future<TlsState> handshake = meanwhile(() -> ends.client().startTls(client, later()));
        TlsState agreed = ends.server().startTls(serverSide(provider), later());
        assertThat(agreed.protocol()).isEqualTo("TLSv1.3");
        assertThat(handshake.get().cipher()).isEqualTo(agreed.cipher());
        assertThat(ends.server().tls()).contains(agreed);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void tlsIsLaidOverTheConnection(TlsProvider provider) throws Exception {
        try (Ends ends = Ends.open()) {
            say(ends.server(), "220 go\r\n");
            assertThat(hear(ends.client())).isEqualTo("220 go");
            startTls(ends, provider);
            assertThat(ends.server().readable()).isFalse();
            say(ends.client(), "EHLO a\r\n");
            assertThat(hear(ends.server())).isEqualTo("EHLO a");
            String content = "a line of content\r\n".repeat(100_000);
            Future<ContentScan> scan =
                    meanwhile(() -> ends.server().readContent((o, from, length) -> {}, new Pace(LONG, 1), later()));
            say(ends.client(), content + ".\r\n");
            assertThat(scan.get().octets()).isEqualTo(content.length());
            assertThatThrownBy(() -> ends.server().startTls(serverSide(provider), later()))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void tlsThatComesFirstIsReadFromItsFirstOctet(TlsProvider provider) throws Exception {
        try (Ends ends = Ends.open()) {
            TlsUpgrade client = clientSide(provider);
            Future<TlsState> handshake = meanwhile(() -> ends.client().startTls(client, later()));
            TlsState agreed = ends.server().acceptTls(serverSide(provider), later());
            assertThat(handshake.get().cipher()).isEqualTo(agreed.cipher());
            say(ends.client(), "EHLO a\r\n");
            assertThat(hear(ends.server())).isEqualTo("EHLO a");
        }
    }

    @Test
    void whoeverDoesNotBeginWithTlsCanBeToldInTheClear() throws Exception {
        try (Ends ends = Ends.open()) {
            TlsUpgrade upgrade = serverSide(TlsProvider.jsse());
            assertThatThrownBy(() -> ends.server().acceptTls(upgrade, soon()))
                    .isInstanceOf(TlsMissingException.class)
                    .hasMessageContaining("says nothing");
            say(ends.client(), "EHLO a\r\n");
            assertThatThrownBy(() -> ends.server().acceptTls(upgrade, later()))
                    .isInstanceOf(TlsMissingException.class)
                    .hasMessageContaining("in the clear");
            say(ends.server(), "554 5.7.0 TLS\r\n");
            assertThat(hear(ends.client())).isEqualTo("554 5.7.0 TLS");
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void overTlsAReadThatIsOverdueLeavesTheConnectionWritable(TlsProvider provider) throws Exception {
        try (Ends ends = Ends.open()) {
            startTls(ends, provider);
            assertThatThrownBy(() -> ends.server().readLine(512, soon())).isInstanceOf(DeadlineExceeded.class);
            say(ends.server(), "421 4.4.2 too slow\r\n");
            assertThat(hear(ends.client())).startsWith("421");
            say(ends.client(), "QUIT\r\n");
            assertThat(hear(ends.server())).isEqualTo("QUIT");
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void overTlsAPeerIsUnderstoodAfterASilenceInTheMidstOfARecord(TlsProvider provider) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                Socket raw = new Socket(listening.getInetAddress(), listening.getLocalPort());
                SocketConnection server = SocketConnection.over(listening.accept());
                Interception between = new Interception(raw)) {
            startTls(new Ends(between.client(), server), provider);
            assertThat(server.awaitReadable(soon())).isFalse();
            between.hold();
            say(between.client(), "EHLO a\r\nNOOP\r\n");
            byte[] records = between.held();
            for (int cut : new int[] {3, records.length / 2}) {
                between.pass(cut);
                assertThat(server.awaitReadable(soon())).isFalse();
            }
            between.pass(records.length);
            assertThat(server.awaitReadable(later())).isTrue();
            assertThat(hear(server)).isEqualTo("EHLO a");
            assertThat(hear(server)).isEqualTo("NOOP");
        }
    }

    /// What stands between a client and a server, and can hold back what the client sends.
    private static final class Interception implements AutoCloseable {
        private final Socket server;
        private final Socket near;
        private final SocketConnection client;
        private final AtomicBoolean holding = new AtomicBoolean();
        private final BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
        private byte[] records = new byte[0];
        private int passed;

        Interception(Socket server) throws IOException {
            this.server = server;
            try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
                client = SocketConnection.connect(
                        new Endpoint.Inet(listening.getInetAddress(), listening.getLocalPort()),
                        Optional.empty(),
                        later());
                near = listening.accept();
            }
            Thread.ofVirtual().start(() -> carry(near, server));
            Thread.ofVirtual().start(() -> carry(server, near));
        }

        private void carry(Socket from, Socket to) {
            try {
                byte[] room = new byte[1 << 16];
                for (int count = from.getInputStream().read(room);
                        count >= 0;
                        count = from.getInputStream().read(room)) {
                    if (from.equals(near) && holding.get()) {
                        pieces.add(Arrays.copyOf(room, count));
                    } else {
                        to.getOutputStream().write(room, 0, count);
                    }
                }
            } catch (IOException over) {
                return; // the test has ended
            }
        }

        SocketConnection client() {
            return client;
        }

        void hold() {
            holding.set(true);
        }

        byte[] held() throws InterruptedException {
            records = pieces.take();
            return records;
        }

        void pass(int upTo) throws IOException {
            server.getOutputStream().write(records, passed, upTo - passed);
            passed = upTo;
        }

        @Override
        public void close() throws IOException {
            client.close();
            near.close();
            server.close();
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void overTlsReadableSeesWholeRecords(TlsProvider provider) throws Exception {
        try (Ends ends = Ends.open()) {
            startTls(ends, provider);
            say(ends.client(), "early");
            Deadline deadline = later();
            while (!ends.server().readable() && !deadline.passed()) {
                Thread.onSpinWait();
            }
            assertThat(ends.server().buffered()).isEqualTo("early".length());
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aHandshakeThatDripsExceedsItsDeadline(TlsProvider provider) throws Exception {
        try (Ends ends = Ends.open()) {
            Future<?> drip = meanwhile(() -> {
                byte[] record = {0x16, 0x03, 0x01, 0x40, 0x00, 0x01, 0x00, 0x3f, (byte) 0xfc, 0x03, 0x03};
                ends.client().write(record, later());
                while (!Thread.interrupted()) {
                    say(ends.client(), "x");
                    Thread.sleep(1);
                }
                return null;
            });
            assertThatThrownBy(() -> ends.server().startTls(serverSide(provider), soon()))
                    .isInstanceOf(DeadlineExceeded.class);
            drip.cancel(true);
        }
    }

    /// A client of TLS 1.2 that begins a second handshake in the first one's channel (RFC 5246 §7.4.1.1).
    @ParameterizedTest
    @MethodSource("providers")
    void aSecondHandshakeIsRefused(TlsProvider provider) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                Socket raw = new Socket(listening.getInetAddress(), listening.getLocalPort());
                SocketConnection server = SocketConnection.over(listening.accept());
                SSLSocket client = new ClientTls(TlsProvider.jsse(), List.of())
                        .unverified("localhost")
                        .layer(raw)) {
            client.setEnabledProtocols(new String[] {"TLSv1.2"});
            Future<?> handshake = meanwhile(() -> {
                client.startHandshake();
                return null;
            });
            assertThat(server.startTls(serverSide(provider), later()).protocol())
                    .isEqualTo("TLSv1.2");
            handshake.get();
            client.getOutputStream().write(NOOP);
            assertThat(hear(server)).isEqualTo("NOOP");
            Future<?> again = meanwhile(() -> {
                client.startHandshake();
                client.getOutputStream().write(NOOP);
                return null;
            });
            assertThatThrownBy(() -> hear(server)).isInstanceOf(SSLException.class);
            again.cancel(true);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void overTlsARecordThatDripsExceedsItsDeadline(TlsProvider provider) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                Socket raw = new Socket(listening.getInetAddress(), listening.getLocalPort());
                SocketConnection server = SocketConnection.over(listening.accept());
                SocketConnection client = SocketConnection.over(raw)) {
            startTls(new Ends(client, server), provider);
            Future<?> drip = meanwhile(() -> {
                raw.getOutputStream().write(new byte[] {0x17, 0x03, 0x03, 0x3f, 0x00});
                while (!Thread.interrupted()) {
                    raw.getOutputStream().write('x');
                    Thread.sleep(1);
                }
                return null;
            });
            assertThatThrownBy(() -> server.readLine(512, soon())).isInstanceOf(DeadlineExceeded.class);
            drip.cancel(true);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void theWatchEndsAWriteOverTlsThatNobodyReads(TlsProvider provider) throws Exception {
        try (Ends ends = Ends.open()) {
            startTls(ends, provider);
            Deadline deadline = later();
            Future<?> write = meanwhile(() -> {
                ends.server().write(new byte[MUCH], deadline);
                return null;
            });
            while (!write.isDone()) {
                ends.server().expire(deadline.nanos() + 1);
                Thread.onSpinWait();
            }
            assertThatThrownBy(write::get).hasCauseInstanceOf(DeadlineExceeded.class);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void closeOverTlsIsTheEndOfFileForThePeer(TlsProvider provider) throws Exception {
        try (Ends ends = Ends.open()) {
            startTls(ends, provider);
            say(ends.client(), "QUIT\r\n");
            assertThat(hear(ends.server())).isEqualTo("QUIT");
            say(ends.server(), "221 bye\r\n");
            ends.server().close();
            assertThat(hear(ends.client())).isEqualTo("221 bye");
            assertThatThrownBy(() -> hear(ends.client())).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void octetsInTheClearBehindStartTlsAreNeverReadAsTls() throws IOException {
        try (Ends ends = Ends.open()) {
            say(ends.client(), "STARTTLS\r\nMAIL FROM:<>\r\n");
            assertThat(hear(ends.server())).isEqualTo("STARTTLS");
            assertThatThrownBy(() -> ends.server().startTls(serverSide(TlsProvider.jsse()), later()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("14 octets");
        }
    }

    @Test
    void aConnectionThatNobodyAcceptsIsAnIoException() throws IOException {
        int free;
        try (ServerSocket once = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            free = once.getLocalPort();
        }
        assertThatThrownBy(() -> SocketConnection.connect(
                        new Endpoint.Inet(InetAddress.ofLiteral("127.0.0.1"), free), Optional.empty(), later()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aConnectionMayComeFromAChosenAddress() throws IOException {
        InetAddress from = InetAddress.ofLiteral("127.0.0.7");
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                SocketConnection client = SocketConnection.connect(
                        new Endpoint.Inet(listening.getInetAddress(), listening.getLocalPort()),
                        Optional.of(from),
                        later());
                SocketConnection server = SocketConnection.over(listening.accept())) {
            assertThat(server.peer()).isEqualTo(client.local());
            assertThat(server.peer())
                    .isInstanceOfSatisfying(
                            Endpoint.Inet.class,
                            inet -> assertThat(inet.address()).isEqualTo(from));
        }
    }

    @Test
    void manySmallWritesAreOneLargeOne() throws Exception {
        try (Ends ends = Ends.open()) {
            byte[] all = new byte[NOOP.length * 20_000];
            for (int i = 0; i < all.length; i += NOOP.length) {
                System.arraycopy(NOOP, 0, all, i, NOOP.length);
            }
            Future<?> write = meanwhile(() -> {
                for (int i = 0; i < all.length; i += NOOP.length) {
                    ends.client().write(NOOP, later());
                }
                ends.client().flush(later());
                return null;
            });
            byte[] read = new byte[all.length];
            int[] at = {0};
            ends.server()
                    .readChunk(
                            all.length,
                            (octets, offset, length) -> {
                                System.arraycopy(octets, offset, read, at[0], length);
                                at[0] += length;
                            },
                            new Pace(LONG, 1),
                            later());
            write.get();
            assertThat(Arrays.equals(read, all)).isTrue();
        }
    }
}
