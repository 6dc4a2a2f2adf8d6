package dev.postern.wire;

import java.io.IOException;

/// Finds the end of content and undoes dot-stuffing, over pieces that may be cut anywhere (RFC 5321
/// §4.5.2).
///
/// ```
/// content     = *( line CRLF ) "." CRLF
/// line        = stuffed / *OCTET without CRLF, not beginning with "."
/// stuffed     = "." *OCTET without CRLF
/// ```
///
/// A line is what stands between two CRLF: CR and LF alone belong to it, so `CRLF . LF`, `LF .
/// CRLF` and `CR . CRLF` end nothing. The first dot of every line is dropped, which the lone dot of
/// the last line is too.
final class DotReader {
    private static final byte CR = '\r';
    private static final byte LF = '\n';
    private static final byte DOT = '.';
    private static final byte[] ONE_CR = {CR};

    /// What precedes the next octet.
    private enum State {
        /// CRLF, or nothing.
        LINE_START,
        /// An octet of a line, other than those below.
        TEXT,
        /// CR.
        AFTER_CR,
        /// A dot at the start of a line; it has been dropped.
        AFTER_DOT,
        /// A dot at the start of a line and CR; the CR is held back.
        AFTER_DOT_CR,
        /// CRLF.CRLF.
        END
    }

    private State state = State.LINE_START;

    /// Whether CRLF.CRLF has been read.
    boolean ended() {
        return state == State.END;
    }

    /// Reads the octets from `from` to `to`, and hands the content among them to the sink in runs
    /// as long as can be.
    ///
    /// @return the index of the first octet behind the content, `to` if it goes on
    int accept(byte[] octets, int from, int to, ContentSink sink) throws IOException {
        int run = from;
        int i = from;
        while (i < to) {
            switch (state) {
                case TEXT -> {
                    i = Controls.first(octets, i, to);
                    if (i < to && octets[i++] == CR) {
                        state = State.AFTER_CR;
                    }
                }
                case AFTER_CR -> {
                    byte b = octets[i++];
                    state = b == LF ? State.LINE_START : b == CR ? State.AFTER_CR : State.TEXT;
                }
                case LINE_START -> {
                    byte b = octets[i];
                    if (b == DOT) {
                        pass(octets, run, i, sink);
                        run = i + 1;
                        state = State.AFTER_DOT;
                    } else {
                        state = b == CR ? State.AFTER_CR : State.TEXT;
                    }
                    i++;
                }
                case AFTER_DOT -> {
                    state = octets[i++] == CR ? State.AFTER_DOT_CR : State.TEXT;
                }
                case AFTER_DOT_CR -> {
                    if (octets[i] == LF) {
                        state = State.END;
                        return i + 1;
                    }
                    if (run == i) { // the CR came at the end of the piece before
                        sink.write(ONE_CR, 0, 1);
                    }
                    state = State.AFTER_CR;
                }
                case END -> throw new IllegalStateException("the content has ended");
            }
        }
        pass(octets, run, state == State.AFTER_DOT_CR ? Math.max(run, to - 1) : to, sink);
        return to;
    }

    private static void pass(byte[] octets, int from, int to, ContentSink sink) throws IOException {
        if (from < to) {
            sink.write(octets, from, to - from);
        }
    }
}
