package dev.postern.wire;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/// Sends content so that what stands on the wire is legal SMTP whatever was stored: every line ends
/// with CRLF, no bare CR, bare LF or NUL gets out (RFC 5321 §2.3.8, §4.5.2), unless the server was
/// told to expect anything (RFC 3030 §3). Used for one content, by one thread.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5321 RFC 5321 §4.5.2
public final class ContentWriter {
    private static final int BUFFER = 16 * 1024;
    private static final byte CR = '\r';
    private static final byte LF = '\n';
    private static final byte DOT = '.';
    private static final byte[] ONE_DOT = {DOT};
    private static final byte[] CRLF = {CR, LF};
    private static final byte[] END_OF_DATA = {DOT, CR, LF};

    private final Connection connection;
    private final Duration stall;
    private final Deadline deadline;

    private long sent;
    private boolean lineStart = true;
    private boolean crHeld;
    private boolean stuffing;

    /// @param stall the longest time for the peer to take a piece (RFC 5321 §4.5.3.2.5)
    /// @param deadline the moment by which all has to be sent
    public ContentWriter(Connection connection, Duration stall, Deadline deadline) {
        this.connection = connection;
        this.stall = stall;
        this.deadline = deadline;
    }

    /// Sends content as DATA wants it: dots stuffed, a last line without CRLF completed, and the
    /// final dot, flushed.
    ///
    /// @throws IllegalContentException before the final dot, if the content has what may not be
    ///     sent
    public void sendDotted(InputStream content) throws IOException {
        stuffing = true;
        copy(content);
        if (!lineStart) {
            connection.write(CRLF, present());
        }
        connection.write(END_OF_DATA, present());
        connection.flush(present());
    }

    /// Sends content as BDAT wants it: exactly these octets, not flushed.
    ///
    /// @param length how many octets were announced
    /// @throws IllegalContentException if the content has what may not be sent, or another length
    public void sendCounted(InputStream content, long length) throws IOException {
        copy(new Counted(content, length));
        requireAll(length);
    }

    /// Sends content that was declared BINARYMIME, whatever octets it has: exactly these, not flushed (RFC 3030 §3).
    ///
    /// @param length how many octets were announced
    /// @throws IllegalContentException if the content has another length
    public void sendBinary(InputStream content, long length) throws IOException {
        InputStream counted = new Counted(content, length);
        byte[] buffer = new byte[BUFFER];
        for (int count = counted.read(buffer, 0, BUFFER); count >= 0; count = counted.read(buffer, 0, BUFFER)) {
            connection.write(buffer, 0, count, present());
            sent += count;
        }
        requireAll(length);
    }

    private void requireAll(long length) throws IllegalContentException {
        if (sent != length) {
            throw new IllegalContentException("content of " + sent + " octets, announced as " + length);
        }
    }

    private void copy(InputStream content) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int count = content.read(buffer, 0, BUFFER); count >= 0; count = content.read(buffer, 0, BUFFER)) {
            if (count > 0) {
                sendPiece(buffer, count);
            }
        }
        if (crHeld) {
            throw new IllegalContentException("a bare CR at octet " + sent);
        }
    }

    private void sendPiece(byte[] buffer, int count) throws IOException {
        Deadline present = present();
        int i = 0;
        if (crHeld) {
            if (buffer[0] != LF) {
                throw new IllegalContentException("a bare CR at octet " + sent);
            }
            connection.write(CRLF, present);
            sent += 2;
            crHeld = false;
            lineStart = true;
            i = 1;
        }
        int run = i;
        while (i < count) {
            if (lineStart) {
                if (stuffing && buffer[i] == DOT) {
                    connection.write(buffer, run, i - run, present);
                    connection.write(ONE_DOT, present);
                    sent += i - run;
                    run = i;
                }
                lineStart = false;
            }
            int stop = endOfPlain(buffer, i, count);
            if (stop == count) {
                break;
            }
            if (buffer[stop] != CR || (stop + 1 < count && buffer[stop + 1] != LF)) {
                throw new IllegalContentException(nameOf(buffer[stop]) + " at octet " + (sent + stop - run));
            }
            crHeld = stop + 1 == count;
            lineStart = !crHeld;
            i = stop + 2;
        }
        int end = crHeld ? count - 1 : count;
        connection.write(buffer, run, end - run, present);
        sent += end - run;
    }

    /// The index of the first octet from `from` on that is CR, LF or NUL; `to` if there is none.
    private static int endOfPlain(byte[] octets, int from, int to) {
        int i = Controls.first(octets, from, to);
        while (i < to && octets[i] != CR && octets[i] != LF && octets[i] != 0) {
            i = Controls.first(octets, i + 1, to);
        }
        return i;
    }

    private static String nameOf(byte b) {
        return b == CR ? "a bare CR" : b == LF ? "a bare LF" : "a NUL";
    }

    private Deadline present() {
        return Deadline.after(stall).orSooner(deadline);
    }

    /// Reads no further than one octet behind the announced length, so that a content that is too
    /// long is noticed but never sent.
    private static final class Counted extends InputStream {
        private final InputStream content;
        private long left;

        Counted(InputStream content, long length) {
            this.content = content;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (left == 0) {
                if (content.read() >= 0) {
                    throw new IllegalContentException("content is longer than announced");
                }
                return -1;
            }
            int count = content.read(to, offset, (int) Math.min(length, left));
            left -= Math.max(count, 0);
            return count;
        }
    }
}
