package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.postern.accounts.LoginThrottleSettings;
import dev.postern.policy.EncryptionSettings;
import dev.postern.policy.ListenerRole;
import dev.postern.policy.NetworkSet;
import dev.postern.route.DomainPattern;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import dev.postern.tls.ClientTls;
import dev.postern.tls.TlsProvider;
import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.Line;
import dev.postern.wire.MemoryConnection;
import dev.postern.wire.SocketConnection;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/// Plays a dialogue against a real session, and checks afterwards what must be true after every
/// dialogue: no draft is left open in the spool, each accepted recipient of each message that was
/// answered with 250 is in the spool, each refusal carries an id, and no reply line is longer than
/// 512 octets.
final class DialoguePlayer {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MAX_REPLY_LINE = 512 - 2;

    /// More than any dialogue leaves in the spool.
    private static final int MOST_MESSAGES = 1000;
    private static final Pattern QUEUED = Pattern.compile("250[ -]2\\.0\\.0 ok: queued as (\\w+)");

    private final Dialogue dialogue;
    private final Cut cut;
    private final TlsProvider provider;
    private final World world;
    private final ServerSessionSettings settings;
    private final List<String> heard = new ArrayList<>();
    private int accepted;

    /// How the client's octets are cut into what arrives at once.
    interface Cut {
        /// As the dialogue has them.
        Cut NONE = octets -> List.of(octets.length);

        /// The ends of the pieces.
        List<Integer> ends(byte[] octets);
    }

    DialoguePlayer(Dialogue dialogue, Cut cut) {
        this(dialogue, cut, TlsProvider.jsse());
    }

    DialoguePlayer(Dialogue dialogue, Cut cut, TlsProvider provider) {
        this.dialogue = dialogue;
        this.cut = cut;
        this.provider = provider;
        this.world = new World(
                new World.Ways(
                                scene("trusted").map(NetworkSet::of).orElseGet(NetworkSet::none),
                                scene("capacity").map(Long::parseLong).orElse(Long.MAX_VALUE),
                                scene("signed").isPresent(),
                                scene("forwards").map(Integer::parseInt).orElse(0))
                        .encrypted(encryption()),
                provider);
        this.settings = settings();
        scene("throttle").map(Integer::parseInt).ifPresent(this::throttle);
    }

    /// `encrypt-listener ROLE`, `encrypt-network NETWORK`, `encrypt-domain PATTERN`.
    private EncryptionSettings encryption() {
        return new EncryptionSettings(
                scene("encrypt-listener").stream()
                        .map(role -> ListenerRole.valueOf(role.toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toSet()),
                scene("encrypt-network").map(NetworkSet::of).orElseGet(NetworkSet::none),
                scene("encrypt-domain").flatMap(DomainPattern::parse).stream().toList());
    }

    /// Lets so many logins of one address fail, and so many of one user from one network.
    private void throttle(int failures) {
        LoginThrottleSettings usual = LoginThrottleSettings.byDefault();
        world.services
                .logins()
                .throttle()
                .use(
                        new LoginThrottleSettings(
                                new LoginThrottleSettings.Failures(
                                        failures,
                                        usual.failures().perNetwork(),
                                        usual.failures().perAccount(),
                                        failures),
                                usual.waits()),
                        address -> false);
    }

    private Optional<String> scene(String key) {
        return Optional.ofNullable(dialogue.scene().get(key));
    }

    private ListenerRole role() {
        return ListenerRole.valueOf(scene("role").orElse("mx").toUpperCase(Locale.ROOT));
    }

    private ServerSessionSettings settings() {
        SessionLimits usual = SessionLimits.byDefault();
        SessionLimits limits = new SessionLimits(
                scene("octets").map(Long::parseLong).orElse(usual.messageOctets()),
                scene("recipients").map(Integer::parseInt).orElse(usual.recipients()),
                scene("transactions").map(Integer::parseInt).orElse(usual.transactions()),
                new SessionLimits.Patience(
                        scene("faults")
                                .map(Integer::parseInt)
                                .orElse(usual.patience().faults()),
                        scene("logins")
                                .map(Integer::parseInt)
                                .orElse(usual.patience().failedLogins()),
                        scene("idle")
                                .map(Integer::parseInt)
                                .orElse(usual.patience().idleCommands()),
                        scene("unknown")
                                .map(Integer::parseInt)
                                .orElse(usual.patience().unknownRecipients())));
        ServerSessionSettings settings = World.settings(role())
                .withLimits(limits)
                .withFront(world.front(
                        "",
                        scene("xclient").orElse(""),
                        scene("xforward").orElse(""),
                        scene("etrn").orElse(""),
                        scene("lookups").isPresent()))
                .withRepair(scene("repair").isPresent());
        return scene("login").isPresent() ? settings.withLogin(ServerSessionSettings.Login.UNDER_TLS) : settings;
    }

    World world() {
        return world;
    }

    /// What the server has said.
    List<String> heard() {
        return heard;
    }

    /// Plays it to its end.
    void play() throws IOException, InterruptedException {
        scene("trouble").ifPresent(this::happen);
        if (scene("over").orElse("memory").equals("memory")) {
            MemoryConnection.Pair pair = pair();
            play(pair.client(), pair.server());
            return;
        }
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        try (ServerSocket server = new ServerSocket(0, 1, loopback)) {
            Connection client = SocketConnection.connect(
                    new Endpoint.Inet(loopback, server.getLocalPort()), Optional.empty(), Deadline.after(PATIENCE));
            play(client, SocketConnection.over(server.accept()));
        }
    }

    /// From the address that the scene has, or from none.
    private MemoryConnection.Pair pair() {
        return scene("client")
                .map(address -> MemoryConnection.pair(
                        new Endpoint.Inet(InetAddress.ofLiteral(address), 40_000),
                        new Endpoint.Inet(InetAddress.ofLiteral("192.0.2.25"), 25),
                        Optional.empty()))
                .orElseGet(MemoryConnection::pair);
    }

    private void play(Connection client, Connection server) throws IOException, InterruptedException {
        QueueId id = world.spool.nextId();
        Thread session = Thread.ofVirtual().start(new ServerSession(server, id, world.setup(settings)));
        try (client) {
            if (role().isImplicitTls()) {
                handshake(client);
            }
            for (Dialogue.Turn turn : dialogue.turns()) {
                take(client, turn);
            }
        }
        assertThat(session.join(PATIENCE))
                .as("the session ends when its client has gone")
                .isTrue();
        checkInvariants();
    }

    private void take(Connection client, Dialogue.Turn turn) throws IOException {
        switch (turn) {
            case Dialogue.Turn.Send(byte[] octets) -> send(client, octets);
            case Dialogue.Turn.Expect expected -> expect(client, expected);
            case Dialogue.Turn.Closed closed -> expectEnd(client);
            case Dialogue.Turn.Gone gone -> awaitEnd(client);
            case Dialogue.Turn.Happen(String what) -> {
                if (what.equals("tls")) {
                    handshake(client);
                } else {
                    happen(what);
                }
            }
        }
    }

    private void handshake(Connection client) throws IOException {
        ClientTls tls = new ClientTls(provider, List.of());
        client.startTls(tls.unverified(World.HOST.text()), Deadline.after(PATIENCE));
    }

    private void happen(String what) {
        String[] words = what.split(" ", -1);
        switch (words[0]) {
            case "recover" -> world.spool.recover();
            case "full", "slow", "broken" ->
                world.spool.fail(
                        WatchedSpool.Step.valueOf(words[1].toUpperCase(Locale.ROOT)),
                        switch (words[0]) {
                            case "full" -> new SpoolException.Full("the disk is full", null);
                            case "slow" -> new SpoolException.TooSlow("waited for the disk");
                            default -> new SpoolException.Broken("input/output error", null);
                        });
            default -> throw new IllegalArgumentException("nothing happens like that: " + what);
        }
    }

    private void send(Connection client, byte[] octets) throws IOException {
        Deadline deadline = Deadline.after(PATIENCE);
        int start = 0;
        for (int end : cut.ends(octets)) {
            try {
                client.write(octets, start, end - start, deadline);
                client.flush(deadline);
            } catch (SocketException | SSLException hungUp) {
                return; // before it had everything: the next turn tells whether the server may
            }
            start = end;
        }
    }

    private void expect(Connection client, Dialogue.Turn.Expect expected) throws IOException {
        String said = hear(client, expected);
        while (expected.lines() == Dialogue.Lines.UP_TO_THE_LAST && said.matches("\\d{3}-.*")) {
            said = hear(client, expected);
        }
        if (!matches(said, expected.pattern())) {
            world.events(SessionEvent.Broken.class).forEach(broken -> fail("the session broke", broken.bug()));
            fail("line " + expected.number() + ": expected\n  " + expected.pattern() + "\nbut the server said\n  "
                    + said + "\nafter\n  " + String.join("\n  ", heard));
        }
        account(said);
    }

    private String hear(Connection client, Dialogue.Turn.Expect expected) throws IOException {
        Line line;
        try {
            line = client.readLine(4096, Deadline.after(PATIENCE));
        } catch (IOException e) {
            return fail("line " + expected.number() + ": " + e + " instead of " + expected.pattern());
        }
        String said = new String(line.octets(), StandardCharsets.UTF_8);
        heard.add(said);
        assertThat(line.ending()).isEqualTo(Line.Ending.CRLF);
        assertThat(line.octets().length).as("octets of " + said).isLessThanOrEqualTo(MAX_REPLY_LINE);
        return said;
    }

    private static boolean matches(String said, String pattern) {
        StringBuilder regex = new StringBuilder();
        for (String part : pattern.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
        }
        return Pattern.matches(regex.toString(), said);
    }

    /// Follows how many recipients were accepted; a message that was answered with 250 has them
    /// all, it and its copies for other reverse-paths.
    private void account(String said) throws IOException {
        if (said.startsWith("250 2.1.0")) {
            accepted = 0;
        } else if (said.startsWith("250 2.1.5")) {
            accepted++;
        }
        Matcher queued = QUEUED.matcher(said);
        if (!queued.lookingAt()) {
            return;
        }
        Optional<SpooledMessage> message =
                world.spool.find(QueueId.parse(queued.group(1)).orElseThrow());
        if (message.isPresent()) {
            assertThat(world.spool.list(Optional.empty(), MOST_MESSAGES).stream()
                            .filter(copy -> received(copy).equals(received(message.get())))
                            .flatMap(copy -> copy.recipients().stream())
                            .map(state -> state.originally()
                                    .orElseGet(() -> state.recipient().path().toString()))
                            .distinct())
                    .as("recipients of " + message.get())
                    .hasSize(accepted);
        } else {
            assertThat(world.events(SessionEvent.MessageDiscarded.class))
                    .as("a message that was answered with 250 and is not in the spool was discarded by a policy")
                    .anyMatch(event -> event.message().toString().equals(queued.group(1)));
        }
    }

    /// The trace fields that all copies of a message have: those below what says whose copy it is.
    private static String received(SpooledMessage message) {
        return message.trace().replaceFirst("^Delivered-To: .*\r\n", "");
    }

    private void expectEnd(Connection client) throws IOException {
        try {
            Line line = client.readLine(4096, Deadline.after(PATIENCE));
            fail("the server was to close the connection, but said: " + line.latin1());
        } catch (EOFException closed) {
            return; // as expected
        }
    }

    private static void awaitEnd(Connection client) throws IOException {
        try {
            while (true) {
                client.readLine(4096, Deadline.after(PATIENCE));
            }
        } catch (EOFException closed) {
            return; // as expected
        }
    }

    private void checkInvariants() {
        assertThat(world.spool.open()).as("drafts left open").isEmpty();
        for (int i = 0; i < heard.size(); i++) {
            String line = heard.get(i);
            assertThat(line.chars().noneMatch(Character::isISOControl))
                    .as("no control in " + line)
                    .isTrue();
            if (line.matches("[45]\\d\\d .*")) {
                assertThat(line).as("a refusal carries an id").matches(".*\\(id [0-9a-z]{13}\\)");
            }
        }
        assertThat(world.events(SessionEvent.Connected.class)).hasSize(1);
        assertThat(world.events(SessionEvent.Disconnected.class)).hasSize(1);
        boolean expectsBug = scene("bug").isPresent();
        assertThat(world.events(SessionEvent.Broken.class)).hasSize(expectsBug ? 1 : 0);
        scene("ending")
                .ifPresent(ending -> assertThat(world.events(SessionEvent.Disconnected.class)
                                .getFirst()
                                .ending()
                                .label())
                        .isEqualTo(ending));
        scene("asked").ifPresent(domains -> assertThat(world.asked.toString()).isEqualTo(domains));
        scene("messages").ifPresent(count -> assertThat(world.spool.count()).isEqualTo(Long.parseLong(count)));
    }
}
