package dev.postern.mime;

import java.io.IOException;
import java.io.InputStream;

/// The octets that quoted-printable stands for. A `=` that begins nothing known stands for itself.
///
/// @rfc 2045 §6.7
final class QuotedPrintableStream extends ByteReader {
    /// White space that may turn out to stand at the end of a line; more of it is content.
    private static final int LONGEST_BLANK = 1000;

    private final int[] pending = new int[LONGEST_BLANK + 4];
    private int first;
    private int last;
    private int back = -1;

    QuotedPrintableStream(InputStream encoded) {
        super(encoded);
    }

    @Override
    int decoded() throws IOException {
        while (first == last) {
            first = 0;
            last = 0;
            int c = next();
            if (c < 0) {
                return -1;
            }
            if (c == '=') {
                escape();
            } else if (isBlank(c)) {
                blank(c);
            } else {
                pending[last++] = c;
            }
        }
        return pending[first++];
    }

    /// A char that was looked at and not taken, or the next one.
    private int next() throws IOException {
        if (back >= 0) {
            int c = back;
            back = -1;
            return c;
        }
        return encoded();
    }

    /// Blanks at the end of a line are not content.
    private void blank(int begin) throws IOException {
        pending[last++] = begin;
        int c = next();
        while (isBlank(c) && last < LONGEST_BLANK) {
            pending[last++] = c;
            c = next();
        }
        if (c == '\r' || c == '\n' || c < 0) {
            last = 0;
        }
        back = c;
    }

    /// What stands behind a `=`: two digits, or blanks and the end of the line.
    private void escape() throws IOException {
        pending[last++] = '=';
        int c = next();
        while (isBlank(c) && last < LONGEST_BLANK) {
            pending[last++] = c;
            c = next();
        }
        if (c == '\r' || c == '\n' || c < 0) {
            last = 0; // a soft line break
            if (c == '\r') {
                int lineFeed = next();
                back = lineFeed == '\n' ? -1 : lineFeed;
            }
            return;
        }
        int high = last == 1 ? Character.digit(c, 16) : -1;
        if (high < 0) {
            back = c;
            return;
        }
        int d = next();
        int low = Character.digit(d, 16);
        if (low >= 0) {
            pending[0] = high << 4 | low;
        } else {
            pending[last++] = c;
            back = d;
        }
    }

    private static boolean isBlank(int c) {
        return c == ' ' || c == '\t';
    }
}
