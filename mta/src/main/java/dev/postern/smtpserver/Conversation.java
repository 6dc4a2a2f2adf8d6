package dev.postern.smtpserver;

import dev.postern.smtp.Reply;
import dev.postern.spool.QueueId;
import dev.postern.wire.Connection;
import dev.postern.wire.ContentSink;
import dev.postern.wire.Deadline;
import dev.postern.wire.DeadlineExceeded;
import dev.postern.wire.Endpoint;
import dev.postern.wire.Line;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The talk with one client: lines in, replies out, and whose turn it is.
///
/// Touched by two threads, the session's and the one that ends it when the server stops; `turn`
/// decides between them. While it is {@link Turn#OURS} only the session's thread touches the
/// connection. While it is {@link Turn#THEIRS} the session's thread waits in a read, and whoever
/// moves the turn to {@link Turn#OVER} may write the last words.
final class Conversation {
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final Connection connection;
    private final QueueId session;
    private final SessionTimeouts timeouts;
    private final Deadline end;
    private Deadline phase;
    private Deadline firstChunk;
    private long chunked;
    private @Nullable Deadline awaited;
    private final AtomicReference<Turn> turn = new AtomicReference<>(Turn.OURS);
    private final CountDownLatch lastWords = new CountDownLatch(1);
    private volatile boolean asked;

    private enum Turn {
        OURS,
        THEIRS,
        OVER
    }

    Conversation(Connection connection, QueueId session, SessionTimeouts timeouts) {
        this.connection = connection;
        this.session = session;
        this.timeouts = timeouts;
        this.end = Deadline.after(timeouts.phases().session());
        this.firstChunk = end;
        this.phase = Deadline.after(timeouts.phases().idle());
    }

    /// Waits for the client to go on; what was said before is sent first.
    ///
    /// @param atMost how long; after less where its time is up, on a Unix socket until then
    /// @return whether octets of it are here
    /// @throws IOException also when the server stops meanwhile
    boolean awaitClient(Duration atMost) throws IOException {
        if (connection.buffered() > 0) {
            return true;
        }
        connection.flush(patience());
        Deadline line = lineDeadline();
        boolean toTheEnd = connection.peer() instanceof Endpoint.Unix; // no shorter wait leaves it open
        Deadline deadline = toTheEnd ? line : Deadline.after(atMost).orSooner(line);
        boolean here;
        giveTurn();
        try {
            here = connection.awaitReadable(deadline);
        } catch (IOException e) {
            takeTurn();
            throw e;
        }
        takeTurn();
        if (!here && line.passed()) {
            throw new DeadlineExceeded("waited too long for a command");
        }
        return here;
    }

    /// Waits for the next line; what was said before is sent first, unless that line is here
    /// already (RFC 2920 §3.2).
    ///
    /// @throws IOException also when the server stops meanwhile
    Line hear(int maxOctets) throws IOException {
        if (!connection.lineBuffered()) {
            connection.flush(patience());
        }
        Deadline deadline = lineDeadline();
        Line line;
        giveTurn();
        try {
            line = connection.readLine(maxOctets, deadline);
        } catch (IOException e) {
            takeTurn();
            throw e;
        }
        takeTurn();
        awaited = null;
        return line;
    }

    /// Waits so long whether the client speaks, which it should not; what was said before is sent first.
    ///
    /// @return whether it has; what it has said stays unread
    /// @throws IOException also when the server stops meanwhile
    boolean speaksWithin(Duration time) throws IOException {
        boolean speaks = connection.readable();
        if (speaks || time.isZero()) {
            return speaks;
        }
        flush();
        giveTurn();
        try {
            return connection.awaitReadable(Deadline.after(time).orSooner(end));
        } finally {
            takeTurn();
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
        giveTurn();
        try {
            lastWords.await(Deadline.after(time).orSooner(end).remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            takeTurn();
        }
    }

    /// By when the next line must be here: its time begins with the first wait for it.
    private Deadline lineDeadline() {
        Deadline begun = awaited;
        if (begun == null) {
            begun = patience();
            awaited = begun;
        }
        return begun;
    }

    private void giveTurn() {
        turn.set(Turn.THEIRS);
        if (asked) {
            end(patience()); // whoever asked came when it was not yet the client's turn
        }
    }

    private void takeTurn() throws IOException {
        if (turn.compareAndSet(Turn.THEIRS, Turn.OURS)) {
            return;
        }
        try {
            lastWords.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException("the server is stopping");
    }

    /// The deadline for the next line or the next piece of a reply.
    private Deadline patience() {
        return Deadline.after(timeouts.command()).orSooner(phase).orSooner(end);
    }

    /// A transaction has begun, and must come to its content in time.
    void transactionBegins() {
        phase = Deadline.after(timeouts.phases().transaction());
    }

    /// No transaction is open: the next must begin in time.
    void transactionEnds() {
        chunked = 0;
        phase = Deadline.after(timeouts.phases().idle());
    }

    /// The deadline for a whole content or chunk that begins now.
    private Deadline contentDeadline() {
        return Deadline.after(timeouts.content().whole()).orSooner(end);
    }

    /// The deadline for a TLS handshake that begins now.
    Deadline tlsDeadline() {
        return Deadline.after(timeouts.tls()).orSooner(end);
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
        phase = firstChunk
                .later(timeouts.content().pace().allowed(chunked))
                .orSooner(firstChunk.later(timeouts.content().whole()));
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

    /// Ends the talk with 421: now if the client is the one to speak, else as soon as it is. Called
    /// by another thread than the session's.
    ///
    /// @return whether it was the client's turn
    boolean end(Deadline deadline) {
        asked = true;
        if (!turn.compareAndSet(Turn.THEIRS, Turn.OVER)) {
            return false;
        }
        try {
            connection.write(signed(Replies.STOPPING, session).toOctets(), deadline);
            connection.flush(deadline);
        } catch (IOException gone) {
            return true; // the client has left before us: that is what was wanted
        } finally {
            connection.close();
            lastWords.countDown();
        }
        return true;
    }
}
