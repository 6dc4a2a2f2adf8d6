package dev.postern.mime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// The parts of a multipart, one after the other: a stream of the octets of the current one, from
/// the line behind its delimiter to the CRLF before the next.
///
/// A line is a delimiter if it begins with one and goes on with nothing, or with something that no
/// boundary has: the rest of it is passed over (RFC 2046 §5.1.1).
///
/// Deviates: it is none if it goes on with a letter or the like, though the beginning would be
/// enough. Else a multipart whose boundary begins with that of the multipart around it would be cut
/// to pieces.
///
/// ```
/// delimiter         = CRLF "--" boundary
/// multipart-body    = [preamble CRLF] "--" boundary transport-padding CRLF body-part
///                     *(delimiter transport-padding CRLF body-part)
///                     delimiter "--" transport-padding [CRLF epilogue]
/// transport-padding = *LWSP-char
/// ```
///
/// @rfc 2046 §5.1.1
final class Parts extends InputStream {
    /// The longest boundary that fits a line (RFC 5322 §2.1.1); RFC 2046 has 70.
    static final int LONGEST_BOUNDARY = 996;

    /// What may stand in a boundary but for letters and digits.
    private static final String BOUNDARY_CHARS = "'()+_,-./:=?";

    private static final int BUFFER = 8192;

    private final InputStream in;
    private final byte[] dashBoundary;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int limit;
    private boolean exhausted;
    private boolean lineStart = true;
    private State state = State.PART;
    private int delimiterEnd;

    private enum State {
        /// Within a part, or before the first.
        PART,
        /// Behind a delimiter that another part follows.
        DELIMITER,
        /// Behind the delimiter that closes.
        CLOSED,
        /// At the end of what the multipart lies in.
        END
    }

    /// @param in the content of the multipart
    /// @param boundary 1 to {@value #LONGEST_BOUNDARY} octets
    Parts(InputStream in, String boundary) {
        this.in = in;
        this.dashBoundary = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Goes on to the next part, or to the first; whatever of the current one was not read is
    /// passed over.
    ///
    /// @return false if there is none
    boolean next() throws IOException {
        while (state == State.PART) {
            at = known();
        }
        if (state != State.DELIMITER) {
            return false;
        }
        skipLine();
        state = State.PART;
        lineStart = true;
        return true;
    }

    /// Goes behind the end of the delimiter's line.
    private void skipLine() throws IOException {
        boolean afterCr = false;
        while (at < limit || look()) {
            byte b = buffer[at++];
            if (b == '\n' && afterCr) {
                return;
            }
            afterCr = b == '\r';
        }
    }

    /// Whether the multipart ended by its own delimiter.
    boolean isClosed() {
        return state == State.CLOSED;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int end = known();
        int read = Math.min(end - at, length);
        if (read == 0) {
            return -1;
        }
        System.arraycopy(buffer, at, into, offset, read);
        at += read;
        return read;
    }

    /// Up to where the buffer is known to hold octets of the current part; the current place if
    /// the part has ended.
    private int known() throws IOException {
        if (state != State.PART) {
            return at;
        }
        if (lineStart) {
            lineStart = false;
            look();
            if (isDelimiter(at)) {
                return end();
            }
        }
        if (at == limit && !look()) {
            state = State.END;
            return at;
        }
        for (int i = at; i < limit; i++) {
            if (buffer[i] == '\r') {
                if (i > at && i + lookAhead() > limit && !exhausted) {
                    return i;
                }
                if (i == at) {
                    look();
                    i = at;
                }
                if (i + 1 < limit && buffer[i + 1] == '\n' && isDelimiter(i + 2)) {
                    return i > at ? i : end();
                }
            }
        }
        return limit;
    }

    private int end() {
        at = delimiterEnd;
        return at;
    }

    /// Whether a line is a delimiter; then {@link #delimiterEnd} and the state are set, the latter
    /// only if the part has no octets before it.
    private boolean isDelimiter(int line) {
        int i = line + dashBoundary.length;
        if (i > limit || !matches(line)) {
            return false;
        }
        boolean closes = i + 1 < limit && buffer[i] == '-' && buffer[i + 1] == '-';
        i += closes ? 2 : 0;
        if (i < limit && isBoundaryChar(buffer[i])) {
            return false;
        }
        if (line <= at + 2) {
            delimiterEnd = i;
            state = closes ? State.CLOSED : State.DELIMITER;
        }
        return true;
    }

    /// Whether an octet may stand in a boundary.
    static boolean isBoundaryChar(byte b) {
        return (b >= '0' && b <= '9')
                || (b >= 'A' && b <= 'Z')
                || (b >= 'a' && b <= 'z')
                || BOUNDARY_CHARS.indexOf(b) >= 0;
    }

    private boolean matches(int line) {
        for (int i = 0; i < dashBoundary.length; i++) {
            if (buffer[line + i] != dashBoundary[i]) {
                return false;
            }
        }
        return true;
    }

    /// How many octets from a CRLF on tell whether a delimiter follows.
    private int lookAhead() {
        return 2 + dashBoundary.length + 2 + 1;
    }

    /// Reads on until there are enough octets from the current place on, or the end.
    ///
    /// @return whether there are any
    private boolean look() throws IOException {
        if (limit - at >= lookAhead() || exhausted) {
            return at < limit;
        }
        System.arraycopy(buffer, at, buffer, 0, limit - at);
        limit -= at;
        at = 0;
        while (limit < lookAhead() && !exhausted) {
            int read = in.read(buffer, limit, buffer.length - limit);
            exhausted = read <= 0;
            limit += Math.max(read, 0);
        }
        return at < limit;
    }
}
