package dev.postern.doctor;

import dev.postern.policy.ListenerRole;
import dev.postern.smtp.Reply;
import dev.postern.smtp.ReplyReader;
import dev.postern.smtpclient.Connector;
import dev.postern.tls.ClientTls;
import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Plays attempts against the listeners of a running server, each in a session of its own, as a stranger would.
///
/// A server that stands firm is left as it was found: nothing is delivered.
public final class Prober {
    private static final String VICTIM = "victim";
    private static final int NO_REPLY_MORE = 2;

    private final Connector connector;
    private final ClientTls tls;
    private final Map<String, String> words;
    private final Duration patience;

    /// @param tls lays TLS over connections; certificates are not looked at
    /// @param words what stands for `{ours}`, `{host}` and so on; attempts with a word that is missing are not
    ///     tried
    /// @param patience how long a reply may take
    public Prober(Connector connector, ClientTls tls, Map<String, String> words, Duration patience) {
        this.connector = connector;
        this.tls = tls;
        this.words = Map.copyOf(words);
        this.patience = patience;
    }

    /// Tries to relay.
    public ProbeResult relay(ProbeTarget target, ProbeAttempt attempt) {
        Optional<ProbeAttempt> filled = attempt.filledIn(words);
        if (filled.isEmpty() || attempt.commands().contains(ProbeAttempt.MESSAGE)) {
            return new ProbeResult.NotTried("this server does not have what it needs");
        }
        return play(target, session -> session.relay(filled.get().commands()));
    }

    /// Tries to have a content taken for two messages.
    public ProbeResult smuggle(ProbeTarget target, ProbeAttempt attempt) {
        Optional<ProbeAttempt> filled = attempt.filledIn(withSecondMessage());
        if (filled.isEmpty()) {
            return new ProbeResult.NotTried("no recipient to write to is known");
        }
        return play(target, session -> session.smuggle(filled.get().commands().getFirst()));
    }

    /// Tries to have a command obeyed that came in the clear behind STARTTLS (RFC 3207 §6).
    public ProbeResult inject(ProbeTarget target) {
        return target.role().isImplicitTls()
                ? new ProbeResult.NotTried("it has no STARTTLS")
                : play(target, Session::inject);
    }

    private Map<String, String> withSecondMessage() {
        Map<String, String> all = new HashMap<>(words);
        String recipient = words.get("{inbox}");
        if (recipient != null) {
            all.put(
                    "{second}",
                    "MAIL FROM:<>\\x0d\\x0aRCPT TO:<" + recipient
                            + ">\\x0d\\x0aDATA\\x0d\\x0aSubject: smuggled\\x0d\\x0a\\x0d\\x0atwo");
        }
        return all;
    }

    /// What is done in a session that has been greeted.
    @FunctionalInterface
    private interface Part {
        ProbeResult play(Session session) throws IOException;
    }

    private ProbeResult play(ProbeTarget target, Part part) {
        Connection connection;
        try {
            connection = connector.connect(target.at(), Deadline.after(patience));
        } catch (IOException e) {
            return new ProbeResult.NotTried("no connection to " + target + ": " + e.getMessage());
        }
        Session session = new Session(connection, target.role());
        try {
            Optional<String> closed = session.greeted();
            return closed.isPresent() ? new ProbeResult.NotTried(closed.get()) : part.play(session);
        } catch (EOFException closed) {
            return new ProbeResult.Withstood(); // the server had enough, which no attempt survives
        } catch (IOException e) {
            return new ProbeResult.NotTried(target + " broke off: " + e.getMessage());
        } finally {
            connector.disconnect(connection);
        }
    }

    /// One session as a stranger; used by one thread.
    private final class Session {
        private final Connection connection;
        private final ListenerRole role;
        private final List<String> dialogue = new ArrayList<>();

        Session(Connection connection, ListenerRole role) {
            this.connection = connection;
            this.role = role;
        }

        /// @return why there is nobody to talk to
        Optional<String> greeted() throws IOException {
            if (role.isImplicitTls()) {
                handshake();
            }
            Reply greeting = hear();
            return greeting.code() == 220 ? Optional.empty() : Optional.of("it answers " + greeting);
        }

        ProbeResult relay(List<String> commands) throws IOException {
            for (String command : commands) {
                if (command.equals(ProbeAttempt.TLS)) {
                    if (connection.tls().isEmpty() && say("STARTTLS").code() == 220) {
                        handshake();
                    }
                    continue;
                }
                boolean granted = say(command).isPositive();
                if (granted && asksForVictim(command)) {
                    return gaveIn("it relays for strangers");
                }
            }
            return new ProbeResult.Withstood();
        }

        private boolean asksForVictim(String command) {
            String lower = command.toLowerCase(Locale.ROOT);
            return lower.contains(VICTIM) && !lower.startsWith("mail") && lower.contains("rcpt");
        }

        ProbeResult smuggle(String content) throws IOException {
            say("EHLO " + words.getOrDefault("{there}", "localhost"));
            if (!say("MAIL FROM:<>").isPositive()
                    || !say("RCPT TO:<" + words.get("{inbox}") + ">").isPositive()) {
                return new ProbeResult.NotTried("it takes no content from strangers");
            }
            Reply ready = say("DATA");
            if (ready.code() != 354) {
                return new ProbeResult.NotTried("it wants no content: " + ready);
            }
            send(content + "\\x0d\\x0a.");
            send("QUIT");
            List<Reply> replies = rest();
            if (replies.size() > NO_REPLY_MORE) {
                return gaveIn("it takes one content for several messages");
            }
            return replies.getFirst().isPositive()
                    ? gaveIn("it takes a content with bare CR, LF or NUL, which the next server may part in two")
                    : new ProbeResult.Withstood();
        }

        ProbeResult inject() throws IOException {
            say("EHLO " + words.getOrDefault("{there}", "localhost"));
            write("STARTTLS\r\nNOOP\r\n".getBytes(StandardCharsets.US_ASCII));
            dialogue.add("C: STARTTLS, NOOP in one go");
            if (hear().code() != 220) {
                return new ProbeResult.NotTried("it has no STARTTLS");
            }
            try {
                handshake();
            } catch (IOException noTls) {
                dialogue.add("-- no TLS any more: " + noTls.getMessage());
                return new ProbeResult.Withstood();
            }
            send("QUIT");
            return rest().size() > 1
                    ? gaveIn("it obeys what came in the clear as if it had come through TLS")
                    : new ProbeResult.Withstood();
        }

        private ProbeResult gaveIn(String why) {
            return new ProbeResult.GaveIn(why, dialogue);
        }

        private void handshake() throws IOException {
            connection.startTls(tls.unverified(words.getOrDefault("{host}", "localhost")), Deadline.after(patience));
        }

        private Reply say(String command) throws IOException {
            send(role == ListenerRole.LMTP ? command.replaceFirst("^(EHLO|HELO)", "LHLO") : command);
            return hear();
        }

        private void send(String command) throws IOException {
            dialogue.add("C: " + command);
            write(ProbeAttempt.octets(command + "\\x0d\\x0a"));
        }

        private void write(byte[] octets) throws IOException {
            connection.write(octets, Deadline.after(patience));
            connection.flush(Deadline.after(patience));
        }

        private Reply hear() throws IOException {
            Reply reply = ReplyReader.read(connection, Deadline.after(patience));
            dialogue.add("S: " + reply);
            return reply;
        }

        /// What the server says until it closes.
        private List<Reply> rest() throws IOException {
            List<Reply> replies = new ArrayList<>();
            try {
                while (true) {
                    replies.add(hear());
                }
            } catch (EOFException closed) {
                if (replies.isEmpty()) {
                    throw closed;
                }
                return replies;
            }
        }
    }
}
