package dev.postern.smtp;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An enhanced status code (RFC 3463 §2).
///
/// @param kind 2 success, 4 persistent transient failure, 5 permanent failure
/// @param subject 0 to 999, what it is about
/// @param detail 0 to 999, what exactly
/// @spec https://www.rfc-editor.org/rfc/rfc3463 RFC 3463
public record EnhancedStatus(int kind, int subject, int detail) {
    private static final Pattern FORM = Pattern.compile("([245])\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})");

    /// @throws IllegalArgumentException if a number is out of its range
    public EnhancedStatus {
        if ((kind != 2 && kind != 4 && kind != 5) || subject < 0 || subject > 999 || detail < 0 || detail > 999) {
            throw new IllegalArgumentException("no enhanced status: " + kind + "." + subject + "." + detail);
        }
    }

    /// The status that a text like `5.1.1` is; empty if it is none.
    public static Optional<EnhancedStatus> parse(String text) {
        Matcher m = FORM.matcher(text);
        return m.matches()
                ? Optional.of(new EnhancedStatus(
                        Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)), Integer.parseInt(m.group(3))))
                : Optional.empty();
    }

    /// The status that a text is.
    ///
    /// @throws IllegalArgumentException if it is none
    public static EnhancedStatus of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("no enhanced status: " + text));
    }

    @Override
    public String toString() {
        return kind + "." + subject + "." + detail;
    }
}
