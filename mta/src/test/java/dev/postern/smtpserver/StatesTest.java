package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.policy.ListenerRole;
import dev.postern.tls.ClientTls;
import dev.postern.tls.TlsProvider;
import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.SocketConnection;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every verb in every state of a session of every role: the reply, and that the next command still
/// has a reply of its own (RFC 5321 §4.1.4).
class StatesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// States of a session, and how a client gets there from the one before.
    enum State {
        CONNECTED(""),
        GREETED("EHLO c.example.com"),
        SENDER("MAIL FROM:<alice@example.org>"),
        RECIPIENT("RCPT TO:<alice@example.org>"),
        CHUNK("BDAT 2\r\nxy"),
        CHUNK_FAILED("BDAT 2 FIRST\r\nxy");

        private final String step;

        State(String step) {
            this.step = step;
        }
    }

    /// Roles of a listener, and how far a client has come with TLS and AUTH.
    enum Scene {
        MX(ListenerRole.MX),
        LMTP(ListenerRole.LMTP),
        SUBMISSION_CLEAR(ListenerRole.SUBMISSION),
        SUBMISSIONS_STRANGER(ListenerRole.SUBMISSIONS),
        SUBMISSIONS_USER(ListenerRole.SUBMISSIONS);

        private final ListenerRole role;

        Scene(ListenerRole role) {
            this.role = role;
        }
    }

    /// Columns are states; `-` is a state that cannot be reached. A pair of octets follows each
    /// BDAT.
    private static final String TABLE = """
            scene                verb                            CONNECTED  GREETED    SENDER     RECIPIENT  CHUNK      CHUNK_FAILED
            MX                   EHLO c.example.com              250        250        250        250        250        250
            MX                   HELO c.example.com              250        250        250        250        250        250
            MX                   LHLO c.example.com              500/5.5.1  500/5.5.1  500/5.5.1  500/5.5.1  500/5.5.1  500/5.5.1
            MX                   MAIL FROM:<a@example.com>       503/5.5.1  250/2.1.0  503/5.5.1  503/5.5.1  503/5.5.1  503/5.5.1
            MX                   MAIL FROM                       501/5.5.4  501/5.5.4  501/5.5.4  501/5.5.4  501/5.5.4  501/5.5.4
            MX                   RCPT TO:<bob@example.org>       503/5.5.1  503/5.5.1  250/2.1.5  250/2.1.5  503/5.5.1  503/5.5.1
            MX                   RCPT TO:<nobody@example.org>    503/5.5.1  503/5.5.1  550/5.1.1  550/5.1.1  503/5.5.1  503/5.5.1
            MX                   RCPT TO:<x@example.net>         503/5.5.1  503/5.5.1  550/5.7.1  550/5.7.1  503/5.5.1  503/5.5.1
            MX                   DATA                            503/5.5.1  503/5.5.1  503/5.5.1  354        503/5.5.1  503/5.5.1
            MX                   BDAT 2                          503/5.5.1  503/5.5.1  503/5.5.1  250/2.0.0  250/2.0.0  503/5.5.1
            MX                   BDAT 2 LAST                     503/5.5.1  503/5.5.1  503/5.5.1  250/2.0.0  250/2.0.0  503/5.5.1
            MX                   RSET                            250/2.0.0  250/2.0.0  250/2.0.0  250/2.0.0  250/2.0.0  250/2.0.0
            MX                   NOOP                            250/2.0.0  250/2.0.0  250/2.0.0  250/2.0.0  250/2.0.0  250/2.0.0
            MX                   HELP                            214/2.0.0  214/2.0.0  214/2.0.0  214/2.0.0  214/2.0.0  214/2.0.0
            MX                   VRFY alice                      252/2.0.0  252/2.0.0  252/2.0.0  252/2.0.0  252/2.0.0  252/2.0.0
            MX                   EXPN team                       550/5.7.2  550/5.7.2  550/5.7.2  550/5.7.2  550/5.7.2  550/5.7.2
            MX                   STARTTLS                        503/5.5.1  220/2.0.0  220/2.0.0  220/2.0.0  220/2.0.0  220/2.0.0
            MX                   AUTH PLAIN AGFsaWNlAHNlY3JldA== 502/5.5.1  502/5.5.1  502/5.5.1  502/5.5.1  502/5.5.1  502/5.5.1
            MX                   XYZZY                           500/5.5.1  500/5.5.1  500/5.5.1  500/5.5.1  500/5.5.1  500/5.5.1
            MX                   QUIT                            221/2.0.0  221/2.0.0  221/2.0.0  221/2.0.0  221/2.0.0  221/2.0.0
            LMTP                 EHLO c.example.com              500/5.5.1  500/5.5.1  500/5.5.1  500/5.5.1  500/5.5.1  500/5.5.1
            LMTP                 HELO c.example.com              500/5.5.1  500/5.5.1  500/5.5.1  500/5.5.1  500/5.5.1  500/5.5.1
            LMTP                 LHLO c.example.com              250        250        250        250        250        250
            LMTP                 MAIL FROM:<a@example.com>       503/5.5.1  250/2.1.0  503/5.5.1  503/5.5.1  503/5.5.1  503/5.5.1
            LMTP                 RCPT TO:<bob@example.org>       503/5.5.1  503/5.5.1  250/2.1.5  250/2.1.5  503/5.5.1  503/5.5.1
            LMTP                 RCPT TO:<x@example.net>         503/5.5.1  503/5.5.1  550/5.7.1  550/5.7.1  503/5.5.1  503/5.5.1
            LMTP                 DATA                            503/5.5.1  503/5.5.1  503/5.5.1  354        503/5.5.1  503/5.5.1
            LMTP                 BDAT 2                          503/5.5.1  503/5.5.1  503/5.5.1  250/2.0.0  250/2.0.0  503/5.5.1
            LMTP                 BDAT 2 LAST                     503/5.5.1  503/5.5.1  503/5.5.1  250/2.0.0  250/2.0.0  503/5.5.1
            LMTP                 RSET                            250/2.0.0  250/2.0.0  250/2.0.0  250/2.0.0  250/2.0.0  250/2.0.0
            LMTP                 STARTTLS                        503/5.5.1  220/2.0.0  220/2.0.0  220/2.0.0  220/2.0.0  220/2.0.0
            LMTP                 AUTH PLAIN AGFsaWNlAHNlY3JldA== 502/5.5.1  502/5.5.1  502/5.5.1  502/5.5.1  502/5.5.1  502/5.5.1
            LMTP                 QUIT                            221/2.0.0  221/2.0.0  221/2.0.0  221/2.0.0  221/2.0.0  221/2.0.0
            SUBMISSION_CLEAR     EHLO c.example.com              250        250        -          -          -          -
            SUBMISSION_CLEAR     LHLO c.example.com              500/5.5.1  500/5.5.1  -          -          -          -
            SUBMISSION_CLEAR     MAIL FROM:<alice@example.org>   503/5.5.1  530/5.7.0  -          -          -          -
            SUBMISSION_CLEAR     RCPT TO:<bob@example.org>       503/5.5.1  503/5.5.1  -          -          -          -
            SUBMISSION_CLEAR     DATA                            503/5.5.1  503/5.5.1  -          -          -          -
            SUBMISSION_CLEAR     BDAT 2 LAST                     503/5.5.1  503/5.5.1  -          -          -          -
            SUBMISSION_CLEAR     STARTTLS                        503/5.5.1  220/2.0.0  -          -          -          -
            SUBMISSION_CLEAR     AUTH PLAIN AGFsaWNlAHNlY3JldA== 503/5.5.1  538/5.7.11 -          -          -          -
            SUBMISSION_CLEAR     NOOP                            250/2.0.0  250/2.0.0  -          -          -          -
            SUBMISSION_CLEAR     QUIT                            221/2.0.0  221/2.0.0  -          -          -          -
            SUBMISSIONS_STRANGER EHLO c.example.com              250        250        -          -          -          -
            SUBMISSIONS_STRANGER MAIL FROM:<alice@example.org>   503/5.5.1  530/5.7.0  -          -          -          -
            SUBMISSIONS_STRANGER RCPT TO:<bob@example.org>       503/5.5.1  503/5.5.1  -          -          -          -
            SUBMISSIONS_STRANGER DATA                            503/5.5.1  503/5.5.1  -          -          -          -
            SUBMISSIONS_STRANGER BDAT 2 LAST                     503/5.5.1  503/5.5.1  -          -          -          -
            SUBMISSIONS_STRANGER STARTTLS                        503/5.5.1  503/5.5.1  -          -          -          -
            SUBMISSIONS_STRANGER AUTH PLAIN AGFsaWNlAHNlY3JldA== 503/5.5.1  235/2.7.0  -          -          -          -
            SUBMISSIONS_USER     EHLO c.example.com              -          250        250        250        250        250
            SUBMISSIONS_USER     MAIL FROM:<alice@example.org>   -          250/2.1.0  503/5.5.1  503/5.5.1  503/5.5.1  503/5.5.1
            SUBMISSIONS_USER     MAIL FROM:<bob@example.org>     -          550/5.7.1  503/5.5.1  503/5.5.1  503/5.5.1  503/5.5.1
            SUBMISSIONS_USER     RCPT TO:<bob@example.org>       -          503/5.5.1  250/2.1.5  250/2.1.5  503/5.5.1  503/5.5.1
            SUBMISSIONS_USER     RCPT TO:<x@example.net>         -          503/5.5.1  250/2.1.5  250/2.1.5  503/5.5.1  503/5.5.1
            SUBMISSIONS_USER     RCPT TO:<nobody@example.org>    -          503/5.5.1  550/5.1.1  550/5.1.1  503/5.5.1  503/5.5.1
            SUBMISSIONS_USER     DATA                            -          503/5.5.1  503/5.5.1  354        503/5.5.1  503/5.5.1
            SUBMISSIONS_USER     BDAT 2 LAST                     -          503/5.5.1  503/5.5.1  250/2.0.0  250/2.0.0  503/5.5.1
            SUBMISSIONS_USER     RSET                            -          250/2.0.0  250/2.0.0  250/2.0.0  250/2.0.0  250/2.0.0
            SUBMISSIONS_USER     STARTTLS                        -          503/5.5.1  503/5.5.1  503/5.5.1  503/5.5.1  503/5.5.1
            SUBMISSIONS_USER     AUTH PLAIN AGFsaWNlAHNlY3JldA== -          503/5.5.1  503/5.5.1  503/5.5.1  503/5.5.1  503/5.5.1
            SUBMISSIONS_USER     QUIT                            -          221/2.0.0  221/2.0.0  221/2.0.0  221/2.0.0  221/2.0.0
            """;

    private static final int VERB_AT = 21;
    private static final int REPLIES_AT = 53;

    static Stream<Arguments> cells() {
        return TABLE.lines().skip(1).flatMap(line -> {
            Scene scene = Scene.valueOf(line.substring(0, VERB_AT).strip());
            String verb = line.substring(VERB_AT, REPLIES_AT).strip();
            String[] replies = line.substring(REPLIES_AT).strip().split(" +", -1);
            List<Arguments> cells = new ArrayList<>();
            State[] states = State.values();
            for (int column = 0; column < states.length; column++) {
                if (!replies[column].equals("-")) {
                    cells.add(Arguments.of(scene, states[column], verb, replies[column].replace('/', ' ')));
                }
            }
            return cells.stream();
        });
    }

    @ParameterizedTest(name = "{0} {1}: {2} -> {3}")
    @MethodSource("cells")
    void everyVerbHasItsReply(Scene scene, State state, String verb, String reply) throws Exception {
        World world = new World();
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        try (ServerSocket listening = new ServerSocket(0, 1, loopback)) {
            Connection client = SocketConnection.connect(
                    new Endpoint.Inet(loopback, listening.getLocalPort()), Optional.empty(), Deadline.after(PATIENCE));
            Thread session = Thread.ofVirtual()
                    .start(new ServerSession(
                            SocketConnection.over(listening.accept()),
                            world.spool.nextId(),
                            world.setup(World.settings(scene.role))));
            try (client) {
                bring(client, scene, state);
                String said = say(client, verb.startsWith("BDAT") ? verb + "\r\nxy" : verb);
                assertThat(said).matches(reply + "[ -].*|" + reply);
                goOn(client, reply);
            }
            assertThat(session.join(PATIENCE)).isTrue();
        }
        assertThat(world.events(SessionEvent.Broken.class)).isEmpty();
        assertThat(world.spool.open()).isEmpty();
    }

    /// The dialogue is still in step: the command after it gets its own reply.
    private static void goOn(Connection client, String reply) throws IOException {
        switch (reply.substring(0, 3)) {
            case "354" -> assertThat(say(client, "Subject: x\r\n\r\n.")).startsWith("250 2.0.0 ok: queued");
            case "220" -> {
                handshake(client);
                assertThat(say(client, "NOOP")).isEqualTo("250 2.0.0 ok");
            }
            case "221" -> assertThatThrownBy(() -> reply(client)).isInstanceOf(EOFException.class);
            default -> assertThat(say(client, "NOOP")).isEqualTo("250 2.0.0 ok");
        }
    }

    private static void bring(Connection client, Scene scene, State state) throws IOException {
        if (scene.role.isImplicitTls()) {
            handshake(client);
        }
        assertThat(reply(client)).startsWith("220");
        for (State step : State.values()) {
            if (step.compareTo(state) > 0) {
                return;
            }
            if (step == State.CHUNK && state == State.CHUNK_FAILED) {
                continue;
            }
            if (!step.step.isEmpty()) {
                String said =
                        say(client, scene.role == ListenerRole.LMTP ? step.step.replace("EHLO", "LHLO") : step.step);
                assertThat(said).startsWith(step == State.CHUNK_FAILED ? "501" : "250");
            }
            if (step == State.GREETED && scene == Scene.SUBMISSIONS_USER) {
                assertThat(say(client, "AUTH PLAIN AGFsaWNlAHNlY3JldA==")).startsWith("235");
            }
        }
    }

    private static void handshake(Connection client) throws IOException {
        client.startTls(
                new ClientTls(TlsProvider.jsse(), List.of()).unverified(World.HOST.text()), Deadline.after(PATIENCE));
    }

    private static String say(Connection client, String command) throws IOException {
        String line = command + (command.startsWith("BDAT") ? "" : "\r\n");
        client.write(line.getBytes(StandardCharsets.US_ASCII), Deadline.after(PATIENCE));
        client.flush(Deadline.after(PATIENCE));
        return reply(client);
    }

    private static String reply(Connection client) throws IOException {
        String line;
        do {
            line = client.readLine(1024, Deadline.after(PATIENCE)).latin1();
        } while (line.charAt(3) == '-');
        return line;
    }
}
