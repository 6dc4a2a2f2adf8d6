package dev.postern.smtpserver;

import dev.postern.smtp.Reply;
import dev.postern.spool.QueueId;
import dev.postern.wire.Connection;
import dev.postern.wire.ContentSink;
import dev.postern.wire.Deadline;
import dev.postern.wire.Line;
import dev.postern.wire.TlsState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The talk with one client: lines in, replies out, and whose turn it is.
///
/// Touched by two threads, the session's and the one that ends it when the server stops or needs
/// its room; `turn` decides between them. While it is {@link Turn.Ours} only the session's thread
/// touches the connection. While it is a {@link Turn.Wait} the session's thread waits in a read, and
/// whoever moves the turn from that very wait to {@link Turn.Over} may write the last words.
final class Conversation {
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final Connection connection;
    private final QueueId session;
    private final SessionTimeouts timeouts;
    private final Deadline end;
    private Turn.Phase phase;
    private Deadline firstChunk;
    private long chunked;
    private Turn.@Nullable Wait silence;
    private final AtomicReference<Turn> turn = new AtomicReference<>(Turn.OURS);
    private final CountDownLatch spoken = new CountDownLatch(1);
    private volatile boolean asked;

    Conversation(Connection connection, QueueId session, SessionTimeouts timeouts) {
        this.connection = connection;
        this.session = session;
        this.timeouts = timeouts;
        this.end = Deadline.after(timeouts.phases().session());
        this.firstChunk = end;
        this.phase = Turn.Phase.begin(timeouts.phases().idle());
    }

    /// Whether something of the client is here that was not yet heard, as far as known without asking the system.
    boolean isSpokenTo() {
        return connection.buffered() > 0;
    }

    /// Sends what was said, and lets others go on for a moment.
    ///
    /// @return whether the client has gone on meanwhile, so that it need not be waited for
    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but how often a wait is spared
    boolean isAnsweredAtOnce() throws IOException {
        flush();
        Thread.yield();
        return connection.readable();
    }

    /// Waits for the client to go on, once all that was said is sent.
    ///
    /// @throws IOException also when the server stops meanwhile, or needs the room
    void awaitClient() throws IOException {
        Turn.Wait wait = giveTurn();
        try {
            connection.awaitOctets(lineDeadline(wait));
        } finally {
            takeTurn(wait);
        }
    }

    /// Waits for the next line; what was said before is sent first, unless that line is here
    /// already (RFC 2920 §3.2).
    ///
    /// @throws IOException also when the server stops meanwhile, or needs the room
    Line hear(int maxOctets) throws IOException {
        if (!connection.lineBuffered()) {
            connection.flush(patience());
        }
        Turn.Wait wait = giveTurn();
        Line line;
        try {
            line = connection.readLine(maxOctets, lineDeadline(wait));
        } finally {
            takeTurn(wait);
        }
        silence = null; // what is waited for next is another line
        return line;
    }

    /// Waits so long whether the client speaks, which it should not; what was said before is sent first.
    ///
    /// @return whether it has; what it has said stays unread
    /// @throws IOException also when the server stops meanwhile
    boolean speaksWithin(Duration time) throws IOException {
        boolean early = connection.readable();
        if (early || time.isZero()) {
            return early;
        }
        flush();
        Turn.Wait wait = standBack();
        try {
            Deadline until = Deadline.after(time).orSooner(end);
            while (!connection.awaitReadable(until)) {
                if (until.passed()) {
                    return false;
                }
            }
            return true;
        } finally {
            takeTurn(wait);
        }
    }

    /// The first octets of what has come and was not read.
    byte[] beginning(int most) {
        return connection.peek(most);
    }

    /// Whether octets are here behind the line that was heard last.
    boolean isFollowed() throws IOException {
        return connection.buffered() > 0 || (connection.tls().isEmpty() && connection.readable());
    }

    /// Lets the client wait for what is said next; what was said before is sent first.
    ///
    /// @throws IOException when the server stops meanwhile
    void holdBack(Duration time) throws IOException {
        if (time.isZero()) {
            return;
        }
        flush();
        Turn.Wait wait = standBack();
        try {
            spoken.await(Deadline.after(time).orSooner(end).remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            takeTurn(wait);
        }
    }

    /// By when the line must be here that is waited for: its time begins with the first wait for it.
    private Deadline lineDeadline(Turn.Wait wait) {
        return patience(wait.since());
    }

    /// The wait for the client that began when it was silent first; the same for all that is waited for one line.
    private Turn.Wait giveTurn() {
        Turn.Wait begun = silence;
        if (begun == null) {
            begun = new Turn.Wait(System.nanoTime(), phase, Turn.Wait.For.COMMAND);
            silence = begun;
        }
        return give(begun);
    }

    /// A wait in which we let the client wait.
    private Turn.Wait standBack() {
        return give(new Turn.Wait(System.nanoTime(), phase, Turn.Wait.For.US));
    }

    private Turn.Wait give(Turn.Wait wait) {
        turn.set(wait);
        if (asked) {
            end(patience()); // whoever asked came when it was not yet the client's turn
        }
        return wait;
    }

    private void takeTurn(Turn.Wait wait) throws IOException {
        if (turn.compareAndSet(wait, Turn.OURS)) {
            return;
        }
        try {
            spoken.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException("the server has ended the session");
    }

    /// The deadline for the next line or the next piece of a reply.
    private Deadline patience() {
        return patience(System.nanoTime());
    }

    private Deadline patience(long since) {
        return new Deadline(since)
                .later(timeouts.command())
                .orSooner(phase.deadline())
                .orSooner(end);
    }

    /// A transaction has begun, and must come to its content in time.
    void transactionBegins() {
        phase = Turn.Phase.begin(timeouts.phases().transaction());
    }

    /// No transaction is open: the next must begin in time.
    void transactionEnds() {
        chunked = 0;
        phase = Turn.Phase.begin(timeouts.phases().idle());
    }

    /// The deadline for a whole content or chunk that begins now.
    private Deadline contentDeadline() {
        return Deadline.after(timeouts.content().whole()).orSooner(end);
    }

    /// A TLS handshake that is to be done.
    @FunctionalInterface
    interface Handshake {
        /// Does it in time.
        TlsState by(Deadline deadline) throws IOException;
    }

    /// Does a TLS handshake; as long as it lasts the session may be taken from the client.
    ///
    /// @throws IOException also when the server needs the room
    TlsState secure(Handshake handshake) throws IOException {
        Turn.Wait wait = new Turn.Wait(
                System.nanoTime(), new Turn.Phase(System.nanoTime(), timeouts.tls(), false), Turn.Wait.For.HANDSHAKE);
        turn.set(wait);
        try {
            return handshake.by(Deadline.after(timeouts.tls()).orSooner(end));
        } finally {
            takeTurn(wait);
        }
    }

    /// Puts a reply into the output.
    void say(Reply reply) throws IOException {
        connection.write(reply.toOctets(), patience());
    }

    /// Puts a line into the output as one that is not the last of its reply (RFC 5321 §4.2.1).
    ///
    /// @param reply of one line
    void sayFirstLine(Reply reply) throws IOException {
        byte[] octets = reply.toOctets();
        octets[3] = '-';
        connection.write(octets, patience());
    }

    /// Sends the last reply, even where the time for everything else is over.
    void farewell(Reply reply) throws IOException {
        Deadline soon = Deadline.after(LAST_WORDS);
        connection.write(reply.toOctets(), soon);
        connection.flush(soon);
    }

    /// Puts a challenge into the output: `continue-req = "334" SP [base64] CRLF` (RFC 4954 §8),
    /// which may be longer than a reply, and whose space stands before nothing too.
    void challenge(String base64) throws IOException {
        connection.write(("334 " + base64 + "\r\n").getBytes(StandardCharsets.US_ASCII), patience());
    }

    /// Takes a chunk; what was said before is sent first, unless all of the chunk is here already. A content in many
    /// chunks may take no longer than one in DATA, the time between them included.
    void readChunk(long length, ContentSink sink) throws IOException {
        if (chunked == 0) {
            firstChunk = Deadline.after(Duration.ZERO);
        }
        if (connection.buffered() < length) {
            flush();
        }
        connection.readChunk(length, sink, timeouts.content().pace(), contentDeadline());
        chunked += length;
        Duration allowed = timeouts.content().pace().allowed(chunked);
        Duration whole = timeouts.content().whole();
        phase = new Turn.Phase(firstChunk.nanos(), allowed.compareTo(whole) < 0 ? allowed : whole, false);
    }

    /// Asks for a content and takes it.
    void readContent(Reply invitation, ContentSink sink) throws IOException {
        say(invitation);
        flush();
        connection.readContent(sink, timeouts.content().pace(), contentDeadline());
    }

    /// Sends what was said.
    void flush() throws IOException {
        connection.flush(patience());
    }

    /// A refusal with the session's id behind it, which `explain` understands.
    Reply signed(Reply refusal) {
        return signed(refusal, session);
    }

    /// A refusal with an id behind it, which `explain` understands.
    static Reply signed(Reply refusal, QueueId id) {
        return refusal.with("(id " + id + ")");
    }

    /// Ends the talk with 421, since the server stops: now if the client is the one to speak, else as
    /// soon as it is. Called by another thread than the session's.
    ///
    /// @return whether it was the client's turn
    boolean end(Deadline deadline) {
        asked = true;
        if (!(turn.get() instanceof Turn.Wait wait) || wait.isMute() || !claim(wait, Ending.DRAINED)) {
            return false;
        }
        sayLast(Replies.STOPPING, deadline);
        return true;
    }

    /// The wait for the client; empty while it is not the client's turn, or we let it wait.
    Optional<Turn.Wait> waiting() {
        return turn.get() instanceof Turn.Wait wait && wait.what() != Turn.Wait.For.US
                ? Optional.of(wait)
                : Optional.empty();
    }

    /// Takes the turn out of a wait: whoever gets it has to say the last words, and the session's thread does nothing
    /// until they are said. Called by another thread than the session's.
    ///
    /// @return no if the client has spoken since, or another was faster
    boolean claim(Turn.Wait wait, Ending why) {
        return turn.compareAndSet(wait, new Turn.Over(why, wait.isMute()));
    }

    /// Why the talk was ended by another thread.
    Optional<Ending> claimedFor() {
        return turn.get() instanceof Turn.Over over ? Optional.of(over.why()) : Optional.empty();
    }

    /// Says the last words, if any can be said, and closes the connection; for whoever has claimed the turn.
    void sayLast(Reply lastWords, Deadline deadline) {
        try {
            if (turn.get() instanceof Turn.Over over && !over.mute()) {
                connection.write(signed(lastWords, session).toOctets(), deadline);
                connection.flush(deadline);
            }
        } catch (IOException gone) {
            return; // the client has left before us: that is what was wanted
        } finally {
            connection.close();
            spoken.countDown();
        }
    }
}
