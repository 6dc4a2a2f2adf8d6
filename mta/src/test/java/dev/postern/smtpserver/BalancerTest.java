package dev.postern.smtpserver;

import static dev.postern.smtpserver.Talk.PATIENCE;
import static dev.postern.smtpserver.Talk.reply;
import static dev.postern.smtpserver.Talk.say;
import static dev.postern.smtpserver.Talk.secure;
import static dev.postern.smtpserver.Talk.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.event.Event;
import dev.postern.guard.Demand;
import dev.postern.guard.Denial;
import dev.postern.guard.Guard;
import dev.postern.guard.Offence;
import dev.postern.policy.ListenerRole;
import dev.postern.policy.NetworkSet;
import dev.postern.spool.SpooledMessage;
import dev.postern.wire.Connection;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Balancers before real listeners.
@Timeout(60)
class BalancerTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final String HEADER = "PROXY TCP4 198.51.100.7 192.0.2.25 40000 25\r\n";
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    private final World world = new World(new World.Ways(
            NetworkSet.of("127.0.0.0/8", "192.0.2.9").except(NetworkSet.of("127.0.0.1")), 1 << 20, false, 0));
    private final Sockets sockets = new Sockets(world);

    @AfterEach
    void close() throws Exception {
        sockets.close();
    }

    private Endpoint listen(ServerSessionSettings settings, SessionCensus census) throws IOException {
        Listener listener = sockets.listen(
                new ListenerSettings(settings.role(), List.of(new Endpoint.Inet(HERE, 0))),
                world.room(census),
                () -> world.setup(settings));
        return listener.addresses().getFirst();
    }

    /// A listener whose balancer is at 127.0.0.1.
    private Endpoint balanced(ListenerRole role) throws IOException {
        return listen(
                World.settings(role).withFront(world.front("127.0.0.1", "", "", "", false)),
                new SessionCensus(CensusLimits.of(100, 100)));
    }

    private Endpoint impatient(Duration patience, int waiting) throws IOException {
        Balancers balancers = new Balancers(NetworkSet.of("127.0.0.1"), patience, waiting);
        Intermediaries intermediaries =
                new Intermediaries(balancers, NetworkSet.none(), NetworkSet.none(), ClaimedUsers.none());
        return listen(
                World.settings(ListenerRole.MX)
                        .withFront(new Front(intermediaries, EtrnRights.none(), Optional.empty())),
                new SessionCensus(CensusLimits.of(100, 100)));
    }

    private Connection connect(Endpoint to, String header) throws IOException {
        Connection client = sockets.connect(to);
        client.write(header.getBytes(StandardCharsets.ISO_8859_1), soon());
        client.flush(soon());
        return client;
    }

    private static void assertDropped(Connection client) {
        assertThatThrownBy(() -> reply(client)).isInstanceOf(IOException.class);
    }

    private <T extends Event> List<T> events(Class<T> kind) {
        return world.events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static Endpoint client(String address) {
        return new Endpoint.Inet(InetAddress.ofLiteral(address), 40_000);
    }

    @Test
    void addressThatTheBalancerTellsIsTheClients() throws Exception {
        Connection client = connect(balanced(ListenerRole.MX), HEADER);
        assertThat(reply(client)).startsWith("220 ");
        say(client, "EHLO c.example.com");
        say(client, "MAIL FROM:<a@example.com>");
        assertThat(say(client, "RCPT TO:<x@example.net>")).startsWith("550 5.7.1 ");
        assertThat(say(client, "RCPT TO:<alice@example.org>")).startsWith("250 2.1.5");
        assertThat(say(client, "DATA")).startsWith("354 ");
        assertThat(say(client, "Subject: x\r\n\r\ntext\r\n.")).startsWith("250 2.0.0 ok: queued as");
        assertThat(say(client, "QUIT")).startsWith("221 ");

        SpooledMessage message = world.spool.list(Optional.empty(), 2).getFirst();
        assertThat(message.trace()).contains("198.51.100.7").doesNotContain("127.0.0.1");
        assertThat(world.events(SessionEvent.Connected.class)).singleElement().satisfies(connected -> {
            assertThat(connected.peer()).isEqualTo(client("198.51.100.7"));
            assertThat(connected.local()).isEqualTo(new Endpoint.Inet(InetAddress.ofLiteral("192.0.2.25"), 25));
        });
        assertThat(events(ListenerEvent.PassedOn.class))
                .extracting(ListenerEvent.PassedOn::peer)
                .containsExactly(client("198.51.100.7"));
    }

    @Test
    void trustFollowsTheClientsAddress() throws IOException {
        Connection client = connect(balanced(ListenerRole.MX), HEADER.replace("198.51.100.7", "192.0.2.9"));
        reply(client);
        say(client, "EHLO c.example.com");
        say(client, "MAIL FROM:<a@example.com>");
        assertThat(say(client, "RCPT TO:<x@example.net>")).startsWith("250 2.1.5");
    }

    @ParameterizedTest
    @ValueSource(strings = {SIGNATURE + "20000000", SIGNATURE + "21000000", "50524f585920554e4b4e4f574e0d0a"})
    void balancerThatSpeaksForItselfKeepsItsAddressAndIsAStranger(String header) throws IOException {
        Connection client = connect(
                balanced(ListenerRole.MX), new String(HexFormat.of().parseHex(header), StandardCharsets.ISO_8859_1));
        reply(client);
        say(client, "EHLO c.example.com");
        say(client, "MAIL FROM:<a@example.com>");
        assertThat(say(client, "RCPT TO:<x@example.net>")).startsWith("550 5.7.1 ");
        assertThat(world.events(SessionEvent.Connected.class))
                .singleElement()
                .satisfies(connected ->
                        assertThat(((Endpoint.Inet) connected.peer()).address()).isEqualTo(HERE));
    }

    @Test
    void headerComesBeforeTls() throws IOException {
        Connection client = connect(
                balanced(ListenerRole.SUBMISSIONS),
                new String(
                        HexFormat.of()
                                .parseHex(
                                        SIGNATURE + "2111000f" + "c6336407" + "c0000219" + "9c40" + "01d1" + "040000"),
                        StandardCharsets.ISO_8859_1));
        secure(client);
        assertThat(reply(client)).startsWith("220 ");
        assertThat(world.events(SessionEvent.Connected.class).getFirst().peer()).isEqualTo(client("198.51.100.7"));
    }

    /// Everything in one segment, as balancers send it.
    @Test
    void octetsBehindTheHeaderAreTheClients() throws IOException {
        Connection client = connect(balanced(ListenerRole.MX), HEADER + "EHLO c.example.com\r\n");
        assertThat(reply(client)).startsWith("220 ");
        assertThat(reply(client)).startsWith("250 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EHLO c.example.com\r\n",
                "PROXY TCP4 198.51.100.7 192.0.2.25 40000\r\n",
                "PROXY TCP4 198.51.100.7 192.0.2.25 40000 25\n",
                "\u0016\u0003\u0001\u0002\u0000"
            })
    void balancerWithoutAGoodHeaderIsDroppedWithoutAWord(String octets) throws Exception {
        Connection client = connect(balanced(ListenerRole.MX), octets);
        assertDropped(client);
        world.await(ListenerEvent.HeaderRefused.class);
        assertThat(world.events(SessionEvent.Connected.class)).isEmpty();
    }

    @Test
    void balancerThatIsSilentIsDropped() throws Exception {
        Connection client = connect(impatient(Duration.ofMillis(50), 10), HEADER.substring(0, 20));
        assertDropped(client);
        world.await(ListenerEvent.HeaderRefused.class);
        assertThat(events(ListenerEvent.HeaderRefused.class).getFirst().why()).isEqualTo("no PROXY header in time");
    }

    @Test
    void noMoreThanSoManyWaitForTheirHeaderAndOthersAreServed() throws Exception {
        Endpoint address = impatient(PATIENCE, 2);
        Connection first = connect(address, HEADER.substring(0, 1));
        Connection second = connect(address, HEADER.substring(0, 1));
        assertDropped(connect(address, HEADER.substring(0, 1)));
        world.await(ListenerEvent.HeaderRefused.class);
        for (Connection patient : List.of(first, second)) {
            patient.write(HEADER.substring(1).getBytes(StandardCharsets.US_ASCII), soon());
            patient.flush(soon());
            assertThat(reply(patient)).startsWith("220 ");
        }
        assertThat(reply(connect(address, HEADER))).startsWith("220 ");
    }

    @Test
    void clientsAreCountedByTheirOwnAddressAndNotAsTheBalancer() throws Exception {
        Endpoint address = listen(
                World.settings(ListenerRole.MX).withFront(world.front("127.0.0.1", "", "", "", false)),
                new SessionCensus(CensusLimits.of(100, 1)));
        assertThat(reply(connect(address, HEADER))).startsWith("220 ");
        assertThat(reply(connect(address, HEADER.replace("198.51.100.7", "198.51.100.8"))))
                .startsWith("220 ");
        assertThat(reply(connect(address, HEADER))).startsWith("421 4.7.0 too many connections from your address");
        world.await(ListenerEvent.TurnedAway.class);
        assertThat(events(ListenerEvent.TurnedAway.class).getFirst().peer()).isEqualTo(client("198.51.100.7"));
    }

    /// Whoever is not listed is not believed, and meets what any client meets that speaks another protocol.
    @ParameterizedTest
    @ValueSource(
            strings = {
                HEADER,
                "\r\n\r\n\u0000\r\nQUIT\n!\u0011\u0000\u000C\u00C63d\u0007\u00C0\u0000\u0002\u0019\u009C@\u0000\u0019"
            })
    void strangersHeaderEndsItsSessionAndIsNotBelieved(String header) throws IOException {
        Endpoint address = listen(
                World.settings(ListenerRole.MX).withFront(world.front("10.0.0.1", "", "", "", false)),
                new SessionCensus(CensusLimits.of(100, 100)));
        Connection client = sockets.connect(address);
        assertThat(reply(client)).startsWith("220 ");
        client.write(header.getBytes(StandardCharsets.ISO_8859_1), soon());
        client.flush(soon());
        assertThat(reply(client)).startsWith("554 5.5.1 ");
        assertDropped(client);
        assertThat(((Endpoint.Inet) world.events(SessionEvent.Connected.class)
                                .getFirst()
                                .peer())
                        .address())
                .isEqualTo(HERE);
        assertThat(world.events(SessionEvent.OtherProtocolSpoken.class))
                .extracting(SessionEvent.OtherProtocolSpoken::protocol)
                .containsExactly("proxy");
    }

    @Test
    void whoWaitsWithItsHeaderWhenTheServerStopsIsDropped() throws Exception {
        Endpoint address = impatient(Duration.ofHours(1), 10);
        Connection waiting = connect(address, HEADER.substring(0, 5));
        Connection served = connect(address, HEADER);
        assertThat(reply(served)).startsWith("220 ");
        assertThat(sockets.drain()).isZero();
        assertDropped(waiting);
        assertThat(world.events(SessionEvent.Connected.class)).hasSize(1);
    }

    @Test
    void sessionsOfAServerThatSpeaksForManyAreCountedAsTheirs() throws Exception {
        SessionCensus census = new SessionCensus(CensusLimits.of(100, 1));
        Endpoint address =
                listen(World.settings(ListenerRole.MX).withFront(world.front("", "127.0.0.1", "", "", false)), census);
        Connection first = sockets.connect(address);
        Connection second = sockets.connect(address);
        Connection third = sockets.connect(address);
        for (Connection one : List.of(first, second, third)) {
            assertThat(reply(one)).startsWith("220 ");
        }
        assertThat(say(first, "XCLIENT ADDR=198.51.100.7")).startsWith("220 ");
        assertThat(say(second, "XCLIENT ADDR=198.51.100.8")).startsWith("220 ");
        assertThat(say(third, "XCLIENT ADDR=198.51.100.7")).startsWith("421 4.7.0 too many connections");
        assertThat(say(first, "XCLIENT ADDR=198.51.100.9")).startsWith("220 ");
        assertThat(say(connect(address, "XCLIENT ADDR=198.51.100.7\r\n"), "NOOP"))
                .startsWith("220 ");
    }

    /// The guard is asked about the client, once its address is known, and never about the server before it.
    @Test
    void guardIsAskedAboutWhomAServerSpeaksFor() throws Exception {
        List<InetAddress> asked = new CopyOnWriteArrayList<>();
        Guard guard = new Guard() {
            @Override
            public void offended(InetAddress client, Offence offence) {
                throw new AssertionError(client + " has done nothing");
            }

            @Override
            public Optional<Denial> admit(InetAddress client) {
                asked.add(client);
                return client.equals(InetAddress.ofLiteral("198.51.100.66"))
                        ? Optional.of(
                                new Denial.TooMuch(Demand.SESSIONS, Denial.Scope.ADDRESS, 1, Duration.ofMinutes(1)))
                        : Optional.empty();
            }
        };
        SessionServices guarded = world.services(guard, world.services.manners());
        for (Front front :
                List.of(world.front("", "127.0.0.1", "", "", false), world.front("127.0.0.1", "", "", "", false))) {
            boolean balanced = front.intermediaries().xclient().networks().isEmpty();
            SessionSetup setup =
                    new SessionSetup(World.settings(ListenerRole.MX).withFront(front), guarded);
            Listener listener = sockets.listen(
                    new ListenerSettings(ListenerRole.MX, List.of(new Endpoint.Inet(HERE, 0))),
                    world.room(new SessionCensus(CensusLimits.of(100, 100))),
                    () -> setup);
            for (String address : List.of("198.51.100.7", "198.51.100.66")) {
                Connection client = connect(
                        listener.addresses().getFirst(), balanced ? HEADER.replace("198.51.100.7", address) : "");
                String greeting = reply(client);
                String said = balanced ? greeting : say(client, "XCLIENT ADDR=" + address);
                assertThat(said).startsWith(address.endsWith("66") ? "421 4.7." : "220 ");
            }
        }
        assertThat(asked)
                .extracting(InetAddress::getHostAddress)
                .containsExactly("198.51.100.7", "198.51.100.66", "198.51.100.7", "198.51.100.66");
    }
}
