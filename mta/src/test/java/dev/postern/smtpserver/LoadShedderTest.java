package dev.postern.smtpserver;

import static dev.postern.smtpserver.Talk.reply;
import static dev.postern.smtpserver.Talk.say;
import static dev.postern.smtpserver.Talk.secure;
import static dev.postern.smtpserver.Talk.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.policy.ListenerRole;
import dev.postern.pressure.Level;
import dev.postern.pressure.Pressure;
import dev.postern.pressure.Resource;
import dev.postern.smtp.Reply;
import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.MemoryConnection;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A server that has too much to do, through real sockets.
@Timeout(60)
class LoadShedderTest {

    private static final Duration LONG = Duration.ofHours(1);
    private static final Endpoint.Inet ANY_PORT = new Endpoint.Inet(InetAddress.ofLiteral("127.0.0.1"), 0);

    /// Whoever is silent at all may be ended for another; no clock ends anybody.
    private static final Shedding AT_ONCE = new Shedding(LONG, Duration.ofNanos(1));

    /// Nobody is ended for another; when the server is overloaded, the clock ends whoever is silent at all.
    private static final Shedding BY_THE_CLOCK = new Shedding(Duration.ofMillis(1), LONG);

    private static final Shedding NOBODY = new Shedding(LONG, LONG);

    private final World world = new World();
    private final Sockets sockets = new Sockets(world);
    private final AtomicReference<Pressure> pressure = new AtomicReference<>(Pressure.calm());

    @TempDir
    private Path folder;

    @AfterEach
    void close() throws Exception {
        sockets.close();
        assertThat(world.events(SessionEvent.Broken.class)).isEmpty();
    }

    private LoadShedder room(Shedding shedding, int inAll, Map<ListenerRole, Integer> perListener) {
        CensusLimits limits = new CensusLimits(inAll, perListener, new CensusLimits.PerOrigin(100, 100, 100));
        return new LoadShedder(new SessionCensus(limits), shedding, pressure::get, world.events::add);
    }

    private Endpoint listen(ListenerRole role, LoadShedder room) throws IOException {
        Endpoint address = role == ListenerRole.LMTP || role == ListenerRole.LOCAL
                ? new Endpoint.Unix(folder.resolve(role.label()))
                : ANY_PORT;
        Listener listener = sockets.listen(
                new ListenerSettings(role, List.of(address)), room, () -> world.setup(World.settings(role)));
        return listener.addresses().getFirst();
    }

    /// A client that was greeted, so that it is its turn, or is in a moment.
    private Connection greeted(Endpoint to) throws IOException {
        Connection client = sockets.connect(to);
        assertThat(reply(client)).startsWith("220 ");
        return client;
    }

    private Connection inTransaction(Endpoint to) throws IOException {
        Connection client = greeted(to);
        say(client, "EHLO c.example.com");
        assertThat(say(client, "MAIL FROM:<a@example.com>")).startsWith("250 2.1.0");
        return client;
    }

    private Connection loggedIn(Endpoint to) throws IOException {
        Connection client = greeted(to);
        say(client, "EHLO c.example.com");
        assertThat(say(client, "STARTTLS")).startsWith("220 ");
        secure(client);
        say(client, "EHLO c.example.com");
        String login = Base64.getEncoder().encodeToString("\0alice\0secret".getBytes(StandardCharsets.US_ASCII));
        assertThat(say(client, "AUTH PLAIN " + login)).startsWith("235 ");
        return client;
    }

    private static void assertClosed(Connection client) {
        assertThatThrownBy(() -> reply(client)).isInstanceOf(EOFException.class);
    }

    private static void assertShed(Connection client) throws IOException {
        assertThat(reply(client)).startsWith("421 4.3.2 too busy to wait for you any longer, come again later (id ");
        assertClosed(client);
    }

    // Room for users

    @Test
    void floodOfOtherServersLeavesRoomForUsersAndLocalMail() throws Exception {
        LoadShedder room = room(NOBODY, 6, Map.of(ListenerRole.MX, 2));
        Endpoint mx = listen(ListenerRole.MX, room);
        greeted(mx);
        greeted(mx);
        for (int i = 0; i < 20; i++) {
            Connection more = sockets.connect(mx);
            assertThat(reply(more)).isEqualTo("421 4.3.2 too many connections to this port, come again later");
            assertClosed(more);
        }
        greeted(listen(ListenerRole.SUBMISSION, room));
        greeted(listen(ListenerRole.LMTP, room));
        greeted(listen(ListenerRole.LOCAL, room));
        sockets.connect(listen(ListenerRole.SUBMISSIONS, room));
        Deadline deadline = soon();
        while (world.events(SessionEvent.Connected.class).size() < 6) {
            assertThat(deadline.passed()).isFalse();
            Thread.onSpinWait();
        }
    }

    @Test
    void floodIsToldOnceAndThenAsANumber() throws Exception {
        Endpoint mx = listen(ListenerRole.MX, room(NOBODY, 6, Map.of(ListenerRole.MX, 1)));
        greeted(mx);
        for (int i = 0; i < 50; i++) {
            assertClosed(connectAndBeTurnedAway(mx));
        }
        List<ListenerEvent.TurnedAway> told = turnedAway();
        assertThat(told).hasSizeBetween(1, 3);
        assertThat(told.getFirst().limit()).isEqualTo("sessions-mx");
        assertThat(told.getFirst().times()).isEqualTo(1);
        assertThat(told.getFirst().role()).isEqualTo(ListenerRole.MX);
    }

    private Connection connectAndBeTurnedAway(Endpoint to) throws IOException {
        Connection client = sockets.connect(to);
        assertThat(reply(client)).startsWith("421 ");
        return client;
    }

    private List<ListenerEvent.TurnedAway> turnedAway() {
        return world.events.stream()
                .filter(ListenerEvent.TurnedAway.class::isInstance)
                .map(ListenerEvent.TurnedAway.class::cast)
                .toList();
    }

    // Newcomers

    @Test
    void sessionThatWasSilentTheLongestGoesForANewcomer() throws Exception {
        LoadShedder room = room(AT_ONCE, 2, Map.of());
        Endpoint mx = listen(ListenerRole.MX, room);
        Connection first = greeted(mx);
        Connection second = greeted(mx);
        Deadline deadline = soon();
        while (room.idle() < 2) {
            assertThat(deadline.passed()).isFalse();
            Thread.onSpinWait();
        }
        assertThat(say(first, "NOOP")).startsWith("250 ");
        Connection third = sockets.connectWhenThereIsRoom(mx);
        assertShed(second);
        assertThat(say(first, "NOOP")).startsWith("250 ");
        assertThat(say(third, "NOOP")).startsWith("250 ");
        world.await(ListenerEvent.IdleShed.class);
        world.await(SessionEvent.Disconnected.class);
        assertThat(world.events(SessionEvent.Disconnected.class).getFirst().ending())
                .isEqualTo(Ending.SHED);
    }

    @Test
    void halfAHandshakeGoesForANewcomer() throws Exception {
        Endpoint mx = listen(ListenerRole.MX, room(AT_ONCE, 1, Map.of()));
        Connection half = greeted(mx);
        say(half, "EHLO c.example.com");
        assertThat(say(half, "STARTTLS")).startsWith("220 ");
        half.write(new byte[] {22, 3, 1}, soon());
        half.flush(soon());
        assertThat(say(sockets.connectWhenThereIsRoom(mx), "NOOP")).startsWith("250 ");
        assertThatThrownBy(() -> reply(half)).isInstanceOf(IOException.class);
        world.await(SessionEvent.Disconnected.class);
        assertThat(world.events(SessionEvent.Disconnected.class).getFirst().ending())
                .isEqualTo(Ending.SHED);
    }

    @Test
    void halfAHandshakeOfImplicitTlsGoesForAUser() throws Exception {
        LoadShedder room = room(AT_ONCE, 1, Map.of());
        sockets.connect(listen(ListenerRole.SUBMISSIONS, room));
        world.await(SessionEvent.Connected.class);
        assertThat(say(sockets.connectWhenThereIsRoom(listen(ListenerRole.SUBMISSION, room)), "NOOP"))
                .startsWith("250 ");
    }

    @Test
    void transactionIsNotEndedForANewcomerAndItsMailIsTaken() throws Exception {
        Endpoint mx = listen(ListenerRole.MX, room(AT_ONCE, 1, Map.of()));
        Connection sending = inTransaction(mx);
        Connection other = sockets.connect(mx);
        assertThat(reply(other)).isEqualTo("421 4.3.2 too many connections, come again later");
        assertThat(say(sending, "RCPT TO:<alice@example.org>")).startsWith("250 2.1.5");
        assertThat(say(sending, "DATA")).startsWith("354 ");
        assertThat(reply(sockets.connect(mx))).startsWith("421 4.3.2 ");
        assertThat(say(sending, "Subject: x\r\n\r\ntext\r\n.")).startsWith("250 2.0.0 ok: queued as");
        assertThat(world.spool.count()).isEqualTo(1);
    }

    @Test
    void whoWasHeardJustNowIsNotEndedForANewcomer() throws Exception {
        Endpoint mx = listen(ListenerRole.MX, room(NOBODY, 1, Map.of()));
        Connection present = greeted(mx);
        assertThat(reply(sockets.connect(mx))).isEqualTo("421 4.3.2 too many connections, come again later");
        assertThat(say(present, "NOOP")).startsWith("250 ");
    }

    @Test
    void userFindsRoomWhereOtherServersAreSilent() throws Exception {
        LoadShedder room = room(AT_ONCE, 1, Map.of());
        Connection silent = greeted(listen(ListenerRole.MX, room));
        Connection user = sockets.connectWhenThereIsRoom(listen(ListenerRole.SUBMISSION, room));
        assertShed(silent);
        assertThat(say(user, "NOOP")).startsWith("250 ");
    }

    @Test
    void otherServerDoesNotTakeTheRoomOfUsers() throws Exception {
        LoadShedder room = room(AT_ONCE, 1, Map.of());
        Connection user = greeted(listen(ListenerRole.SUBMISSION, room));
        assertThat(reply(sockets.connect(listen(ListenerRole.MX, room))))
                .isEqualTo("421 4.3.2 too many connections, come again later");
        assertThat(say(user, "NOOP")).startsWith("250 ");
    }

    @Test
    void userWhoHasLoggedInIsNotEndedForAnother() throws Exception {
        Endpoint submission = listen(ListenerRole.SUBMISSION, room(AT_ONCE, 1, Map.of()));
        Connection user = loggedIn(submission);
        assertThat(reply(sockets.connect(submission))).isEqualTo("421 4.3.2 too many connections, come again later");
        assertThat(say(user, "NOOP")).startsWith("250 ");
    }

    @ParameterizedTest
    @EnumSource(names = {"LMTP", "LOCAL"})
    void localMailIsNotEndedForAnother(ListenerRole role) throws Exception {
        LoadShedder room = room(AT_ONCE, 1, Map.of());
        Connection local = greeted(listen(role, room));
        assertThat(reply(sockets.connect(listen(ListenerRole.SUBMISSION, room))))
                .isEqualTo("421 4.3.2 too many connections, come again later");
        assertThat(say(local, "NOOP")).startsWith("250 ");
    }

    @Test
    void onePlaceThatHasItsShareDoesNotEndTheSessionsOfOthers() throws Exception {
        SessionCensus census = new SessionCensus(CensusLimits.of(10, 1));
        Endpoint mx = listen(ListenerRole.MX, new LoadShedder(census, AT_ONCE, pressure::get, world.events::add));
        Connection first = greeted(mx);
        assertThat(reply(sockets.connect(mx)))
                .isEqualTo("421 4.7.0 too many connections from your address or network, close some first");
        assertThat(say(first, "NOOP")).startsWith("250 ");
    }

    // Time under pressure

    @ParameterizedTest
    @EnumSource(names = {"SESSIONS", "MEMORY"})
    void shrunkTimesReachThoseWhoWaitAlready(Resource resource) throws Exception {
        LoadShedder room = room(BY_THE_CLOCK, 10, Map.of());
        Endpoint mx = listen(ListenerRole.MX, room);
        Connection silent = greeted(mx);
        Connection sending = inTransaction(mx);
        Connection content = inTransaction(mx);
        say(content, "RCPT TO:<alice@example.org>");
        assertThat(say(content, "DATA")).startsWith("354 ");
        Connection user = loggedIn(listen(ListenerRole.SUBMISSION, room));
        pressure.set(Pressure.of(resource, Level.OVERLOADED));
        assertShed(silent);
        assertShed(sending);
        world.await(ListenerEvent.IdleShed.class);
        assertThat(say(content, "Subject: x\r\n\r\ntext\r\n.")).startsWith("250 2.0.0 ok: queued as");
        assertThat(say(user, "NOOP")).startsWith("250 ");
        assertThat(world.events)
                .filteredOn(ListenerEvent.IdleShed.class::isInstance)
                .first()
                .isEqualTo(new ListenerEvent.IdleShed(ListenerRole.MX, "pressure", 1, 1));
    }

    @Test
    void timesAreAsConfiguredWhenCalm() throws Exception {
        LoadShedder room = room(BY_THE_CLOCK, 10, Map.of());
        Connection silent = greeted(listen(ListenerRole.MX, room));
        room.sweep(ListenerRole.MX);
        assertThat(say(silent, "NOOP")).startsWith("250 ");
    }

    // Disk, memory, spool

    @ParameterizedTest
    @CsvSource({
        "DISK, overload-disk, '421 4.3.1 no room for more mail now, come again later'",
        "MEMORY, overload-memory, '421 4.3.2 this server is overloaded, come again later'",
        "SPOOL, overload-spool, '421 4.3.2 this server is overloaded, mail is stored too slowly now, come again later'",
    })
    void otherServersAreTurnedAwayWhileTheServerLacksSomething(Resource resource, String limit, String reply)
            throws Exception {
        LoadShedder room = room(NOBODY, 10, Map.of());
        Endpoint mx = listen(ListenerRole.MX, room);
        Connection before = greeted(mx);
        pressure.set(Pressure.of(resource, Level.OVERLOADED));
        Connection refused = sockets.connect(mx);
        assertThat(reply(refused)).isEqualTo(reply);
        assertClosed(refused);
        assertThat(say(before, "NOOP")).startsWith("250 ");
        greeted(listen(ListenerRole.SUBMISSION, room));
        greeted(listen(ListenerRole.LMTP, room));
        world.await(ListenerEvent.TurnedAway.class);
        assertThat(turnedAway().getFirst().limit()).isEqualTo(limit);
        pressure.set(Pressure.of(resource, Level.BUSY));
        greeted(mx);
    }

    // The accept side

    /// A door that lets one client in and then has no more descriptors, until one is given back.
    private static final class DoorWithoutDescriptors implements Door {
        private final BlockingQueue<Connection> clients = new LinkedBlockingQueue<>();
        private final AtomicInteger refusals = new AtomicInteger();
        private volatile boolean exhausted;
        private volatile boolean closed;

        @Override
        public Endpoint address() {
            return ANY_PORT;
        }

        @Override
        public Optional<Connection> accept() throws IOException {
            if (exhausted) {
                refusals.incrementAndGet();
                throw new SocketException("Too many open files");
            }
            if (closed) {
                throw new SocketException("Socket closed");
            }
            try {
                return Optional.ofNullable(clients.poll(10, TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        /// A client knocks.
        Connection knock() {
            MemoryConnection.Pair pair = MemoryConnection.pair();
            clients.add(pair.server());
            return pair.client();
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private Listener at(DoorWithoutDescriptors door, LoadShedder room) {
        return sockets.add(Listener.at(
                List.of(door),
                ListenerRole.MX,
                room,
                () -> world.setup(World.settings(ListenerRole.MX)),
                world.events::add));
    }

    @Test
    void idleSessionsGoWhereTheSystemGivesNoConnectionAndTheListenerGoesOn() throws Exception {
        DoorWithoutDescriptors door = new DoorWithoutDescriptors();
        at(door, room(AT_ONCE, 10, Map.of()));
        Connection idle = door.knock();
        Connection sending = door.knock();
        assertThat(reply(idle)).startsWith("220 ");
        assertThat(reply(sending)).startsWith("220 ");
        say(sending, "EHLO c.example.com");
        assertThat(say(sending, "MAIL FROM:<a@example.com>")).startsWith("250 2.1.0");
        door.exhausted = true;
        assertShed(idle);
        assertThat(say(sending, "RCPT TO:<alice@example.org>")).startsWith("250 2.1.5");
        awaitRefusals(door);
        door.exhausted = false;
        assertThat(reply(door.knock())).startsWith("220 ");
        assertThat(acceptFailures())
                .containsExactly(new ListenerEvent.AcceptFailed(
                        ListenerRole.MX, ANY_PORT, "java.net.SocketException: Too many open files", 1, 1));
    }

    private List<ListenerEvent.AcceptFailed> acceptFailures() {
        return world.events.stream()
                .filter(ListenerEvent.AcceptFailed.class::isInstance)
                .map(ListenerEvent.AcceptFailed.class::cast)
                .toList();
    }

    /// The pauses are 100, 200, 400 and 800 ms; a loop without them would be through in no time.
    @Test
    void listenerThatGetsNoConnectionDoesNotSpin() throws Exception {
        DoorWithoutDescriptors door = new DoorWithoutDescriptors();
        door.exhausted = true;
        long began = System.nanoTime();
        at(door, room(AT_ONCE, 10, Map.of()));
        awaitRefusals(door);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(1));
        door.exhausted = false;
    }

    private static void awaitRefusals(DoorWithoutDescriptors door) throws InterruptedException {
        Deadline deadline = soon();
        while (door.refusals.get() < 5) {
            assertThat(deadline.passed()).isFalse();
            Thread.sleep(Duration.ofMillis(10));
        }
    }

    @Test
    void everyShortageHasAnAnswerThatSaysComeAgain() {
        for (Shortage shortage : Shortage.values()) {
            Reply reply = shortage.reply();
            assertThat(reply.code()).isEqualTo(421);
            assertThat(reply.status()).isPresent();
        }
        assertThat(Set.of(Shortage.values()).stream().map(one -> one.setting(ListenerRole.MX)))
                .contains("sessions", "sessions-mx", "sessions-per-address", "overload-disk");
    }
}
