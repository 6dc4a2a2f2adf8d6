package dev.postern.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// The addresses that a message has already been delivered to, read from the Delivered-To fields of its header.
///
/// ```
/// "Delivered-To:" FWS Mailbox CRLF
/// ```
///
/// Such a field is put on top at each delivery and each forward; finding the own address there means that the message
/// came back (a loop). What is not of that form, such as an address with a comment, is an address that nobody has.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9228 RFC 9228
public final class DeliveredTo {
    /// The end of what is read of a header; a loop hides no deeper, since each round puts its field on top.
    private static final int MAX_HEADER_OCTETS = 1 << 20;

    /// So many fields are looked at, those on top.
    static final int MOST_FIELDS = 1000;

    private static final String NAME = "delivered-to:";
    private static final int MAX_FIELD = 1000;

    private final Set<String> addresses = new HashSet<>();
    private final ByteArrayOutputStream field = new ByteArrayOutputStream(128);
    private int fields;

    private DeliveredTo() {}

    /// The addresses, in lower case.
    ///
    /// @param message from its first header field on; not closed
    public static Set<String> in(InputStream message) throws IOException {
        DeliveredTo reading = new DeliveredTo();
        reading.read(message);
        return reading.addresses;
    }

    private void read(InputStream octets) throws IOException {
        byte[] block = new byte[8192];
        boolean lineStart = true;
        int inLine = 0;
        int total = 0;
        for (int n = octets.read(block); n >= 0 && total < MAX_HEADER_OCTETS; n = octets.read(block)) {
            total += n;
            for (int i = 0; i < n; i++) {
                byte b = block[i];
                if (lineStart && b != ' ' && b != '\t') {
                    finishField();
                }
                lineStart = b == '\n';
                if ((lineStart && inLine == 0) || fields == MOST_FIELDS) {
                    return;
                }
                inLine = lineStart ? 0 : b == '\r' ? inLine : inLine + 1;
                if (b != '\r' && b != '\n' && field.size() < MAX_FIELD) {
                    field.write(b);
                }
            }
        }
        finishField();
    }

    private void finishField() {
        String text = field.toString(StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
        if (text.startsWith(NAME)) {
            addresses.add(text.substring(NAME.length()).strip());
            fields++;
        }
        field.reset();
    }
}
