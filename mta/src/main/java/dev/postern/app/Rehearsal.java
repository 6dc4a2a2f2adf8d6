package dev.postern.app;

import dev.postern.accounts.LoginThrottle;
import dev.postern.accounts.LoginThrottleSettings;
import dev.postern.event.Decision;
import dev.postern.event.Events;
import dev.postern.guard.Guard;
import dev.postern.guard.KnownClients;
import dev.postern.intake.Intake;
import dev.postern.intake.IntakeSettings;
import dev.postern.policy.ListenerRole;
import dev.postern.policy.NetworkSet;
import dev.postern.sasl.SaslContext;
import dev.postern.sasl.SaslExchange;
import dev.postern.sasl.SaslMechanism;
import dev.postern.sasl.SaslStep;
import dev.postern.smtpserver.Logins;
import dev.postern.smtpserver.Manners;
import dev.postern.smtpserver.MannersSettings;
import dev.postern.smtpserver.QueueStarter;
import dev.postern.smtpserver.ServerSession;
import dev.postern.smtpserver.SessionServices;
import dev.postern.smtpserver.SessionSetup;
import dev.postern.smtpserver.Tarpit;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.QueueId;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.Line;
import dev.postern.wire.MemoryConnection;
import dev.postern.wire.TlsState;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/// A session as it would go: the real session and the real rules, on a connection in memory, up to RCPT. TLS and the
/// password are taken as given; nothing is sent, stored or delivered.
final class Rehearsal {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LONGEST_REPLY = 512;
    private static final int ANY_PORT = 25;

    /// A rehearsal waits for nobody.
    private static final NetworkSet EVERYBODY = NetworkSet.of("0.0.0.0/0", "::/0");

    private final Rules rules;
    private final Cast cast;
    private final InstantSource clock;
    private final Consumer<String> told;
    private final Queue<Decision> decisions = new ConcurrentLinkedQueue<>();

    /// @param told gets each line of the dialogue, and what was decided behind it
    Rehearsal(Rules rules, Cast cast, InstantSource clock, Consumer<String> told) {
        this.rules = rules;
        this.cast = cast;
        this.clock = clock;
        this.told = told;
    }

    /// Plays it.
    ///
    /// @return whether every recipient was accepted
    /// @throws IOException if the session does not answer
    boolean play() throws IOException {
        MemoryConnection.Pair ends = MemoryConnection.pair(client(), here(), Optional.of(tls()));
        try (MemorySpool spool = new MemorySpool(clock)) {
            ServerSession session = new ServerSession(ends.server(), new QueueId(0), setup(spool));
            Thread playing = Thread.ofVirtual().name("postern-rehearsal").start(session);
            boolean accepted = speak(ends.client());
            playing.join();
            return accepted;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a session was rehearsed", e);
        }
    }

    /// Says its part and leaves.
    private boolean speak(MemoryConnection connection) throws IOException {
        try (MemoryConnection client = connection) {
            return ask(client);
        }
    }

    private boolean ask(MemoryConnection client) throws IOException {
        boolean said = isGood(hear(client))
                && isGood(say(client, hello()))
                && (!saysStartTls() || (isGood(say(client, "STARTTLS")) && isGood(say(client, hello()))))
                && (cast.user().isEmpty() || isGood(say(client, "AUTH " + TakenAsGiven.NAME)))
                && isGood(say(client, "MAIL FROM:" + cast.sender() + (cast.requireTls() ? " REQUIRETLS" : "")));
        boolean all = said;
        if (said) {
            for (String recipient : cast.recipients()) {
                all &= isGood(say(client, "RCPT TO:" + recipient));
            }
        }
        return all;
    }

    private String hello() {
        return (cast.role() == ListenerRole.LMTP ? "LHLO " : "EHLO ") + cast.helo();
    }

    private boolean saysStartTls() {
        return cast.tls() && !cast.role().isImplicitTls() && cast.role() != ListenerRole.LOCAL;
    }

    private String say(MemoryConnection client, String command) throws IOException {
        told.accept("C: " + command);
        client.write((command + "\r\n").getBytes(StandardCharsets.UTF_8), Deadline.after(PATIENCE));
        client.flush(Deadline.after(PATIENCE));
        return hear(client);
    }

    /// @return the last line of the reply
    private String hear(MemoryConnection client) throws IOException {
        List<String> lines = new ArrayList<>();
        String text;
        do {
            Line line = client.readLine(LONGEST_REPLY, Deadline.after(PATIENCE));
            text = new String(line.octets(), StandardCharsets.UTF_8);
            lines.add(text);
        } while (text.length() > 3 && text.charAt(3) == '-');
        lines.forEach(line -> told.accept("S: " + line));
        for (Decision decision = decisions.poll(); decision != null; decision = decisions.poll()) {
            told.accept("   " + decision.stage() + ": " + decision.rule() + " -> " + decision.verdict() + ", "
                    + decision.why());
            decision.inputs().forEach((name, value) -> told.accept("      " + name + " = " + value));
        }
        return text;
    }

    private static boolean isGood(String reply) {
        return reply.startsWith("2");
    }

    private SessionSetup setup(MemorySpool spool) {
        Intake intake = new Intake(
                new IntakeSettings(
                        rules.config().hostname(), rules.config().limits().message()),
                spool,
                rules.directory(),
                clock,
                (message, content) -> {
                    throw new IllegalStateException("a rehearsal ends before the content");
                });
        return new SessionSetup(
                rules.session(cast.role()),
                new SessionServices(
                        rules.policies().watched(decisions::add),
                        intake,
                        new Logins(
                                cast.user().<SaslMechanism>map(TakenAsGiven::new).stream()
                                        .toList(),
                                new LoginThrottle(LoginThrottleSettings.byDefault(), UnaryOperator.identity(), clock)),
                        () -> Optional.of(plain -> {
                            throw new IOException("a rehearsal has no sockets");
                        }),
                        Guard.none(),
                        new Manners(
                                MannersSettings.byDefault().allowing(EVERYBODY),
                                new KnownClients(1, clock),
                                new Tarpit()),
                        QueueStarter.none(),
                        Events.none(),
                        (key, record) -> {},
                        clock));
    }

    private Endpoint client() {
        return cast.role() == ListenerRole.LOCAL
                ? new Endpoint.Unix(Path.of("client"))
                : new Endpoint.Inet(cast.client(), ANY_PORT);
    }

    private Endpoint here() {
        return cast.role() == ListenerRole.LOCAL
                ? new Endpoint.Unix(Path.of("server"))
                : new Endpoint.Inet(InetAddress.getLoopbackAddress(), ANY_PORT);
    }

    private static TlsState tls() throws IOException {
        try {
            return new TlsState(
                    "TLSv1.3",
                    "TLS_AES_256_GCM_SHA384",
                    SSLContext.getDefault().createSSLEngine().getSession());
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("this Java has no TLS", e);
        }
    }

    /// Logs a user in who is taken to have the right password.
    private record TakenAsGiven(String user) implements SaslMechanism, SaslExchange {
        static final String NAME = "REHEARSED";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public SaslExchange begin(SaslContext context) {
            return this;
        }

        @Override
        public SaslStep begin(Optional<byte[]> initialResponse) {
            return new SaslStep.Authenticated(user);
        }

        @Override
        public SaslStep respond(byte[] response) {
            throw new IllegalStateException("nothing was asked");
        }
    }
}
