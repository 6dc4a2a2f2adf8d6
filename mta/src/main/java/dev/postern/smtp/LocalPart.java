package dev.postern.smtp;

/// The part of an address before the `@`, as meant: quotes and backslashes of the wire form are
/// undone (RFC 5321 §4.1.2, RFC 6531 §3.3).
///
/// Upper and lower case are kept and matter here (RFC 5321 §2.4); who delivers locally may ignore
/// them.
///
/// @param value 1 to 64 octets in UTF-8, no control characters
public record LocalPart(String value) {
    /// The longest local part, in octets (RFC 5321 §4.5.3.1.1).
    public static final int MAX_OCTETS = 64;

    /// @throws IllegalArgumentException if the value is empty, too long, or holds a control
    ///     character or half a surrogate pair
    public LocalPart {
        int octets = Text.octets(value);
        if (octets == 0 || octets > MAX_OCTETS) {
            throw new IllegalArgumentException("a local part of " + octets + " octets");
        }
        if (Text.hasControl(value) || Text.hasLoneSurrogate(value)) {
            throw new IllegalArgumentException("a control character in a local part");
        }
    }

    /// Whether it holds a character beyond ASCII, so that it needs SMTPUTF8.
    public boolean isInternational() {
        return !Text.isAscii(value);
    }

    /// The wire form: as it is where it is a dot-string, else quoted.
    @Override
    public String toString() {
        return isDotString() ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private boolean isDotString() {
        boolean atom = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '.') {
                if (!atom) {
                    return false;
                }
                atom = false;
            } else if (isAtext(c)) {
                atom = true;
            } else {
                return false;
            }
        }
        return atom;
    }

    /// Whether a character may stand in an atom (RFC 5322 §3.2.3, widened by RFC 6532 §3.2).
    static boolean isAtext(char c) {
        return Text.isLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0 || (c > 0x7F && !Text.isControl(c));
    }
}
