package dev.postern.mailauth.spf;

/// One word of a record behind its version.
///
/// @rfc 7208 §4.6.1
public sealed interface Term permits Directive, Modifier {
    /// The term as it stands in the record.
    String text();

    /// Whether its evaluation asks DNS, and so counts towards the ten look-ups (RFC 7208 §4.6.4).
    boolean looksUp();

    /// A text that can stand between two spaces.
    ///
    /// @throws IllegalArgumentException if it is empty, or has a character that is not visible
    ///     ASCII
    static String word(String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new IllegalArgumentException("not one word: " + text);
        }
        return text;
    }
}
