package dev.postern.mailauth.dkim;

import dev.postern.message.HeaderField;
import java.util.Base64;
import java.util.List;

/// Writes the field of a signature or seal: tags one after the other, folded so that lines have at
/// most 78 characters where there is a place to fold, and `b=` at the end.
///
/// @rfc 6376 §3.2
public final class SignatureWriter {
    private static final int LONGEST_LINE = 78;
    private static final String FOLD = "\r\n\t";

    private final StringBuilder text;
    private int column;
    private boolean first = true;

    /// Begins a field of a name.
    public SignatureWriter(String name) {
        text = new StringBuilder(name).append(':');
        column = text.length();
    }

    /// Writes a tag in one piece.
    public SignatureWriter tag(String name, String value) {
        next();
        piece(name + "=" + value, true);
        return this;
    }

    /// Writes a tag whose value is a list with colons.
    public SignatureWriter list(String name, List<String> values) {
        next();
        for (int i = 0; i < values.size(); i++) {
            piece((i == 0 ? name + "=" : "") + values.get(i) + (i < values.size() - 1 ? ":" : ""), i == 0);
        }
        return this;
    }

    /// Writes a tag whose value is in base64.
    public SignatureWriter base64(String name, byte[] octets) {
        next();
        String value = Base64.getEncoder().encodeToString(octets);
        int at = 0;
        if (column + name.length() + 2 >= LONGEST_LINE - 1) {
            fold();
        } else {
            append(" ");
        }
        append(name + "=");
        while (at < value.length()) {
            if (column >= LONGEST_LINE - 1) {
                fold();
            }
            int end = Math.min(value.length(), at + LONGEST_LINE - 1 - column);
            append(value.substring(at, end));
            at = end;
        }
        return this;
    }

    /// The field as it is signed: with all its tags, and an empty `b=`, without the final CRLF.
    public HeaderField unsigned() {
        return HeaderField.of(text + "; b=");
    }

    /// The field with its signature, without the final CRLF.
    public HeaderField signed(byte[] signature) {
        return HeaderField.of(base64("b", signature).text.toString());
    }

    private void next() {
        if (!first) {
            append(";");
        }
        first = false;
    }

    /// Leaves room for the semicolon.
    private void piece(String piece, boolean spaced) {
        if (column + piece.length() + (spaced ? 1 : 0) >= LONGEST_LINE) {
            fold();
        } else if (spaced) {
            append(" ");
        }
        append(piece);
    }

    private void fold() {
        text.append(FOLD);
        column = 1;
    }

    private void append(String piece) {
        text.append(piece);
        column += piece.length();
    }
}
