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
        for (int i = offset; i < end; i++) {
            byte b = octets[i];
            if (cr) {
                cr = false;
                if (b == '\n') {
                    space = false;
                    lineEnds++;
                    continue;
                }
                content((byte) '\r');
            }
            if (b == '\r') {
                cr = true;
            } else if (relaxed && (b == ' ' || b == '\t')) {
                space = true;
            } else {
                content(b);
            }
        }
    }

    /// Ends the body: its last line gets its end, if it has none.
    void finish() {
        if (cr) {
            content((byte) '\r');
            cr = false;
        }
        if (written || !relaxed) {
            put((byte) '\r');
            put((byte) '\n');
        }
        flush();
    }

    private void content(byte b) {
        for (; lineEnds > 0; lineEnds--) {
            put((byte) '\r');
            put((byte) '\n');
        }
        if (space) {
            put((byte) ' ');
            space = false;
        }
        put(b);
        written = true;
    }

    private void put(byte b) {
        if (filled == BUFFER) {
            flush();
        }
        buffer[filled++] = b;
    }

    private void flush() {
        out.body(buffer, 0, filled);
        filled = 0;
    }
}
