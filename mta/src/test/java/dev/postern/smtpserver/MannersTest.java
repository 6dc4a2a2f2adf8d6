package dev.postern.smtpserver;

import static dev.postern.smtpserver.Talk.PATIENCE;
import static dev.postern.smtpserver.Talk.secure;
import static dev.postern.smtpserver.Talk.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.event.Event;
import dev.postern.guard.Guard;
import dev.postern.guard.KnownClients;
import dev.postern.guard.Offence;
import dev.postern.policy.ListenerRole;
import dev.postern.policy.NetworkSet;
import dev.postern.pressure.Level;
import dev.postern.pressure.Pressure;
import dev.postern.pressure.Resource;
import dev.postern.spool.ManualClock;
import dev.postern.wire.Connection;
import dev.postern.wire.Endpoint;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What strangers without manners are told through the listener, octet for octet, and that nobody else is.
///
/// A wait that must end by an event is longer than the patience of the test.
@Timeout(60)
class MannersTest {
    private static final Duration FOREVER = PATIENCE.multipliedBy(10);
    private static final Duration AN_INSTANT = Duration.ofMillis(20);
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private static final String GREETING = "220 mx.example.org ESMTP Postern";
    private static final String FIRST_LINE = "220-mx.example.org ESMTP Postern";
    private static final String EARLY_TALK = "554 5.5.1 you spoke before the greeting, good bye (id *)";
    private static final String EARLY_PIPELINING = "503 5.5.1 you did not wait for this reply, good bye (id *)";
    private static final String OTHER = "554 5.5.1 SMTP is spoken here and nothing else, good bye (id *)";
    private static final String STOPPING = "421 4.3.2 this server is stopping, come again later (id *)";

    private World world = new World();
    private Sockets sockets = new Sockets(world);
    private final Tarpit tarpit = new Tarpit();
    private final KnownClients known = new KnownClients(10, ManualClock.atNoon());
    private Duration offender = Duration.ZERO;

    @AfterEach
    void close() throws Exception {
        sockets.close();
        assertThat(tarpit.present()).as("sessions left in the tarpit").isZero();
        assertThat(world.events(SessionEvent.Broken.class)).isEmpty();
    }

    /// Nobody is allowed anything; a stranger waits so long.
    private static MannersSettings waiting(Duration time) {
        MannersSettings usual = MannersSettings.byDefault();
        return new MannersSettings(
                NetworkSet.none(),
                new MannersSettings.GreetingWait(time, true, Duration.ofDays(30)),
                usual.earlyPipelining(),
                usual.slowness());
    }

    private static MannersSettings inOneLine(Duration time) {
        MannersSettings two = waiting(time);
        return new MannersSettings(
                two.allow(),
                new MannersSettings.GreetingWait(time, false, Duration.ofDays(30)),
                two.earlyPipelining(),
                two.slowness());
    }

    private static MannersSettings noting() {
        MannersSettings strict = waiting(Duration.ZERO);
        return new MannersSettings(
                strict.allow(), strict.greeting(), MannersSettings.EarlyPipelining.NOTE, strict.slowness());
    }

    private static MannersSettings slow(int sessions, Duration longest, int free, Duration step) {
        MannersSettings strict = waiting(Duration.ZERO);
        return new MannersSettings(
                strict.allow(),
                strict.greeting(),
                strict.earlyPipelining(),
                new MannersSettings.Slowness(sessions, longest, free, step));
    }

    private Listener listen(ListenerRole role, MannersSettings settings) throws IOException {
        return listen(role, settings, world.room(new SessionCensus(CensusLimits.of(100, 100))));
    }

    private Listener listen(ListenerRole role, MannersSettings settings, LoadShedder room) throws IOException {
        SessionServices usual = world.services;
        Guard guard = new Guard() {
            @Override
            public void offended(InetAddress client, Offence offence) {
                usual.guard().offended(client, offence);
            }

            @Override
            public Duration tarpit(InetAddress client) {
                return offender;
            }
        };
        SessionServices services = world.services(guard, new Manners(settings, known, tarpit));
        return sockets.listen(
                new ListenerSettings(role, List.of(new Endpoint.Inet(LOOPBACK, 0))),
                room,
                () -> new SessionSetup(World.settings(role), services));
    }

    private Connection connect(Listener listener) throws IOException {
        return sockets.connect(listener.addresses().getFirst());
    }

    private static void send(Connection client, String octets) throws IOException {
        client.write(octets.getBytes(StandardCharsets.ISO_8859_1), soon());
        client.flush(soon());
    }

    /// Hears these lines, in which an id stands as `*`; the EHLO reply is one line.
    private static void hear(Connection client, String... lines) throws IOException {
        for (String line : lines) {
            String said = client.readLine(1024, soon()).latin1();
            while (line.startsWith("250 mx") && said.startsWith("250-")) {
                said = client.readLine(1024, soon()).latin1();
            }
            if (line.startsWith("250 mx")) {
                assertThat(said).startsWith("250 ");
            } else {
                assertThat(said.replaceFirst("\\(id [0-9a-z]{13}\\)", "(id *)").replaceFirst("as [0-9a-z]{13}", "as *"))
                        .isEqualTo(line);
            }
        }
    }

    private static void assertClosed(Connection client) {
        assertThatThrownBy(() -> client.readLine(1024, soon())).isInstanceOf(EOFException.class);
    }

    private void assertEnded(Ending ending) throws InterruptedException {
        world.await(SessionEvent.Disconnected.class);
        assertThat(world.events(SessionEvent.Disconnected.class))
                .extracting(SessionEvent.Disconnected::ending)
                .containsExactly(ending);
        assertThat(world.offences).isEqualTo(ending.offence().stream().toList());
    }

    /// The refusal leads to its reasons by its id.
    private void assertExplained(String rule) {
        assertThat(world.kept.values().stream().flatMap(List::stream))
                .anyMatch(decision -> decision.rule().equals(rule));
    }

    // Before the greeting

    static Stream<Arguments> early() {
        return Stream.of(
                Arguments.of("EHLO client.example\r\n", EARLY_TALK, Ending.EARLY_TALK),
                Arguments.of("EHLO client.example\r\nMAIL FROM:<a@example.com>\r\n", EARLY_TALK, Ending.EARLY_TALK),
                Arguments.of("E", EARLY_TALK, Ending.EARLY_TALK),
                Arguments.of("\r\n", EARLY_TALK, Ending.EARLY_TALK),
                Arguments.of("QUIT\r\n", EARLY_TALK, Ending.EARLY_TALK),
                Arguments.of("GET / HTTP/1.1\r\nHost: x\r\n\r\n", OTHER, Ending.OTHER_PROTOCOL),
                Arguments.of("SSH-2.0-x\r\n", OTHER, Ending.OTHER_PROTOCOL),
                Arguments.of("\26\3\1\2\0\1\0", OTHER, Ending.OTHER_PROTOCOL));
    }

    @ParameterizedTest
    @MethodSource("early")
    void whoeverSpeaksFirstIsToldAtOnceAndGone(String octets, String told, Ending ending) throws Exception {
        Connection client = connect(listen(ListenerRole.MX, waiting(FOREVER)));
        send(client, octets);
        hear(client, FIRST_LINE, told);
        assertClosed(client);
        assertEnded(ending);
        assertExplained(ending == Ending.EARLY_TALK ? "greeting" : "other-protocol");
        assertThat(known.knows(LOOPBACK, FOREVER)).isFalse();
    }

    @Test
    void whoeverSpeaksAfterTheFirstLineIsToldToo() throws Exception {
        Connection client = connect(listen(ListenerRole.MX, waiting(FOREVER)));
        hear(client, FIRST_LINE);
        send(client, "HELO client.example\r\n");
        hear(client, EARLY_TALK);
        assertClosed(client);
        assertEnded(Ending.EARLY_TALK);
        assertThat(world.events(SessionEvent.EarlyTalk.class).getFirst().said()).isEqualTo("HELO");
    }

    @Test
    void inOneLineNothingIsSaidBefore() throws Exception {
        Connection client = connect(listen(ListenerRole.MX, inOneLine(FOREVER)));
        send(client, "EHLO client.example\r\n");
        hear(client, EARLY_TALK);
        assertClosed(client);
    }

    @Test
    void whoeverWaitsOnceIsGreetedAtOnceTheNextTime() throws Exception {
        Listener listener = listen(ListenerRole.MX, waiting(AN_INSTANT));
        Connection first = connect(listener);
        hear(first, FIRST_LINE, GREETING);
        send(first, "EHLO client.example\r\n");
        hear(first, "250 mx");
        Connection second = connect(listener);
        hear(second, GREETING);
        assertThat(world.offences).isEmpty();
    }

    @Test
    void knownClientThatForgetsItsMannersWaitsAgain() throws Exception {
        known.met(LOOPBACK);
        Connection client = connect(listen(ListenerRole.MX, waiting(AN_INSTANT)));
        hear(client, GREETING);
        send(client, "EHLO client.example\r\nMAIL FROM:<a@example.com>\r\n");
        hear(client, EARLY_PIPELINING);
        assertClosed(client);
        assertThat(known.knows(LOOPBACK, FOREVER)).isFalse();
    }

    @Test
    void whoeverLeavesWhileItWaitsIsNoOffender() throws Exception {
        Connection client = connect(listen(ListenerRole.MX, waiting(FOREVER)));
        hear(client, FIRST_LINE);
        client.close();
        assertEnded(Ending.CLOSED);
    }

    @Test
    void serverThatStopsDoesNotWait() throws Exception {
        Listener listener = listen(ListenerRole.MX, waiting(FOREVER));
        Connection client = connect(listener);
        hear(client, FIRST_LINE);
        listener.drain(soon());
        hear(client, STOPPING);
        assertClosed(client);
        assertEnded(Ending.DRAINED);
    }

    @Test
    void whoeverIsAllowedOrTrustedIsGreetedAtOnceAndMaySpeakEarly() throws Exception {
        MannersSettings allowing = waiting(FOREVER).allowing(NetworkSet.of("127.0.0.0/8"));
        Connection allowed = connect(listen(ListenerRole.MX, allowing));
        world = new World(new World.Ways(NetworkSet.of("127.0.0.1"), Long.MAX_VALUE, false, 0));
        sockets = new Sockets(world);
        Connection trusted = connect(listen(ListenerRole.MX, waiting(FOREVER)));
        for (Connection client : List.of(allowed, trusted)) {
            send(client, "EHLO client.example\r\nNOOP\r\n");
            hear(client, GREETING, "250 mx", "250 2.0.0 ok");
        }
        assertThat(world.offences).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"SUBMISSION", "LMTP"})
    void onlyWhereOtherServersComeIsTheWait(ListenerRole role) throws Exception {
        Connection client = connect(listen(role, waiting(FOREVER)));
        hear(client, role == ListenerRole.LMTP ? "220 mx.example.org LMTP Postern" : GREETING);
    }

    @Test
    void whereTheWaitIsOffNobodyIsTooEarly() throws Exception {
        Connection client = connect(listen(ListenerRole.MX, waiting(Duration.ZERO)));
        send(client, "EHLO client.example\r\n");
        hear(client, GREETING, "250 mx");
    }

    // Commands in one go

    private static final String HELO = "HELO c.example.com\r\n";
    private static final String EHLO = "EHLO c.example.com\r\n";
    private static final String MAIL = "MAIL FROM:<a@example.com>\r\n";
    private static final String RCPT = "RCPT TO:<alice@example.org>\r\n";

    /// Commands that are sent one by one, each with a positive reply, what is sent in one go then, and whose reply it
    /// is that was not waited for.
    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("", EHLO + MAIL, "EHLO"),
                Arguments.of("", EHLO + "x", "EHLO"),
                Arguments.of("", EHLO + "QUIT\r\n", "EHLO"),
                Arguments.of("", EHLO + "STARTTLS\r\n", "EHLO"),
                Arguments.of("", HELO + MAIL + RCPT + "DATA\r\n", "HELO"),
                Arguments.of("", "NOOP\r\n" + EHLO, "NOOP"),
                Arguments.of("", "RSET\r\n" + EHLO, "RSET"),
                Arguments.of(EHLO, EHLO + MAIL, "EHLO"),
                Arguments.of(HELO, MAIL + RCPT, "MAIL"),
                Arguments.of(HELO + MAIL, RCPT + RCPT, "RCPT"),
                Arguments.of(HELO, "NOOP\r\nNOOP\r\n", "NOOP"),
                Arguments.of(HELO + MAIL + RCPT, "DATA\r\nSubject: x\r\n\r\n.\r\n", "DATA"),
                Arguments.of(EHLO + MAIL + RCPT, "DATA\r\nSubject: x\r\n\r\n.\r\n", "DATA"),
                Arguments.of(EHLO, "DATA\r\nMAIL FROM:<b@example.com>\r\n", "DATA"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void whatComesBehindACommandThatMustBeWaitedForEndsTheSession(String before, String group, String verb)
            throws Exception {
        Connection client = prepared(waiting(Duration.ZERO), before);
        send(client, group);
        hear(client, EARLY_PIPELINING);
        assertClosed(client);
        assertEnded(Ending.EARLY_PIPELINING);
        assertExplained("pipelining");
        assertThat(world.events(SessionEvent.EarlyPipelining.class))
                .extracting(SessionEvent.EarlyPipelining::verb)
                .containsExactly(verb);
        assertThat(world.spool.count()).isZero();
    }

    private Connection prepared(MannersSettings settings, String before) throws IOException {
        Connection client = connect(listen(ListenerRole.MX, settings));
        hear(client, GREETING);
        for (String command : before.lines().toList()) {
            send(client, command + "\r\n");
            String said;
            do {
                said = client.readLine(1024, soon()).latin1();
            } while (said.charAt(3) == '-');
            assertThat(said).startsWith("250 ");
        }
        return client;
    }

    static Stream<Arguments> legitimate() {
        return Stream.of(
                Arguments.of(
                        MAIL + RCPT + RCPT + "DATA\r\n",
                        List.of(
                                "250 2.1.0 sender ok",
                                "250 2.1.5 recipient ok",
                                "250 2.1.5 recipient ok",
                                "354 send the message, end it with a line of one dot")),
                Arguments.of(
                        MAIL + RCPT + "BDAT 6 LAST\r\ntext\r\n" + MAIL + "RSET\r\nQUIT\r\n",
                        List.of(
                                "250 2.1.0 sender ok",
                                "250 2.1.5 recipient ok",
                                "250 2.0.0 ok: queued as *",
                                "250 2.1.0 sender ok",
                                "250 2.0.0 forgotten",
                                "221 2.0.0 bye")),
                Arguments.of(
                        "RSET\r\nNOOP\r\nVRFY x\r\nHELP\r\nNOOP\r\n",
                        List.of(
                                "250 2.0.0 forgotten",
                                "250 2.0.0 ok",
                                "252 2.0.0 addresses are not verified here; send the mail and see",
                                "214 2.0.0 commands: EHLO HELO MAIL RCPT DATA BDAT RSET NOOP VRFY STARTTLS AUTH QUIT (RFC 5321)",
                                "250 2.0.0 ok")),
                Arguments.of(MAIL + EHLO, List.of("250 2.1.0 sender ok", "250 mx")),
                Arguments.of("QUIT\r\nNOOP\r\n", List.of("221 2.0.0 bye")));
    }

    @ParameterizedTest
    @MethodSource("legitimate")
    void whatMayComeInOneGoIsAnsweredInItsOrder(String group, List<String> replies) throws Exception {
        Connection client = prepared(waiting(Duration.ZERO), EHLO);
        send(client, group);
        hear(client, replies.toArray(String[]::new));
        assertThat(world.events(SessionEvent.EarlyPipelining.class)).isEmpty();
        assertThat(world.offences).isEmpty();
    }

    @Test
    void contentAndTheNextTransactionInOneGoAreLegitimate() throws Exception {
        Connection client = prepared(waiting(Duration.ZERO), EHLO + MAIL + RCPT);
        send(client, "DATA\r\n");
        hear(client, "354 send the message, end it with a line of one dot");
        send(client, "Subject: x\r\n\r\n.\r\n" + MAIL + RCPT + "DATA\r\n");
        hear(client, "250 2.0.0 ok: queued as *", "250 2.1.0 sender ok", "250 2.1.5 recipient ok");
        hear(client, "354 send the message, end it with a line of one dot");
        send(client, ".\r\nQUIT\r\n");
        hear(client, "250 2.0.0 ok: queued as *", "221 2.0.0 bye");
    }

    @Test
    void whereItIsOnlyNotedTheLogTellsAndTheClientIsServed() throws Exception {
        Connection client = prepared(noting(), "");
        send(client, HELO + MAIL + RCPT + "DATA\r\nSubject: x\r\n\r\n.\r\nQUIT\r\n");
        hear(client, "250 mx.example.org", "250 2.1.0 sender ok", "250 2.1.5 recipient ok");
        hear(client, "354 send the message, end it with a line of one dot", "250 2.0.0 ok: queued as *");
        hear(client, "221 2.0.0 bye");
        assertEnded(Ending.QUIT);
        assertThat(world.events(SessionEvent.EarlyPipelining.class))
                .extracting(SessionEvent.EarlyPipelining::verb)
                .containsExactly("HELO", "MAIL", "RCPT", "DATA");
    }

    // Other protocols

    @ParameterizedTest
    @CsvSource(textBlock = """
            tls,    \\u0016\\u0003\\u0001\\u0002\\u0000
            rdp,    \\u0003\\u0000\\u0000\\u0013
            smb,    \\u0000\\u0000\\u0000\\u00a4\\u00ffSMBr
            binary, AMQP\\u0000\\u0000
            json,   {"jsonrpc"
            xml,    <?xml
            """)
    void clientOfAnotherProtocolIsToldWithoutTheEndOfALine(String protocol, String octets) throws Exception {
        Connection client = prepared(MannersSettings.byDefault(), "");
        send(client, unescaped(octets));
        hear(client, OTHER);
        assertClosed(client);
        assertEnded(Ending.OTHER_PROTOCOL);
        assertExplained("other-protocol");
        assertThat(world.events(SessionEvent.OtherProtocolSpoken.class))
                .extracting(SessionEvent.OtherProtocolSpoken::protocol)
                .containsExactly(protocol);
    }

    /// `\\uHHHH` is that character.
    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\\u", i)) {
                plain.append((char) Integer.parseInt(text.substring(i + 2, i + 6), 16));
                i += 5;
            } else {
                plain.append(text.charAt(i));
            }
        }
        return plain.toString();
    }

    @Test
    void whereTlsComesFirstItsAbsenceIsToldInTheClear() throws Exception {
        Connection client = connect(listen(ListenerRole.SUBMISSIONS, waiting(FOREVER)));
        send(client, EHLO);
        hear(client, "554 5.7.0 this port begins with TLS, and you did not, good bye (id *)");
        assertClosed(client);
        assertEnded(Ending.TLS);
        assertThat(world.events(SessionEvent.HandshakeFailed.class))
                .extracting(SessionEvent.HandshakeFailed::why)
                .containsExactly("the client speaks in the clear, where it has to begin with TLS");
    }

    @Test
    void commandsBehindEhloUnderTlsAreEarlyToo() throws Exception {
        Connection client = connect(listen(ListenerRole.SUBMISSIONS, waiting(FOREVER)));
        secure(client);
        hear(client, GREETING);
        send(client, EHLO + MAIL);
        hear(client, EARLY_PIPELINING);
        assertEnded(Ending.EARLY_PIPELINING);
    }

    // Slowness

    @Test
    void offenderIsHeldBackFromItsGreetingOnUntilTheServerStops() throws Exception {
        offender = FOREVER;
        Listener listener = listen(ListenerRole.MX, slow(1, FOREVER, 10, AN_INSTANT));
        Connection client = connect(listener);
        world.await(SessionEvent.HeldBack.class);
        assertThat(tarpit.present()).isOne();
        listener.drain(soon());
        hear(client, STOPPING);
        assertClosed(client);
    }

    @Test
    void offenderThatIsPatientIsServed() throws Exception {
        offender = FOREVER;
        Connection client = connect(listen(ListenerRole.MX, slow(1, Duration.ofMillis(1), 10, AN_INSTANT)));
        hear(client, GREETING);
        send(client, EHLO);
        hear(client, "250 mx");
        send(client, MAIL + RCPT + "BDAT 6 LAST\r\ntext\r\nQUIT\r\n");
        hear(client, "250 2.1.0 sender ok", "250 2.1.5 recipient ok", "250 2.0.0 ok: queued as *", "221 2.0.0 bye");
        assertThat(world.events(SessionEvent.HeldBack.class))
                .extracting(SessionEvent.HeldBack::why)
                .containsExactly("offences");
    }

    @ParameterizedTest
    @EnumSource(names = {"MX", "SUBMISSION"})
    void beyondTheRoomForSlowSessionsOffendersAreToldToComeAgain(ListenerRole role) throws Exception {
        offender = FOREVER;
        Listener listener = listen(role, slow(1, FOREVER, 10, AN_INSTANT));
        connect(listener);
        world.await(SessionEvent.HeldBack.class);
        Connection second = connect(listener);
        hear(second, "421 4.7.0 no room for slow clients now, come again later (id *)");
        assertClosed(second);
        listener.drain(soon());
    }

    @Test
    void refusalsBeyondTheFreeOnesAreHeldBackUntilTheServerStops() throws Exception {
        Listener listener = listen(ListenerRole.MX, slow(1, FOREVER, 2, FOREVER));
        Connection client = connect(listener);
        hear(client, GREETING);
        send(client, EHLO);
        hear(client, "250 mx");
        send(client, "XYZZY\r\nXYZZY\r\nNOOP\r\nXYZZY\r\nNOOP\r\n");
        String refused = "500 5.5.1 command not recognised (id *)";
        hear(client, refused, refused, "250 2.0.0 ok");
        world.await(SessionEvent.HeldBack.class);
        listener.drain(soon());
        hear(client, STOPPING);
        assertClosed(client);
        assertThat(world.events(SessionEvent.HeldBack.class))
                .extracting(SessionEvent.HeldBack::why)
                .containsExactly("refusals");
    }

    @Test
    void refusalsThatAreHeldBackComeInTheirOrder() throws Exception {
        Connection client = prepared(
                slow(1, Duration.ofMillis(2), 0, Duration.ofMillis(1)), EHLO + "MAIL FROM:<a@example.com>\r\n");
        send(client, "RCPT TO:<nobody@example.org>\r\n" + RCPT + "RCPT TO:<x@example.net>\r\nNOOP\r\n");
        assertThat(client.readLine(1024, soon()).latin1()).startsWith("550 5.1.1 ");
        hear(client, "250 2.1.5 recipient ok");
        assertThat(client.readLine(1024, soon()).latin1()).startsWith("550 5.7.1 ");
        hear(client, "250 2.0.0 ok");
    }

    @Test
    void usersAreNotHeldBack() throws Exception {
        Connection client = connect(listen(ListenerRole.SUBMISSIONS, slow(0, FOREVER, 0, FOREVER)));
        secure(client);
        hear(client, GREETING);
        send(client, EHLO);
        hear(client, "250 mx");
        send(client, "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n");
        hear(client, "235 2.7.0 welcome");
        send(client, "XYZZY\r\nNOOP\r\n");
        hear(client, "500 5.5.1 command not recognised (id *)", "250 2.0.0 ok");
    }

    @Test
    void settingsAreWhatTheyCanBe() {
        assertThatThrownBy(() -> waiting(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> slow(-1, FOREVER, 0, FOREVER)).isInstanceOf(IllegalArgumentException.class);
        assertThat(MannersSettings.byDefault().allow().contains(LOOPBACK)).isTrue();
    }

    @Test
    void everyEventNamesItsSession() throws Exception {
        Connection client = connect(listen(ListenerRole.MX, waiting(FOREVER)));
        send(client, "EHLO AUTH-secret\r\n");
        hear(client, FIRST_LINE, EARLY_TALK);
        world.await(SessionEvent.Disconnected.class);
        List<Event> all = List.copyOf(world.events);
        assertThat(all).anyMatch(SessionEvent.EarlyTalk.class::isInstance);
        assertThat(all.toString()).doesNotContain("secret");
    }

    /// Who waits because we want it to is not silent.
    @Test
    void strangerThatWaitsForItsGreetingDoesNotGoForANewcomer() throws Exception {
        Listener listener = listen(
                ListenerRole.MX,
                waiting(PATIENCE),
                new LoadShedder(
                        new SessionCensus(CensusLimits.of(1, 10)),
                        new Shedding(Duration.ofNanos(1), Duration.ofNanos(1)),
                        () -> Pressure.of(Resource.SESSIONS, Level.OVERLOADED),
                        world.events::add));
        Connection stranger = connect(listener);
        assertThat(stranger.readLine(1024, soon()).latin1()).startsWith("220-");
        Connection newcomer = connect(listener);
        assertThat(newcomer.readLine(1024, soon()).latin1())
                .isEqualTo("421 4.3.2 too many connections, come again later");
        assertThat(listener.drain(soon())).isZero();
        assertThat(stranger.readLine(1024, soon()).latin1()).startsWith("421 4.3.2 this server is stopping");
    }
}
