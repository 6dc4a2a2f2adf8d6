package dev.postern.smtpclient;

import dev.postern.event.Events;
import dev.postern.smtp.Capabilities;
import dev.postern.smtp.CommandWriter;
import dev.postern.smtp.Dialect;
import dev.postern.wire.Endpoint;
import dev.postern.wire.TlsState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// An open session with one server, by SMTP or LMTP; used by one thread at a time.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5321 RFC 5321
/// @spec https://www.rfc-editor.org/rfc/rfc2033 RFC 2033
public final class SmtpClient implements AutoCloseable {
    /// What holds for every transaction of a session.
    ///
    /// @param capabilities what the server announced last
    record Terms(Dialect.Protocol protocol, Capabilities capabilities, Secrecy secrecy, ClientSettings settings) {}

    /// How long a server may take to show that it is still there.
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Endpoint server;
    private final Exchange exchange;
    private final Terms terms;
    private final Connector connector;
    private final Events events;
    private final Encryption encryption;
    private int transactions;
    private long lastUse = System.nanoTime();
    private boolean clean = true;
    private boolean closed;

    SmtpClient(Endpoint server, Exchange exchange, Terms terms, Connector connector, Events events) {
        this.server = server;
        this.exchange = exchange;
        this.terms = terms;
        this.connector = connector;
        this.events = events;
        this.encryption = Encryption.of(exchange.connection().tls());
    }

    /// The server's address.
    public Endpoint server() {
        return server;
    }

    /// Our own address.
    public Endpoint local() {
        return exchange.connection().local();
    }

    /// What the server announced.
    public Capabilities capabilities() {
        return terms.capabilities();
    }

    /// What the TLS handshake agreed on; empty in the clear.
    public Optional<TlsState> tls() {
        return exchange.connection().tls();
    }

    /// How the session is encrypted, in words.
    public Encryption encryption() {
        return encryption;
    }

    /// Whether the server is proven to be the one that takes the mail, under TLS.
    public boolean isProven() {
        return terms.secrecy() == Secrecy.FROM_ALL;
    }

    /// Whether the server takes another transaction in this session, by what it announced (RFC 9422 §4.1).
    public boolean hasTransactionsLeft() {
        OptionalInt most = terms.capabilities().maxTransactions();
        return most.isEmpty() || transactions < most.getAsInt();
    }

    /// How many transactions there were.
    public int transactions() {
        return transactions;
    }

    /// Time since the last transaction, or since the session was opened.
    public Duration idle() {
        return Duration.ofNanos(System.nanoTime() - lastUse);
    }

    /// Whether another transaction can be tried: the last one ended well, and the server has not said anything since,
    /// such as that it closes. A server that closed without a word is noticed by the next transaction only.
    public boolean isUsable() {
        if (closed || !clean) {
            return false;
        }
        try {
            return !exchange.connection().readable();
        } catch (IOException lost) {
            exchange.dialogue().noted("lost while idle: " + Words.of(lost));
            return false;
        }
    }

    /// Whether the server still answers, asked by RSET; where it does not, soon, the session is over.
    /// For a session that was idle: a connection may have ended without any notice to us, and what is
    /// sent on it is in doubt.
    public boolean answers() {
        if (!isUsable()) {
            return false;
        }
        try {
            Duration usual = terms.settings().timeouts().mail();
            clean = exchange.ask(CommandWriter.rset(), usual.compareTo(SOON) < 0 ? usual : SOON)
                    .isPositive();
        } catch (IOException e) {
            exchange.dialogue().noted("gone while idle: " + Words.of(e));
            clean = false;
        }
        return clean;
    }

    /// Sends a message and tells what came of it for each recipient, in their order.
    ///
    /// @throws IllegalStateException if the last transaction did not leave the session usable
    public List<RecipientResult> send(Transmission transmission) {
        if (closed || !clean) {
            throw new IllegalStateException("the session with " + server + " is over");
        }
        long began = System.nanoTime();
        transactions++;
        Transaction transaction = new Transaction(exchange, terms, transmission);
        List<RecipientResult> results = transaction.run();
        clean = transaction.clean();
        lastUse = System.nanoTime();
        int taken = (int)
                results.stream().filter(RecipientResult.Taken.class::isInstance).count();
        events.emit(new SmtpClientEvent.TransmissionEnded(
                server, taken, results.size() - taken, transmission.size(), Duration.ofNanos(lastUse - began)));
        return results;
    }

    /// Says QUIT where that makes sense, waits a short time for the reply, and closes the connection.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (clean) {
            try {
                exchange.ask(CommandWriter.quit(), terms.settings().timeouts().quit());
            } catch (IOException e) {
                exchange.dialogue().noted("no farewell: " + Words.of(e)); // it is over either way
            }
        }
        connector.disconnect(exchange.connection());
        events.emit(new SmtpClientEvent.HostLeft(server, transactions));
    }
}
