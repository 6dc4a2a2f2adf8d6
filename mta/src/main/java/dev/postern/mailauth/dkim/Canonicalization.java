package dev.postern.mailauth.dkim;

import dev.postern.message.HeaderField;
import java.util.Locale;
import java.util.Optional;

/// How much a message may change on its way without breaking a signature.
///
/// @rfc 6376 §3.4
public enum Canonicalization {
    /// Nearly nothing: empty lines at the end of the body may come and go.
    SIMPLE,
    /// White space may.
    RELAXED;

    /// The canonicalization that a text names, in whatever case.
    static Optional<Canonicalization> parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "simple" -> Optional.of(SIMPLE);
            case "relaxed" -> Optional.of(RELAXED);
            default -> Optional.empty();
        };
    }

    /// A field in canonical form, without the final CRLF, in ISO 8859-1.
    ///
    /// @rfc 6376 §3.4.1
    /// @rfc 6376 §3.4.2
    public String header(HeaderField field) {
        return switch (this) {
            case SIMPLE -> field.text();
            case RELAXED -> relaxed(field);
        };
    }

    private static String relaxed(HeaderField field) {
        String name = field.name().toLowerCase(Locale.ROOT);
        String body = field.body();
        StringBuilder out = new StringBuilder(name.length() + body.length() + 1);
        out.append(name).append(':');
        int begin = out.length();
        boolean space = false;
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c == ' ' || c == '\t') {
                space = true;
            } else if (c == '\r' && i + 1 < body.length() && body.charAt(i + 1) == '\n') {
                i++; // the folding goes, the white space behind it stays
            } else {
                if (space && out.length() > begin) {
                    out.append(' ');
                }
                space = false;
                out.append(c);
            }
        }
        return out.toString();
    }
}
