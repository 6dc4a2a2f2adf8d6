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
    private int anySign;
    private long longestLine;

    /// Octets before the current line, so that its length is a difference.
    private long lineStart;

    /// Whether the octet before this piece was CR.
    private boolean afterCr;

    /// Takes the next piece.
    public void scan(byte[] piece, int offset, int length) {
        int end = offset + length;
        int signs = 0;
        boolean cr = afterCr;
        for (int i = offset; i < end; i++) {
            byte b = piece[i];
            signs |= b;
            if (cr) {
                cr = false;
                if (b == LF) {
                    endLine(octets + (i - offset) - 1, octets + (i - offset) + 1);
                    continue;
                }
                bareCr++;
            }
            if ((b & 0xFF) <= CR) {
                switch (b) {
                    case CR -> cr = true;
                    case LF -> bareLf++;
                    case 0 -> nul++;
                    default -> {}
                }
            }
        }
        anySign |= signs;
        afterCr = cr;
        octets += length;
    }

    private void endLine(long end, long next) {
        longestLine = Math.max(longestLine, end - lineStart);
        lineStart = next;
    }

    /// What was counted, as if the content ended here: a CR at the very end is bare, and octets
    /// behind the last CRLF are a line.
    public ContentScan result() {
        long longest = Math.max(longestLine, octets - lineStart);
        return new ContentScan(octets, afterCr ? bareCr + 1 : bareCr, bareLf, nul, anySign < 0, (int)
                Math.min(longest, Integer.MAX_VALUE));
    }
}
