package dev.postern.smtpserver;

import static dev.postern.smtpserver.Talk.PATIENCE;
import static dev.postern.smtpserver.Talk.reply;
import static dev.postern.smtpserver.Talk.say;
import static dev.postern.smtpserver.Talk.secure;
import static dev.postern.smtpserver.Talk.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.postern.dns.DomainName;
import dev.postern.policy.ListenerRole;
import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.ListenFailed;
import dev.postern.wire.Pace;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ListenerTest {

    private static final InetAddress IPV4 = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress IPV6 = InetAddress.ofLiteral("::1");

    private final World world = new World();
    private final Sockets sockets = new Sockets(world);

    @TempDir
    private Path folder;

    @AfterEach
    void close() throws Exception {
        sockets.close();
    }

    private Listener listen(ListenerRole role, Endpoint... addresses) throws IOException {
        return listen(World.settings(role), new SessionCensus(CensusLimits.of(100, 100)), addresses);
    }

    private Listener listen(ServerSessionSettings settings, SessionCensus census, Endpoint... addresses)
            throws IOException {
        return sockets.listen(
                new ListenerSettings(settings.role(), List.of(addresses)),
                world.room(census),
                () -> world.setup(settings));
    }

    private static Endpoint.Inet anyPort(InetAddress address) {
        return new Endpoint.Inet(address, 0);
    }

    private Connection greeted(Endpoint to) throws IOException {
        Connection client = sockets.connect(to);
        assertThat(reply(client)).startsWith("220 ");
        return client;
    }

    private static void assertClosed(Connection client) {
        assertThatThrownBy(() -> reply(client)).isInstanceOf(EOFException.class);
    }

    // Addresses

    @Test
    void severalAddressesOfBothFamiliesAreServed() throws IOException {
        assumeThat(NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .toList())
                .as("this machine has IPv6")
                .anyMatch(IPV6::equals);
        Listener listener = listen(ListenerRole.MX, anyPort(IPV4), anyPort(IPV6), anyPort(IPV4));
        assertThat(listener.addresses()).hasSize(2);
        for (Endpoint address : listener.addresses()) {
            assertThat(say(greeted(address), "QUIT")).startsWith("221 ");
        }
        assertThat(world.events)
                .filteredOn(ListenerEvent.Opened.class::isInstance)
                .hasSize(2);
    }

    @Test
    void bothWildcardsOnOnePortAreServed() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Listener listener = listen(
                ListenerRole.MX,
                new Endpoint.Inet(InetAddress.ofLiteral("0.0.0.0"), port),
                new Endpoint.Inet(InetAddress.ofLiteral("::"), port));
        assertThat(say(greeted(new Endpoint.Inet(IPV4, port)), "QUIT")).startsWith("221 ");
        assertThat(listener.addresses()).hasSize(1);
    }

    @Test
    void unixSocketIsServedAndLeavesNothingBehind() throws Exception {
        Path socket = folder.resolve("lmtp");
        Listener listener = listen(ListenerRole.LMTP, new Endpoint.Unix(socket));
        Connection client = greeted(new Endpoint.Unix(socket));
        assertThat(say(client, "LHLO c.example.com")).startsWith("250 ");
        assertThat(say(client, "MAIL FROM:<a@example.com>")).startsWith("250 2.1.0");
        assertThat(say(client, "RCPT TO:<alice@example.org>")).startsWith("250 2.1.5");
        assertThat(say(client, "DATA")).startsWith("354 ");
        assertThat(say(client, "Subject: x\r\n\r\ntext\r\n.")).startsWith("250 2.0.0 ok: queued as");
        assertThat(say(client, "STARTTLS")).startsWith("454 4.7.0");
        assertThat(say(client, "QUIT")).startsWith("221 ");
        listener.close();
        assertThat(socket).doesNotExist();
    }

    @Test
    void socketLeftBehindByAKilledServerIsReplaced() throws Exception {
        Path socket = folder.resolve("lmtp");
        try (var abandoned = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            abandoned.bind(java.net.UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        listen(ListenerRole.LMTP, new Endpoint.Unix(socket));
        assertThat(say(greeted(new Endpoint.Unix(socket)), "QUIT")).startsWith("221 ");
    }

    @Test
    void socketOfALivingServerIsLeftAlone() throws IOException {
        Endpoint socket = new Endpoint.Unix(folder.resolve("lmtp"));
        listen(ListenerRole.LMTP, socket);
        assertThatThrownBy(() -> listen(ListenerRole.LMTP, socket))
                .isInstanceOf(ListenFailed.class)
                .hasMessageContaining("another program has this address");
        assertThat(say(greeted(socket), "QUIT")).startsWith("221 ");
    }

    @Test
    void fileThatIsNoSocketIsLeftAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("precious"), "data");
        assertThatThrownBy(() -> listen(ListenerRole.LMTP, new Endpoint.Unix(file)))
                .isInstanceOf(ListenFailed.class)
                .hasMessageContaining("which is no socket");
        assertThat(file).hasContent("data");
    }

    @Test
    void portThatIsTakenIsToldInASentenceAndNoOtherIsKept() throws IOException {
        int free;
        try (ServerSocket first = new ServerSocket(0, 1, IPV4)) {
            free = first.getLocalPort();
        }
        try (ServerSocket other = new ServerSocket(0, 1, IPV4)) {
            Endpoint.Inet taken = new Endpoint.Inet(IPV4, other.getLocalPort());
            assertThatThrownBy(() -> listen(ListenerRole.MX, new Endpoint.Inet(IPV4, free), taken))
                    .isInstanceOf(ListenFailed.class)
                    .hasMessage("The listener 'mx' cannot listen on " + taken
                            + ": another program has this address and port. Stop it (ss -ltnp shows which one it is),"
                            + " or choose another.");
        }
        listen(ListenerRole.MX, new Endpoint.Inet(IPV4, free));
    }

    @Test
    void addressThatThisMachineDoesNotHaveIsToldInASentence() {
        assertThatThrownBy(() -> listen(ListenerRole.MX, new Endpoint.Inet(InetAddress.ofLiteral("192.0.2.1"), 0)))
                .isInstanceOf(ListenFailed.class)
                .hasMessageEndingWith("this machine does not have that address.");
    }

    @ParameterizedTest
    @CsvSource({
        "MX, tcp, true",
        "SUBMISSION, tcp, true",
        "SUBMISSIONS, tcp, true",
        "LMTP, tcp, true",
        "LOCAL, tcp, false",
        "MX, unix, false",
        "SUBMISSION, unix, false",
        "SUBMISSIONS, unix, false",
        "LMTP, unix, true",
        "LOCAL, unix, true",
    })
    void roleListensWhereItIsSafe(ListenerRole role, String kind, boolean possible) {
        Endpoint address = kind.equals("tcp") ? anyPort(IPV4) : new Endpoint.Unix(folder.resolve("socket"));
        if (possible) {
            assertThat(new ListenerSettings(role, List.of(address)).addresses()).containsExactly(address);
        } else {
            assertThatThrownBy(() -> new ListenerSettings(role, List.of(address)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void listenerHasAnAddress() {
        assertThatThrownBy(() -> new ListenerSettings(ListenerRole.MX, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void programsOfThisMachineSendAnywhereAndOnlyTheOwnerAndGroupOfTheSocketAre() throws IOException {
        Path socket = folder.resolve("local");
        listen(ListenerRole.LOCAL, new Endpoint.Unix(socket));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-rw----");
        Connection client = greeted(new Endpoint.Unix(socket));
        say(client, "EHLO localhost");
        assertThat(say(client, "MAIL FROM:<cron@example.org>")).startsWith("250 2.1.0");
        assertThat(say(client, "RCPT TO:<x@example.net>")).startsWith("250 2.1.5");
    }

    // Limits

    @Test
    void clientBeyondTheLimitIsTurnedAwayAtOnceAndThereIsRoomAgainLater() throws Exception {
        SessionCensus census = new SessionCensus(CensusLimits.of(2, 10));
        Endpoint address = listen(World.settings(ListenerRole.MX), census, anyPort(IPV4))
                .addresses()
                .getFirst();
        Connection first = greeted(address);
        greeted(address);
        Connection third = sockets.connect(address);
        assertThat(reply(third)).isEqualTo("421 4.3.2 too many connections, come again later");
        assertClosed(third);
        assertThat(say(first, "QUIT")).startsWith("221 ");
        assertClosed(first);
        assertThat(say(sockets.connectWhenThereIsRoom(address), "NOOP")).startsWith("250 ");
        assertThat(world.events)
                .filteredOn(ListenerEvent.TurnedAway.class::isInstance)
                .isNotEmpty();
    }

    @Test
    void oneAddressDoesNotGetAllTheRoom() throws Exception {
        SessionCensus census = new SessionCensus(CensusLimits.of(10, 1));
        Endpoint address = listen(World.settings(ListenerRole.MX), census, anyPort(IPV4))
                .addresses()
                .getFirst();
        greeted(address);
        Connection second = sockets.connect(address);
        assertThat(reply(second)).startsWith("421 4.7.0 too many connections from your address");
        assertClosed(second);
    }

    @Test
    void clientOfImplicitTlsIsTurnedAwayWithoutWordsInTheClear() throws Exception {
        Endpoint address = listen(
                        World.settings(ListenerRole.SUBMISSIONS),
                        new SessionCensus(CensusLimits.of(1, 1)),
                        anyPort(IPV4))
                .addresses()
                .getFirst();
        sockets.connect(address);
        world.await(SessionEvent.Connected.class);
        assertClosed(sockets.connect(address));
    }

    // Time

    private static final Duration LITTLE = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofMinutes(1);

    private static final SessionTimeouts.PhaseTime LONG_PHASES = new SessionTimeouts.PhaseTime(LONG, LONG, LONG);

    /// Octets a second that no test sends.
    private static final long FAST = 1_000_000_000;

    private static ServerSessionSettings impatient(ListenerRole role) {
        return timed(role, new SessionTimeouts(LITTLE, LITTLE, content(LITTLE), LONG_PHASES));
    }

    private static SessionTimeouts.ContentTime content(Duration stall) {
        return new SessionTimeouts.ContentTime(new Pace(stall, FAST), LONG);
    }

    /// Only time ends such a session, never the number of its commands.
    private static ServerSessionSettings timed(ListenerRole role, SessionTimeouts timeouts) {
        int many = Integer.MAX_VALUE;
        return World.settings(role)
                .withTimeouts(timeouts)
                .withLimits(new SessionLimits(1 << 20, many, many, new SessionLimits.Patience(many, many, many, many)));
    }

    private Connection greetedBy(SessionTimeouts timeouts) throws IOException {
        return greeted(
                listen(timed(ListenerRole.MX, timeouts), new SessionCensus(CensusLimits.of(10, 10)), anyPort(IPV4))
                        .addresses()
                        .getFirst());
    }

    /// Says it again and again, and hears each time, until the server has had enough.
    private static String sayUntilTold(Connection client, String command) throws IOException {
        Deadline deadline = soon();
        while (!deadline.passed()) {
            String reply = say(client, command);
            if (reply.startsWith("421")) {
                return reply;
            }
        }
        throw new AssertionError("the server bears it");
    }

    @Test
    void clientThatIsNeverSilentAndSendsNoMailIsToldAndDropped() throws IOException {
        Connection client = greetedBy(
                new SessionTimeouts(LONG, LONG, content(LONG), new SessionTimeouts.PhaseTime(LITTLE, LONG, LONG)));
        assertThat(sayUntilTold(client, "NOOP")).startsWith("421 4.4.2 waited too long, good bye (id ");
        assertClosed(client);
    }

    @Test
    void transactionThatNeverComesToItsContentIsToldAndDropped() throws IOException {
        Connection client = greetedBy(
                new SessionTimeouts(LONG, LONG, content(LONG), new SessionTimeouts.PhaseTime(LONG, LITTLE, LONG)));
        say(client, "EHLO c.example.com");
        say(client, "MAIL FROM:<a@example.com>");
        assertThat(sayUntilTold(client, "RCPT TO:<alice@example.org>")).startsWith("421 4.4.2 ");
        assertClosed(client);
    }

    @Test
    void sessionThatIsOverIsTold() throws IOException {
        Connection client = greetedBy(
                new SessionTimeouts(LONG, LONG, content(LONG), new SessionTimeouts.PhaseTime(LONG, LONG, LITTLE)));
        assertThat(sayUntilTold(client, "NOOP")).startsWith("421 4.4.2 ");
        assertClosed(client);
    }

    @Test
    void contentThatDripsIsToldAndDroppedAndNothingIsKept() throws IOException {
        Connection client = greetedBy(new SessionTimeouts(LONG, LONG, content(LITTLE), LONG_PHASES));
        say(client, "EHLO c.example.com");
        say(client, "MAIL FROM:<a@example.com>");
        say(client, "RCPT TO:<alice@example.org>");
        assertThat(say(client, "DATA")).startsWith("354 ");
        Deadline deadline = soon();
        while (!client.readable() && !deadline.passed()) {
            client.write(new byte[] {'x'}, deadline);
            client.flush(deadline);
        }
        assertThat(reply(client)).startsWith("421 4.4.2 ");
        assertThat(world.spool.count()).isZero();
    }

    @Test
    void contentThatDripsInChunksIsToldAndDroppedAndNothingIsKept() throws IOException {
        Connection client = greetedBy(new SessionTimeouts(LONG, LONG, content(LITTLE), LONG_PHASES));
        say(client, "EHLO c.example.com");
        say(client, "MAIL FROM:<a@example.com>");
        say(client, "RCPT TO:<alice@example.org>");
        assertThat(sayUntilTold(client, "BDAT 3\r\nx")).startsWith("421 4.4.2 ");
        assertClosed(client);
        assertThat(world.spool.count()).isZero();
    }

    private Endpoint impatientListener(ListenerRole role) throws IOException {
        return listen(impatient(role), new SessionCensus(CensusLimits.of(10, 10)), anyPort(IPV4))
                .addresses()
                .getFirst();
    }

    @Test
    void silentClientIsToldAndDropped() throws IOException {
        Connection client = greeted(impatientListener(ListenerRole.MX));
        assertThat(reply(client)).startsWith("421 4.4.2 waited too long, good bye (id ");
        assertClosed(client);
    }

    @Test
    void clientThatStallsInItsContentIsToldAndDroppedAndNothingIsKept() throws IOException {
        Connection client = greeted(impatientListener(ListenerRole.MX));
        say(client, "EHLO c.example.com");
        say(client, "MAIL FROM:<a@example.com>");
        say(client, "RCPT TO:<alice@example.org>");
        assertThat(say(client, "DATA")).startsWith("354 ");
        assertThat(say(client, "Subject: half")).startsWith("421 4.4.2 ");
        assertClosed(client);
        assertThat(world.spool.count()).isZero();
    }

    @Test
    void halfATlsHandshakeIsDropped() throws Exception {
        Connection client = sockets.connect(impatientListener(ListenerRole.SUBMISSIONS));
        client.write(new byte[] {0x16, 0x03, 0x01, 0x40}, soon());
        client.flush(soon());
        assertClosed(client);
        world.await(SessionEvent.HandshakeFailed.class);
    }

    @Test
    void clientThatNeverReadsIsDropped() throws Exception {
        Connection client = greeted(impatientListener(ListenerRole.MX));
        byte[] many = "HELP\r\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> {
                    Deadline deadline = soon();
                    while (!deadline.passed()) {
                        client.write(many, deadline);
                    }
                })
                .isInstanceOf(IOException.class);
        world.await(SessionEvent.Disconnected.class);
    }

    // Stopping

    @Test
    void idleClientsAreToldThatTheServerStops() throws Exception {
        Listener listener = listen(ListenerRole.MX, anyPort(IPV4));
        Connection fresh = greeted(listener.addresses().getFirst());
        Connection greeted = greeted(listener.addresses().getFirst());
        say(greeted, "EHLO c.example.com");
        assertThat(listener.drain(soon())).isZero();
        for (Connection client : List.of(fresh, greeted)) {
            assertThat(reply(client)).startsWith("421 4.3.2 this server is stopping, come again later (id ");
            assertClosed(client);
        }
        assertThatThrownBy(() -> sockets.connect(listener.addresses().getFirst()))
                .isInstanceOf(IOException.class);
        assertThat(world.events(SessionEvent.Disconnected.class))
                .extracting(SessionEvent.Disconnected::ending)
                .containsOnly(Ending.DRAINED);
    }

    @Test
    void clientUnderTlsIsToldUnderTls() throws Exception {
        Listener listener = listen(ListenerRole.SUBMISSIONS, anyPort(IPV4));
        Connection client = sockets.connect(listener.addresses().getFirst());
        secure(client);
        assertThat(reply(client)).startsWith("220 ");
        assertThat(say(client, "NOOP")).startsWith("250 ");
        assertThat(listener.drain(soon())).isZero();
        assertThat(reply(client)).startsWith("421 4.3.2 ");
    }

    @Test
    void transactionInProgressMayFinish() throws Exception {
        Listener listener = listen(ListenerRole.MX, anyPort(IPV4));
        Connection client = greeted(listener.addresses().getFirst());
        say(client, "EHLO c.example.com");
        say(client, "MAIL FROM:<a@example.com>");
        CompletableFuture<Integer> drained = CompletableFuture.supplyAsync(() -> listener.drain(soon()));
        awaitRefusal(listener.addresses().getFirst());
        assertThat(say(client, "RCPT TO:<alice@example.org>")).startsWith("250 2.1.5");
        assertThat(say(client, "DATA")).startsWith("354 ");
        assertThat(say(client, "Subject: x\r\n\r\ntext\r\n.")).startsWith("250 2.0.0 ok: queued as");
        assertThat(reply(client)).startsWith("421 4.3.2 ");
        assertClosed(client);
        assertThat(drained.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isZero();
        assertThat(world.spool.count()).isEqualTo(1);
    }

    private void awaitRefusal(Endpoint address) {
        Deadline deadline = soon();
        assertThatThrownBy(() -> {
                    while (!deadline.passed()) {
                        sockets.connect(address).close();
                    }
                })
                .as("the listener accepts no more")
                .isInstanceOf(IOException.class);
    }

    @Test
    void whoIsNotDoneInTimeIsCutOff() throws Exception {
        Listener listener = listen(ListenerRole.MX, anyPort(IPV4));
        Connection waiting = greeted(listener.addresses().getFirst());
        Connection sending = greeted(listener.addresses().getFirst());
        for (Connection client : List.of(waiting, sending)) {
            say(client, "EHLO c.example.com");
            say(client, "MAIL FROM:<a@example.com>");
            say(client, "RCPT TO:<alice@example.org>");
        }
        assertThat(say(sending, "DATA")).startsWith("354 ");
        assertThat(listener.drain(Deadline.after(Duration.ofMillis(100)))).isEqualTo(2);
        assertThat(reply(waiting)).startsWith("421 4.3.2 ");
        assertThatThrownBy(() -> reply(sending)).isInstanceOf(IOException.class);
        assertThat(listener.sessions()).isZero();
        assertThat(world.spool.count()).isZero();
    }

    // Reload and mistakes

    @Test
    void newSessionsGetTheNewSetup() throws IOException {
        AtomicReference<DomainName> name = new AtomicReference<>(World.HOST);
        Listener listener = sockets.listen(
                new ListenerSettings(ListenerRole.MX, List.of(anyPort(IPV4))),
                world.room(new SessionCensus(CensusLimits.of(10, 10))),
                () -> world.setup(ServerSessionSettings.of(ListenerRole.MX, name.get())));
        Connection before = greeted(listener.addresses().getFirst());
        name.set(DomainName.of("new.example.org"));
        assertThat(reply(sockets.connect(listener.addresses().getFirst()))).startsWith("220 new.example.org ");
        assertThat(say(before, "HELO c.example.com")).isEqualTo("250 mx.example.org");
    }

    @Test
    void mistakeOfOursCostsOneClientAndNotTheListener() throws Exception {
        CountDownLatch once = new CountDownLatch(1);
        Listener listener = sockets.listen(
                new ListenerSettings(ListenerRole.MX, List.of(anyPort(IPV4))),
                world.room(new SessionCensus(CensusLimits.of(1, 1))),
                () -> {
                    if (once.getCount() > 0) {
                        once.countDown();
                        throw new IllegalStateException("a mistake of ours");
                    }
                    return world.setup(World.settings(ListenerRole.MX));
                });
        assertClosed(sockets.connect(listener.addresses().getFirst()));
        assertThat(say(greeted(listener.addresses().getFirst()), "NOOP")).startsWith("250 ");
        world.await(ListenerEvent.AcceptFailed.class);
    }
}
