package dev.postern.message;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Looks at the header section of a message while its octets pass (RFC 5322 §2.2): which fields are
/// there, how often, and whether octets above 127 are among them. Keeps no content.
///
/// Fed with pieces cut anywhere. The header ends at the first empty line, or before the first line
/// that can be no field.
///
/// @rfc 5322 §2.2
public final class HeaderScanner {
    private static final int LONGEST_NAME = 77;
    private static final int LONGEST_WISH = 32;

    private final byte[] name = new byte[LONGEST_NAME];
    private int nameLength;
    private State state = State.LINE_START;
    private boolean afterCr;
    private int received;
    private int fields;
    private long octets;
    private boolean date;
    private boolean messageId;
    private boolean from;
    private boolean eightBit;
    private boolean continuation;
    private int wishes;
    private boolean inWish;
    private final StringBuilder wish = new StringBuilder();

    private enum State {
        LINE_START,
        NAME,
        AFTER_NAME,
        VALUE,
        BODY
    }

    /// Looks at the next octets.
    public void scan(byte[] piece, int offset, int length) {
        for (int i = offset; i < offset + length && state != State.BODY; i++) {
            octet(piece[i]);
            octets += state == State.BODY ? 0 : 1;
        }
    }

    private void octet(byte b) {
        switch (state) {
            case LINE_START -> lineStart(b);
            case NAME -> name(b);
            case AFTER_NAME -> {
                if (b == ':') {
                    endOfName();
                } else if (b != ' ' && b != '\t') {
                    state = State.BODY;
                }
            }
            case VALUE -> value(b);
            case BODY -> {}
        }
    }

    private void lineStart(byte b) {
        if (b == '\r' || b == '\n') {
            state = State.BODY;
        } else if ((b == ' ' || b == '\t') && fields > 0) {
            state = State.VALUE;
        } else {
            continuation |= b == ' ' || b == '\t'; // of what stands above: this is the first line
            nameLength = 0;
            state = State.NAME;
            name(b);
        }
    }

    private void name(byte b) {
        if (b == ':' && nameLength > 0) {
            endOfName();
        } else if ((b == ' ' || b == '\t') && nameLength > 0) {
            state = State.AFTER_NAME;
        } else if (b > ' ' && b < 127 && b != ':' && nameLength < LONGEST_NAME) {
            name[nameLength++] = b;
        } else {
            state = State.BODY;
        }
    }

    private void endOfName() {
        fields++;
        String field = new String(name, 0, nameLength, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        switch (field) {
            case "received" -> received++;
            case "date" -> date = true;
            case "message-id" -> messageId = true;
            case "from" -> from = true;
            case "tls-required" -> wishes++;
            default -> {}
        }
        inWish = field.equals("tls-required");
        state = State.VALUE;
        afterCr = false;
    }

    private void value(byte b) {
        if (b < 0) {
            eightBit = true;
        }
        if (inWish && wish.length() < LONGEST_WISH) {
            wish.append((char) (b & 0xFF));
        }
        if (b == '\n' && afterCr) {
            state = State.LINE_START;
        }
        afterCr = b == '\r';
    }

    /// Whether the first line begins with white space, so that it would continue whatever field is put
    /// above it (RFC 5322 §2.2.3).
    public boolean beginsAsContinuation() {
        return continuation;
    }

    /// How many Received fields there are.
    public int received() {
        return received;
    }

    /// How many fields there are.
    public int fields() {
        return fields;
    }

    /// How many octets it has, without the line that ends it.
    public long octets() {
        return octets;
    }

    /// Whether there is a Date field.
    public boolean hasDate() {
        return date;
    }

    /// Whether there is a Message-ID field.
    public boolean hasMessageId() {
        return messageId;
    }

    /// Whether there is a From field.
    public boolean hasFrom() {
        return from;
    }

    /// Whether an octet above 127 stands in a field, so that the message needs SMTPUTF8 (RFC 6532
    /// §3).
    public boolean eightBit() {
        return eightBit;
    }

    /// Whether one field says that the message is to arrive rather than be protected, `TLS-Required: No`. Another
    /// value,
    /// or a second such field, says nothing.
    ///
    /// ```
    /// tls-required = "TLS-Required:" [FWS] "No" [FWS] CRLF
    /// ```
    ///
    /// @rfc 8689 §3
    public boolean tlsOptional() {
        return wishes == 1 && wish.toString().strip().equalsIgnoreCase("no");
    }
}
