package dev.postern.mailauth.dkim;

import dev.postern.message.BodySink;

/// Brings a body into canonical form while it passes.
///
/// What cannot be written yet is only counted: line ends, which vanish if the body ends behind
/// them; a run of white space, which vanishes before a line end; a CR, which is a line end if LF
/// follows.
///
/// @rfc 6376 §3.4.3
/// @rfc 6376 §3.4.4
final class BodyCanonicalizer implements BodySink {
    private static final int BUFFER = 8192;
    private static final byte[] CR = {'\r'};

    private final boolean relaxed;
    private final BodySink out;
    private final byte[] buffer = new byte[BUFFER];
    private int filled;
    private long lineEnds;
    private boolean space;
    private boolean cr;
    private boolean written;

    /// @param out gets the canonical form, in pieces
    BodyCanonicalizer(Canonicalization canonicalization, BodySink out) {
        this.relaxed = canonicalization == Canonicalization.RELAXED;
        this.out = out;
    }

    @Override
    public void body(byte[] octets, int offset, int length) {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            if (cr) {
                cr = false;
                if (octets[at] == '\n') {
                    space = false;
                    lineEnds++;
                    at++;
                    continue;
                }
                content(CR, 0, 1);
            }
            int run = at;
            while (run < end && isPlain(octets[run])) {
                run++;
            }
            if (run > at) {
                content(octets, at, run - at);
            }
            if (run < end) {
                cr = octets[run] == '\r';
                space |= !cr;
                run++;
            }
            at = run;
        }
    }

    private boolean isPlain(byte b) {
        return b > ' ' || b < 0 || (b != '\r' && (!relaxed || (b != ' ' && b != '\t')));
    }

    /// Ends the body: its last line gets its end, if it has none.
    void finish() {
        if (cr) {
            content(CR, 0, 1);
            cr = false;
        }
        if (written || !relaxed) {
            put('\r');
            put('\n');
        }
        flush();
    }

    private void content(byte[] octets, int offset, int length) {
        for (; lineEnds > 0; lineEnds--) {
            put('\r');
            put('\n');
        }
        if (space) {
            put(' ');
            space = false;
        }
        put(octets, offset, length);
        written = true;
    }

    private void put(byte[] octets, int offset, int length) {
        if (length > BUFFER - filled) {
            flush();
            if (length > BUFFER) {
                out.body(octets, offset, length);
                return;
            }
        }
        System.arraycopy(octets, offset, buffer, filled, length);
        filled += length;
    }

    private void put(char octet) {
        if (filled == BUFFER) {
            flush();
        }
        buffer[filled++] = (byte) octet;
    }

    private void flush() {
        out.body(buffer, 0, filled);
        filled = 0;
    }
}
