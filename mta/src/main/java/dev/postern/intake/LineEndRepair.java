package dev.postern.intake;

import java.io.ByteArrayOutputStream;

/// Makes CRLF of every bare CR and bare LF and drops NUL, for submitters that are allowed to send
/// them; fed with pieces cut anywhere.
final class LineEndRepair {
    private boolean afterCr;

    /// The piece with its line ends repaired; a CR at its very end waits for the next piece.
    byte[] repair(byte[] piece, int offset, int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + length / 32 + 2);
        for (int i = offset; i < offset + length; i++) {
            byte b = piece[i];
            if (afterCr || b == '\n') {
                out.write('\r');
                out.write('\n');
            }
            if (b != '\r' && b != '\n' && b != 0) {
                out.write(b);
            }
            afterCr = b == '\r';
        }
        return out.toByteArray();
    }

    /// What was still waiting at the end.
    byte[] finish() {
        byte[] rest = afterCr ? new byte[] {'\r', '\n'} : new byte[0];
        afterCr = false;
        return rest;
    }
}
