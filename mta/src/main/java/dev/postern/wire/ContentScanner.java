package dev.postern.wire;

/// Counts what a {@link ContentScan} tells, over pieces that may be cut anywhere: a CR at the end
/// of one and an LF at the start of the next are one CRLF. Used by one thread.
public final class ContentScanner {
    private static final byte CR = '\r';
    private static final byte LF = '\n';

    private long octets;
    private long bareCr;
    private long bareLf;
    private long nul;
    private boolean eightBit;
    private long longestLine;

    /// Octets before the current line, so that its length is a difference.
    private long lineStart;

    /// Whether the octet before this piece was CR.
    private boolean afterCr;

    /// Takes the next piece.
    public void scan(byte[] piece, int offset, int length) {
        if (length == 0) {
            return;
        }
        int end = offset + length;
        eightBit = eightBit || Controls.anyEightBit(piece, offset, end);
        long before = octets - offset; // what to add to an index for its place in the content
        octets += length;
        int i = offset;
        if (afterCr) {
            afterCr = false;
            if (piece[i] == LF) {
                endLine(before + i - 1);
                i++;
            } else {
                bareCr++;
            }
        }
        for (i = Controls.first(piece, i, end); i < end; i = Controls.first(piece, i, end)) {
            switch (piece[i]) {
                case CR -> {
                    if (i + 1 == end) {
                        afterCr = true;
                    } else if (piece[i + 1] == LF) {
                        endLine(before + i);
                        i++;
                    } else {
                        bareCr++;
                    }
                }
                case LF -> bareLf++;
                case 0 -> nul++;
                default -> {} // a tab and its like are as good as a letter
            }
            i++;
        }
    }

    /// A line ends with the CRLF at this place.
    private void endLine(long place) {
        longestLine = Math.max(longestLine, place - lineStart);
        lineStart = place + 2;
    }

    /// What was counted, as if the content ended here: a CR at the very end is bare, and octets
    /// behind the last CRLF are a line.
    public ContentScan result() {
        long longest = Math.max(longestLine, octets - lineStart);
        return new ContentScan(
                octets,
                afterCr ? bareCr + 1 : bareCr,
                bareLf,
                nul,
                eightBit,
                (int) Math.min(longest, Integer.MAX_VALUE),
                octets == lineStart);
    }
}
