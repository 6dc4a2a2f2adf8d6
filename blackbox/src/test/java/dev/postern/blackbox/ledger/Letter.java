package dev.postern.blackbox.ledger;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/// One message of a load: all its octets follow from its number and its size.
///
/// The body consists of lines of printable text, some of which begin with a dot. A field `X-Ledger` holds the number,
/// the size and the digest of the body, so that a {@link Copy} can be checked without the original.
///
/// @param number not negative; no two letters of one ledger have the same
/// @param bodyOctets the body has at least so many, and at most a line more
record Letter(long number, int bodyOctets) {
    /// The name of the field that tells a copy from other mail.
    static final String FIELD = "X-Ledger";

    private static final int LONGEST_LINE = 76;
    private static final int DOTTED = 8;
    private static final List<byte[]> LINES = lines();

    Letter {
        if (number < 0 || bodyOctets < 0) {
            throw new IllegalArgumentException("letter " + number + " with " + bodyOctets + " octets");
        }
    }

    private static List<byte[]> lines() {
        SplittableRandom random = new SplittableRandom(1);
        byte[][] lines = new byte[997][];
        for (int i = 0; i < lines.length; i++) {
            byte[] line = new byte[random.nextInt(LONGEST_LINE) + 2];
            for (int j = 0; j < line.length - 2; j++) {
                line[j] = (byte) random.nextInt('!', '~' + 1);
            }
            if (line.length > 2 && i % DOTTED == 0) {
                line[0] = '.';
            }
            line[line.length - 2] = '\r';
            line[line.length - 1] = '\n';
            lines[i] = line;
        }
        return List.of(lines);
    }

    /// Header and body, every line with CRLF; no dots are stuffed.
    byte[] octets() {
        ByteArrayOutputStream body = new ByteArrayOutputStream(bodyOctets + LONGEST_LINE + 2);
        for (long i = number; body.size() < bodyOctets; i++) {
            body.writeBytes(LINES.get((int) (i % LINES.size())));
        }
        byte[] written = body.toByteArray();
        CRC32C digest = new CRC32C();
        digest.update(written);
        String header = "From: <load@back.test>\r\nSubject: letter " + number + "\r\n" + FIELD + ": " + number + " "
                + written.length + " " + Long.toHexString(digest.getValue()) + "\r\n\r\n";
        ByteArrayOutputStream letter = new ByteArrayOutputStream(header.length() + written.length);
        letter.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        letter.writeBytes(written);
        return letter.toByteArray();
    }
}
