package dev.postern.wire;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/// A two-way stream of octets with a peer, read in the forms that SMTP has: lines, dot-ended
/// content, counted chunks.
///
/// One thread at a time reads and writes; {@link #close()} and {@link #expire} may come from any
/// other. Each blocking call has a {@link Deadline}; when it passes the call throws {@link
/// DeadlineExceeded}, and after a read the connection can still be written to, though perhaps no more be read, unless
/// it was closed by {@link #expire}. A peer that closed throws {@link java.io.EOFException}; a lost connection
/// any other {@link IOException}.
public interface Connection extends Closeable {
    /// Our end.
    Endpoint local();

    /// The peer's end.
    Endpoint peer();

    /// Reads the header that a balancer sends before anything else, and nothing behind it; the connection has the ends
    /// that it tells from then on. One that is refused leaves nobody who could say more.
    ///
    /// @param deadline for the whole header
    /// @throws IllegalStateException if something was read before
    ProxyHeader.Reading readProxyHeader(Deadline deadline) throws IOException;

    /// The next line, up to `maxOctets` without its end. A line that is much longer than any is
    /// meant to be loses the connection, since its end may never come.
    Line readLine(int maxOctets, Deadline deadline) throws IOException;

    /// Reads content up to and including CRLF.CRLF, undoes dot-stuffing, and hands the octets
    /// before the final `.CRLF` to the sink (RFC 5321 §4.5.2).
    ///
    /// Nothing but CRLF.CRLF ends it. What the sink throws is remembered, the rest is read and
    /// dropped, then it is thrown.
    ///
    /// @param pace the slowest that it may come; only the time counts in which we wait for the peer
    ContentScan readContent(ContentSink sink, Pace pace, Deadline deadline) throws IOException;

    /// Reads exactly `length` octets and hands them to the sink (RFC 3030 §2); what the sink throws
    /// is thrown after the last octet was read.
    void readChunk(long length, ContentSink sink, Pace pace, Deadline deadline) throws IOException;

    /// How many octets have arrived and were not yet read, as far as known without asking the
    /// system.
    int buffered();

    /// Whether a whole line has arrived and was not yet read, so that {@link #readLine} would not wait.
    boolean lineBuffered();

    /// Whether octets from the peer are here, asking the system but not waiting; false too where
    /// the peer has closed.
    boolean readable() throws IOException;

    /// Waits until octets from the peer are here, which stay unread. A peer that was silent from the beginning costs
    /// next to nothing meanwhile, any other a line buffer.
    void awaitOctets(Deadline deadline) throws IOException;

    /// Waits for a while whether octets from the peer come, which stay unread; what did not come may still be read
    /// later. After a wait in vain the connection holds no buffer.
    ///
    /// @param deadline at most a minute away; one that is further counts as that
    /// @return whether they are here by the deadline; a Unix socket is closed where they are not
    boolean awaitReadable(Deadline deadline) throws IOException;

    /// The first octets that have arrived and were not yet read, at most so many, as far as known
    /// without asking the system; they stay unread.
    byte[] peek(int most);

    /// Puts octets into the output buffer; it is sent when it is full, and by {@link #flush}.
    void write(byte[] octets, int offset, int length, Deadline deadline) throws IOException;

    /// Puts octets into the output buffer.
    default void write(byte[] octets, Deadline deadline) throws IOException {
        write(octets, 0, octets.length, deadline);
    }

    /// Sends what is in the output buffer.
    void flush(Deadline deadline) throws IOException;

    /// Starts TLS and finishes the handshake. Octets that were buffered in the clear are never read
    /// as if they came through TLS: the caller checks {@link #buffered()} first (RFC 3207 §4.2); if
    /// there are some, this throws IllegalStateException.
    TlsState startTls(TlsUpgrade upgrade, Deadline deadline) throws IOException;

    /// Takes a client's TLS where a connection begins with it (RFC 8314 §3.3), and finishes the handshake.
    ///
    /// @throws TlsMissingException if the client begins with something else, or not at all; words in the clear can
    ///     still be written
    TlsState acceptTls(TlsUpgrade upgrade, Deadline deadline) throws IOException;

    /// What the handshake agreed on; empty while in the clear.
    Optional<TlsState> tls();

    /// Ends the present blocking call if it is overdue at `nanoTime`: a read that was left to the watch by ending the
    /// input, any other that the system cannot time out (writes) by closing the connection. Called by a watch from
    /// another thread.
    void expire(long nanoTime);

    /// A watch calls {@link #expire} about once a second from now on.
    void underWatch();

    @Override
    void close();
}
