package dev.postern.smtpserver;

import static dev.postern.smtpserver.Talk.PATIENCE;
import static dev.postern.smtpserver.Talk.reply;
import static dev.postern.smtpserver.Talk.say;
import static dev.postern.smtpserver.Talk.secure;
import static dev.postern.smtpserver.Talk.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.guard.BanTerms;
import dev.postern.guard.ClientGuard;
import dev.postern.guard.Demand;
import dev.postern.guard.GuardEvent;
import dev.postern.guard.GuardSettings;
import dev.postern.guard.Offence;
import dev.postern.guard.Rates;
import dev.postern.policy.ListenerRole;
import dev.postern.spool.ManualClock;
import dev.postern.wire.Connection;
import dev.postern.wire.Endpoint;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Each limit is reached through a real listener, told with its reply, and felt by nobody else.
@Timeout(60)
class GuardedListenerTest {
    private static final InetAddress BAD = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress NEIGHBOUR = InetAddress.ofLiteral("127.0.0.2");
    private static final InetAddress STRANGER = InetAddress.ofLiteral("127.0.1.1");
    private static final int PLENTY = 1000;
    private static final int FEW = 2;
    private static final String ID = " \\(id [0-9a-z]{13}\\)";

    private final World world = new World();
    private final Sockets sockets = new Sockets(world);
    private final ManualClock clock = ManualClock.atNoon();
    private ClientGuard guard = guard(Demand.SESSIONS, new Rates.Rate(PLENTY, PLENTY));

    @AfterEach
    void close() throws Exception {
        sockets.close();
    }

    private ClientGuard guard(Demand demand, Rates.Rate rate) {
        Map<Demand, Rates.Rate> clients = new EnumMap<>(Demand.class);
        for (Demand any : Demand.values()) {
            clients.put(any, any == Demand.OCTETS ? new Rates.Rate(1 << 20, 1 << 20) : new Rates.Rate(PLENTY, PLENTY));
        }
        clients.put(demand, rate);
        GuardSettings settings = new GuardSettings(
                new Rates(clients, Map.of(Demand.MESSAGES, 1L, Demand.RECIPIENTS, 1L)),
                BanTerms.byDefault(),
                Duration.ZERO,
                "write to postmaster@example.org from another server");
        return new ClientGuard(settings, address -> false, new ClientGuard.Ground(clock, world.events::add, 1));
    }

    /// A listener where strangers get so much of one thing, and enough of all else.
    private Endpoint.Inet listen(ListenerRole role, Demand demand, int perAddress, int perNetwork) throws IOException {
        guard = guard(demand, new Rates.Rate(perAddress, perNetwork));
        return listen(role);
    }

    private Endpoint.Inet listen(ListenerRole role) throws IOException {
        SessionServices guarded = world.services(guard, world.services.manners());
        Listener listener = sockets.listen(
                new ListenerSettings(role, List.of(new Endpoint.Inet(BAD, 0))),
                world.room(new SessionCensus(CensusLimits.of(100, 100))),
                () -> new SessionSetup(World.settings(role), guarded));
        return (Endpoint.Inet) listener.addresses().getFirst();
    }

    private Connection greeted(InetAddress from, Endpoint.Inet to) throws IOException {
        Connection client = sockets.connect(from, to);
        assertThat(reply(client)).startsWith("220 ");
        assertThat(say(client, "EHLO c.example.com")).startsWith("250 ");
        return client;
    }

    private static void assertClosed(Connection client) {
        assertThatThrownBy(() -> reply(client)).isInstanceOf(EOFException.class);
    }

    private static String transfer(Connection client, String content) throws IOException {
        assertThat(say(client, "MAIL FROM:<a@example.com>")).startsWith("250 ");
        assertThat(say(client, "RCPT TO:<alice@example.org>")).startsWith("250 ");
        assertThat(say(client, "DATA")).startsWith("354 ");
        return say(client, content + "\r\n.");
    }

    private void assertUnharmed(InetAddress from, Endpoint.Inet to) throws IOException {
        long before = world.spool.count();
        assertThat(transfer(greeted(from, to), "Subject: x\r\n\r\ntext")).startsWith("250 2.0.0 ok: queued");
        assertThat(world.spool.count()).isEqualTo(before + 1);
    }

    private void assertTold(String who, Demand demand, long limit) {
        assertThat(world.events).contains(new GuardEvent.LimitReached(who, demand.label(), limit));
        assertThat(guard.denied().get(demand)).isPositive();
    }

    @Test
    void tooManySessionsWithinAMinuteAreTurnedAwayAtTheGreeting() throws Exception {
        Endpoint.Inet to = listen(ListenerRole.MX, Demand.SESSIONS, FEW, FEW + 2);
        greeted(BAD, to);
        greeted(BAD, to);
        Connection third = sockets.connect(BAD, to);

        assertThat(reply(third))
                .isEqualTo("421 4.7.0 too many connections within a minute from your address, try again in 30 seconds");
        assertClosed(third);
        assertTold("127.0.0.1", Demand.SESSIONS, FEW);
        assertUnharmed(NEIGHBOUR, to);
        greeted(NEIGHBOUR, to);
        assertThat(reply(sockets.connect(InetAddress.ofLiteral("127.0.0.3"), to)))
                .isEqualTo("421 4.7.0 too many connections within a minute from your network, try again in 15 seconds");
        assertUnharmed(STRANGER, to);
        clock.advance(Duration.ofSeconds(30));
        assertUnharmed(BAD, to);
    }

    @Test
    void tooManyMessagesWithinAnHourAreDeferredAtMail() throws Exception {
        Endpoint.Inet to = listen(ListenerRole.MX, Demand.MESSAGES, FEW, PLENTY);
        Connection client = greeted(BAD, to);
        transfer(client, "Subject: 1\r\n\r\ntext");
        transfer(client, "Subject: 2\r\n\r\ntext");
        send(client, "MAIL FROM:<a@example.com>\r\nRCPT TO:<alice@example.org>\r\nDATA");

        assertThat(reply(client))
                .matches("450 4\\.7\\.1 too many messages within an hour from your address, try again in 30 minutes"
                        + ID);
        assertThat(reply(client)).startsWith("503 5.5.1 say MAIL first");
        assertThat(reply(client)).startsWith("503 5.5.1 say MAIL first");
        assertThat(world.events(SessionEvent.ProtocolFault.class)).isEmpty();
        assertTold("127.0.0.1", Demand.MESSAGES, FEW);
        assertUnharmed(NEIGHBOUR, to);
        clock.advance(Duration.ofMinutes(30));
        assertThat(transfer(client, "Subject: 3\r\n\r\ntext")).startsWith("250 2.0.0 ok: queued");
        assertThat(world.events(SessionEvent.Refused.class)).singleElement().satisfies(refused -> {
            assertThat(refused.stage()).isEqualTo("mail");
            assertThat(refused.verdict().why()).isEqualTo("the limit of messages is reached");
        });
    }

    @Test
    void tooManyRecipientsWithinAnHourAreDeferredAtRcptAndThoseThatWereTakenGetTheMessage() throws Exception {
        Endpoint.Inet to = listen(ListenerRole.MX, Demand.RECIPIENTS, FEW, PLENTY);
        Connection client = greeted(BAD, to);
        assertThat(say(client, "MAIL FROM:<a@example.com>")).startsWith("250 ");
        assertThat(say(client, "RCPT TO:<alice@example.org>")).startsWith("250 ");
        assertThat(say(client, "RCPT TO:<bob@example.org>")).startsWith("250 ");

        assertThat(say(client, "RCPT TO:<postmaster@example.org>"))
                .matches("452 4\\.5\\.3 too many recipients within an hour from your address, try again in 30 minutes"
                        + ID);
        assertThat(say(client, "DATA")).startsWith("354 ");
        assertThat(say(client, "Subject: x\r\n\r\ntext\r\n.")).startsWith("250 2.0.0 ok: queued");
        assertThat(world.events(SessionEvent.MessageTaken.class))
                .singleElement()
                .satisfies(taken -> assertThat(taken.recipients()).hasSize(2));
        assertTold("127.0.0.1", Demand.RECIPIENTS, FEW);
        assertUnharmed(NEIGHBOUR, to);
    }

    @Test
    void tooManyOctetsWithinAnHourAreDeferredAtTheNextMail() throws Exception {
        Endpoint.Inet to = listen(ListenerRole.MX, Demand.OCTETS, 1000, 1 << 20);
        Connection client = greeted(BAD, to);
        assertThat(transfer(client, "Subject: x\r\n\r\n" + "x".repeat(700))).startsWith("250 2.0.0 ok: queued");

        assertThat(say(client, "MAIL FROM:<a@example.com> SIZE=500"))
                .matches("452 4\\.7\\.1 too many octets of messages within an hour from your address,"
                        + " try again in \\d+ minutes" + ID);
        assertThat(transfer(client, "Subject: y\r\n\r\n" + "y".repeat(700))).startsWith("250 2.0.0 ok: queued");
        assertThat(say(client, "MAIL FROM:<a@example.com>")).startsWith("452 4.7.1 too many octets ");
        assertTold("127.0.0.1", Demand.OCTETS, 1000);
        assertUnharmed(NEIGHBOUR, to);
    }

    @Test
    void octetsThatAreRefusedBrokenOffOrSwallowedCountToo() throws Exception {
        Endpoint.Inet to = listen(ListenerRole.MX, Demand.OCTETS, 1000, 1 << 20);
        String kilobyte = "x".repeat(996) + "\r\n\r\n";

        assertThat(transfer(greeted(BAD, to), "bare\nLF " + kilobyte)).startsWith("550 5.6.0");
        assertThat(say(greeted(BAD, to), "MAIL FROM:<a@example.com>")).startsWith("452 4.7.1");
        Connection swallowed = greeted(NEIGHBOUR, to);
        send(swallowed, "BDAT 1000 LAST\r\n" + kilobyte.substring(2));
        assertThat(reply(swallowed)).startsWith("503 5.5.1");
        assertThat(say(swallowed, "MAIL FROM:<a@example.com>")).startsWith("452 4.7.1");
        Connection broken = greeted(STRANGER, to);
        say(broken, "MAIL FROM:<a@example.com>");
        say(broken, "RCPT TO:<alice@example.org>");
        say(broken, "DATA");
        send(broken, kilobyte);
        broken.close();
        world.await(SessionEvent.Disconnected.class);
        assertThat(say(greeted(STRANGER, to), "MAIL FROM:<a@example.com>")).startsWith("452 4.7.1");
    }

    @Test
    void whoHasAskedForTooManyRecipientsThatDoNotExistLearnsNothingMore() throws Exception {
        Endpoint.Inet to = listen(ListenerRole.MX, Demand.UNKNOWN_RECIPIENTS, FEW, PLENTY);
        Connection client = greeted(BAD, to);
        say(client, "MAIL FROM:<a@example.com>");
        assertThat(say(client, "RCPT TO:<x1@example.org>")).startsWith("550 5.1.1");
        assertThat(say(client, "RCPT TO:<x2@example.org>")).startsWith("550 5.1.1");

        for (String name : List.of("x3", "alice")) {
            assertThat(say(client, "RCPT TO:<" + name + "@example.org>"))
                    .matches("450 4\\.7\\.1 too many recipients that do not exist within an hour from your address,"
                            + " try again in 30 minutes" + ID);
        }
        assertTold("127.0.0.1", Demand.UNKNOWN_RECIPIENTS, FEW);
        assertUnharmed(NEIGHBOUR, to);
    }

    @Test
    void tooManyWrongCommandsWithinAnHourEndTheSession() throws Exception {
        Endpoint.Inet to = listen(ListenerRole.MX, Demand.FAILED_COMMANDS, FEW, PLENTY);
        assertThat(say(greeted(BAD, to), "FROB")).startsWith("500 5.5.1");
        assertThat(say(greeted(BAD, to), "FROB")).startsWith("500 5.5.1");
        Connection client = greeted(BAD, to);

        assertThat(say(client, "FROB"))
                .matches("421 4\\.7\\.0 too many wrong commands within an hour from your address,"
                        + " try again in 30 minutes" + ID);
        assertClosed(client);
        assertTold("127.0.0.1", Demand.FAILED_COMMANDS, FEW);
        assertThat(say(greeted(NEIGHBOUR, to), "FROB")).startsWith("500 5.5.1");
    }

    @Test
    void tooManyHandshakesWithinAMinuteAreRefusedAndTheSessionGoesOnInTheClear() throws Exception {
        Endpoint.Inet to = listen(ListenerRole.MX, Demand.HANDSHAKES, 1, PLENTY);
        Connection first = greeted(BAD, to);
        assertThat(say(first, "STARTTLS")).startsWith("220 ");
        secure(first);
        Connection second = greeted(BAD, to);

        assertThat(say(second, "STARTTLS"))
                .matches("454 4\\.7\\.0 too many TLS handshakes within a minute from your address,"
                        + " try again in 60 seconds" + ID);
        assertThat(transfer(second, "Subject: x\r\n\r\ntext")).startsWith("250 2.0.0 ok: queued");
        assertTold("127.0.0.1", Demand.HANDSHAKES, 1);
        assertThat(say(greeted(NEIGHBOUR, to), "STARTTLS")).startsWith("220 ");
    }

    @Test
    void tooManyHandshakesFromTheFirstOctetAreClosed() throws Exception {
        Endpoint.Inet to = listen(ListenerRole.SUBMISSIONS, Demand.HANDSHAKES, 1, PLENTY);
        Connection first = sockets.connect(BAD, to);
        secure(first);
        assertThat(reply(first)).startsWith("220 ");

        assertThatThrownBy(() -> secure(sockets.connect(BAD, to))).isInstanceOf(IOException.class);
        Connection other = sockets.connect(NEIGHBOUR, to);
        secure(other);
        assertThat(reply(other)).startsWith("220 ");
    }

    @Test
    void userHasLimitsOfItsOwnWhereverItLogsInFrom() throws Exception {
        Endpoint.Inet to = listen(ListenerRole.SUBMISSION, Demand.MESSAGES, PLENTY, PLENTY);
        Connection client = loggedIn(BAD, to, "alice");
        assertThat(say(client, "MAIL FROM:<alice@example.org>")).startsWith("250 ");
        assertThat(say(client, "RCPT TO:<bob@example.org>")).startsWith("250 ");
        assertThat(say(client, "RCPT TO:<alice@example.org>"))
                .matches("452 4\\.5\\.3 too many recipients within an hour of this user, try again in 60 minutes" + ID);
        say(client, "RSET");

        assertThat(say(loggedIn(STRANGER, to, "alice"), "MAIL FROM:<alice@example.org>"))
                .matches("450 4\\.7\\.1 too many messages within an hour of this user, try again in 60 minutes" + ID);
        assertTold("alice", Demand.MESSAGES, 1);
        assertThat(say(loggedIn(BAD, to, "bob"), "MAIL FROM:<bob@example.org>")).startsWith("250 ");
    }

    private Connection loggedIn(InetAddress from, Endpoint.Inet to, String user) throws IOException {
        Connection client = greeted(from, to);
        assertThat(say(client, "STARTTLS")).startsWith("220 ");
        secure(client);
        say(client, "EHLO c.example.com");
        String plain =
                Base64.getEncoder().encodeToString(("\0" + user + "\0secret").getBytes(StandardCharsets.US_ASCII));
        assertThat(say(client, "AUTH PLAIN " + plain)).startsWith("235 ");
        return client;
    }

    @Test
    void offenderIsBannedAndToldUntilWhenAndWhomToAsk() throws Exception {
        Endpoint.Inet to = listen(ListenerRole.MX);
        Connection before = greeted(BAD, to);
        for (int session = 0; session < 4; session++) {
            Connection client = greeted(BAD, to);
            String last = "";
            while (!last.startsWith("421")) {
                last = say(client, "FROB");
            }
            assertClosed(client);
            awaitEndOf(session + 1);
        }
        Connection banned = sockets.connect(BAD, to);

        assertThat(reply(banned))
                .isEqualTo("421 4.7.1 127.0.0.1 is banned until 2026-06-01T12:10:00Z (faults);"
                        + " if that is wrong, write to postmaster@example.org from another server");
        assertClosed(banned);
        assertThat(say(before, "MAIL FROM:<a@example.com>")).startsWith("421 4.7.1 127.0.0.1 is banned until ");
        assertClosed(before);
        assertThat(world.events)
                .filteredOn(ListenerEvent.TurnedAway.class::isInstance)
                .isEmpty();
        assertThat(guard.bans().running())
                .singleElement()
                .satisfies(one -> assertThat(one.turnedAway()).isEqualTo(1));
        assertUnharmed(NEIGHBOUR, to);
        clock.advance(Duration.ofMinutes(10));
        assertUnharmed(BAD, to);
    }

    private void awaitEndOf(int sessions) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (world.events(SessionEvent.Disconnected.class).size() < sessions) {
            assertThat(System.nanoTime()).as("sessions that end").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    /// Both sessions end for slowness; mail servers keep their connections open behind a message, in case there is
    /// another.
    @Test
    void whoIsSlowIsForgivenWhereItHasBroughtAMessage() throws Exception {
        Duration wait = Duration.ofSeconds(3);
        SessionTimeouts usual = SessionTimeouts.byDefault();
        ServerSessionSettings hasty = World.settings(ListenerRole.MX)
                .withTimeouts(new SessionTimeouts(wait, wait, usual.content(), usual.phases()));
        Listener listener = sockets.listen(
                new ListenerSettings(ListenerRole.MX, List.of(new Endpoint.Inet(BAD, 0))),
                world.room(new SessionCensus(CensusLimits.of(100, 100))),
                () -> world.setup(hasty));
        Endpoint.Inet to = (Endpoint.Inet) listener.addresses().getFirst();
        Connection useful = greeted(NEIGHBOUR, to);
        assertThat(transfer(useful, "Subject: x\r\n\r\ntext")).startsWith("250 2.0.0 ok: queued");

        assertThat(reply(useful)).startsWith("421 4.4.2 ");
        awaitEndOf(1);
        assertThat(world.offences).isEmpty();
        assertThat(reply(greeted(BAD, to))).startsWith("421 4.4.2 ");
        awaitEndOf(2);
        assertThat(world.offences).containsExactly(Offence.SLOW);
    }
}
