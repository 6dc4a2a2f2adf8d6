package dev.postern.blackbox.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// A letter as it arrived somewhere.
///
/// @param letter the number in its header
/// @param whole whether the body is the one that the header tells of
record Copy(long letter, boolean whole) {
    private static final Pattern MARK =
            Pattern.compile("(?m)^" + Letter.FIELD + ": (\\d{1,18}) (\\d{1,9}) ([0-9a-f]{1,8})\r?$");
    private static final byte[] CR = {'\r'};

    /// Reads a message; lines may end with CRLF or, as in a Maildir, with LF.
    ///
    /// @return empty when it is no letter of a load, such as a report
    static Optional<Copy> read(byte[] message) {
        int body = body(message);
        Matcher mark = MARK.matcher(new String(message, 0, body, StandardCharsets.ISO_8859_1));
        if (!mark.find()) {
            return Optional.empty();
        }
        CRC32C digest = new CRC32C();
        int size = 0;
        int done = body;
        for (int i = body; i < message.length; i++) {
            if (message[i] == '\n' && (i == body || message[i - 1] != '\r')) {
                digest.update(message, done, i - done);
                digest.update(CR);
                size++;
                done = i;
            }
        }
        digest.update(message, done, message.length - done);
        size += message.length - body;
        boolean whole = Integer.parseInt(mark.group(2)) == size
                && Long.toHexString(digest.getValue()).equals(mark.group(3).toLowerCase(Locale.ROOT));
        return Optional.of(new Copy(Long.parseLong(mark.group(1)), whole));
    }

    /// Where the body begins: behind the first empty line; the end, where there is none.
    private static int body(byte[] message) {
        for (int i = 1; i < message.length; i++) {
            if (message[i] == '\n'
                    && (message[i - 1] == '\n' || (i > 1 && message[i - 1] == '\r' && message[i - 2] == '\n'))) {
                return i + 1;
            }
        }
        return message.length;
    }
}
