package dev.postern.smtpserver;

import static dev.postern.smtpserver.Talk.PATIENCE;
import static dev.postern.smtpserver.Talk.reply;
import static dev.postern.smtpserver.Talk.secure;
import static dev.postern.smtpserver.Talk.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.policy.EncryptionSettings;
import dev.postern.policy.ListenerRole;
import dev.postern.policy.NetworkSet;
import dev.postern.route.DomainPattern;
import dev.postern.smtp.Command;
import dev.postern.wire.Connection;
import dev.postern.wire.Endpoint;
import dev.postern.wire.SocketConnection;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every verb in every state of a session of every role: the reply, and that the next command still
/// has a reply of its own (RFC 5321 §4.1.4).
class StatesTest {

    @TempDir
    static Path folder;

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
        MX(ListenerRole.MX, Progress.CLEAR),
        MX_TLS(ListenerRole.MX, Progress.TLS),
        LMTP(ListenerRole.LMTP, Progress.CLEAR),
        LMTP_TLS(ListenerRole.LMTP, Progress.TLS),
        LOCAL(ListenerRole.LOCAL, Progress.CLEAR),
        SUBMISSION_CLEAR(ListenerRole.SUBMISSION, Progress.CLEAR),
        SUBMISSION_TLS(ListenerRole.SUBMISSION, Progress.TLS),
        SUBMISSION_USER(ListenerRole.SUBMISSION, Progress.USER),
        SUBMISSIONS_STRANGER(ListenerRole.SUBMISSIONS, Progress.TLS),
        SUBMISSIONS_USER(ListenerRole.SUBMISSIONS, Progress.USER),
        MX_REQUIRED(ListenerRole.MX, Progress.CLEAR, true, ""),
        MX_REQUIRED_TLS(ListenerRole.MX, Progress.TLS, true, "example.com"),
        MX_DOMAIN(ListenerRole.MX, Progress.CLEAR, false, "example.com"),
        LMTP_REQUIRED(ListenerRole.LMTP, Progress.CLEAR, true, "");

        private final ListenerRole role;
        private final Progress progress;
        private final boolean encrypted;
        private final String sender;

        Scene(ListenerRole role, Progress progress) {
            this(role, progress, false, "");
        }

        /// @param encrypted whether the listener requires TLS
        /// @param sender the domain whose mail requires it
        Scene(ListenerRole role, Progress progress, boolean encrypted, String sender) {
            this.role = role;
            this.progress = progress;
            this.encrypted = encrypted;
            this.sender = sender;
        }

        private EncryptionSettings encryption() {
            return new EncryptionSettings(
                    encrypted ? Set.of(role) : Set.of(),
                    NetworkSet.none(),
                    DomainPattern.parse(sender).stream().toList());
        }

        private String greeting() {
            return role == ListenerRole.LMTP ? "LHLO c.example.com" : "EHLO c.example.com";
        }
    }

    /// How far a client has come.
    enum Progress {
        CLEAR,
        TLS,
        USER
    }

    /// What stands in a line of the table: a scene, a verb with its arguments, and the reply in each state; `-` is a
    /// state that cannot be reached. A pair of octets follows each BDAT.
    private record Row(Scene scene, String verb, List<String> replies) {
        static Row of(String line) {
            List<String> columns =
                    Arrays.stream(line.split("\\|")).map(String::strip).toList();
            return new Row(Scene.valueOf(columns.getFirst()), columns.get(1), columns.subList(2, columns.size()));
        }

        String verbAlone() {
            return verb.split(" ", 2)[0];
        }
    }

    private static List<Row> rows() {
        try (InputStream table =
                Objects.requireNonNull(StatesTest.class.getResourceAsStream("/dev/postern/smtpserver/states.txt"))) {
            return new String(table.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Row::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Arguments> cells() {
        return rows().stream()
                .flatMap(row -> IntStream.range(0, State.values().length)
                        .filter(column -> !row.replies().get(column).equals("-"))
                        .mapToObj(column -> Arguments.of(
                                row.scene(),
                                State.values()[column],
                                row.verb(),
                                row.replies().get(column).replace('/', ' '))));
    }

    /// Every command that the grammar knows, in every scene.
    @Test
    void theTableIsComplete() {
        Set<String> verbs = Arrays.stream(Command.class.getPermittedSubclasses())
                .map(command -> command.getSimpleName().toUpperCase(Locale.ROOT))
                .filter(name -> !Set.of("MALFORMED", "MALFORMEDBDAT", "UNREADABLEBDAT", "UNRECOGNISED")
                        .contains(name))
                .collect(Collectors.toSet());
        for (Scene scene : Scene.values()) {
            assertThat(rows().stream()
                            .filter(row -> row.scene() == scene)
                            .map(Row::verbAlone)
                            .toList())
                    .as("verbs of %s", scene)
                    .containsAll(verbs)
                    .contains("XYZZY");
        }
    }

    @ParameterizedTest(name = "{0} {1}: {2} -> {3}")
    @MethodSource("cells")
    void everyVerbHasItsReply(Scene scene, State state, String verb, String reply) throws Exception {
        World world = new World(World.Ways.usual().encrypted(scene.encryption()));
        try (Pair pair = Pair.open(scene, folder)) {
            Connection client = pair.client();
            Thread session = Thread.ofVirtual()
                    .start(new ServerSession(
                            pair.server(), world.spool.nextId(), world.setup(World.settings(scene.role))));
            bring(client, scene, state);
            String said = say(client, verb.startsWith("BDAT") ? verb + "\r\nxy" : verb);
            assertThat(said).matches(reply + "[ -].*|" + reply);
            goOn(client, reply);
            client.close();
            assertThat(session.join(PATIENCE)).isTrue();
        }
        assertThat(world.events(SessionEvent.Broken.class)).isEmpty();
        assertThat(world.spool.open()).isEmpty();
    }

    /// Two ends of one connection: over TCP, or for programs of this machine over a Unix socket.
    private record Pair(Connection client, Connection server) implements AutoCloseable {
        static Pair open(Scene scene, Path folder) throws IOException {
            if (scene.role == ListenerRole.LOCAL) {
                Path socket = folder.resolve("s");
                try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                    listening.bind(UnixDomainSocketAddress.of(socket));
                    Connection client = SocketConnection.connect(new Endpoint.Unix(socket));
                    return new Pair(client, SocketConnection.over(listening.accept()));
                } finally {
                    Files.deleteIfExists(socket);
                }
            }
            InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
            try (ServerSocket listening = new ServerSocket(0, 1, loopback)) {
                Connection client = SocketConnection.connect(
                        new Endpoint.Inet(loopback, listening.getLocalPort()), Optional.empty(), soon());
                return new Pair(client, SocketConnection.over(listening.accept()));
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    /// The dialogue is still in step: the command after it gets its own reply.
    private static void goOn(Connection client, String reply) throws IOException {
        switch (reply.substring(0, 3)) {
            case "354" -> assertThat(say(client, "Subject: x\r\n\r\n.")).startsWith("250 2.0.0 ok: queued");
            case "220" -> {
                secure(client);
                assertThat(say(client, "NOOP")).isEqualTo("250 2.0.0 ok");
            }
            case "221" -> assertThatThrownBy(() -> reply(client)).isInstanceOf(EOFException.class);
            default -> assertThat(say(client, "NOOP")).isEqualTo("250 2.0.0 ok");
        }
    }

    private static void bring(Connection client, Scene scene, State state) throws IOException {
        if (scene.role.isImplicitTls()) {
            secure(client);
        }
        assertThat(reply(client)).startsWith("220");
        if (!scene.role.isImplicitTls() && scene.progress != Progress.CLEAR) {
            assertThat(say(client, scene.greeting())).startsWith("250");
            assertThat(say(client, "STARTTLS")).startsWith("220");
            secure(client);
        }
        for (State step : State.values()) {
            if (step.compareTo(state) > 0) {
                return;
            }
            if (step == State.CHUNK && state == State.CHUNK_FAILED) {
                continue;
            }
            if (!step.step.isEmpty()) {
                String said = say(client, step == State.GREETED ? scene.greeting() : step.step);
                assertThat(said).startsWith(step == State.CHUNK_FAILED ? "501" : "250");
            }
            if (step == State.GREETED && scene.progress == Progress.USER) {
                assertThat(say(client, "AUTH PLAIN AGFsaWNlAHNlY3JldA==")).startsWith("235");
            }
        }
    }

    private static String say(Connection client, String command) throws IOException {
        String line = command + (command.startsWith("BDAT") ? "" : "\r\n");
        client.write(line.getBytes(StandardCharsets.US_ASCII), soon());
        client.flush(soon());
        return reply(client);
    }
}
