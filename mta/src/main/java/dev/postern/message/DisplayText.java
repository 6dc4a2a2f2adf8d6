package dev.postern.message;

import java.util.List;

/// A text for human eyes that may stand in any header field: of one line, without characters that nobody sees, and not
/// long.
///
/// @param text no control, format, private or unassigned characters, no two blanks in a row, none at either end;
///     possibly empty
public record DisplayText(String text) {
    /// @throws IllegalArgumentException if the text is not as it should be
    public DisplayText {
        if (!text.equals(visible(text))) {
            throw new IllegalArgumentException("a text with characters that nobody sees");
        }
    }

    /// What can be seen of any text, cut off with an ellipsis behind so many characters.
    ///
    /// @param most 2 or more
    public static DisplayText of(String text, int most) {
        String visible = visible(text);
        if (visible.codePointCount(0, visible.length()) > most) {
            visible = visible.substring(0, visible.offsetByCodePoints(0, most - 1))
                            .strip() + "\u2026";
        }
        return new DisplayText(visible);
    }

    private static String visible(String text) {
        StringBuilder seen = new StringBuilder(text.length());
        boolean blank = false;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.SPACE_SEPARATOR,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> blank = true;
                case Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED -> {
                    // nobody sees it
                }
                default -> {
                    seen.append(blank && !seen.isEmpty() ? " " : "").appendCodePoint(c);
                    blank = false;
                }
            }
        }
        return seen.toString();
    }

    /// The words of a phrase such as a display name (RFC 5322 §3.2.5): one quoted string, or encoded words.
    ///
    /// @rfc 2047 §5
    public List<String> phrase() {
        boolean plain = isAscii() && text.indexOf('"') < 0 && text.indexOf('\\') < 0;
        return plain ? List.of('"' + text + '"') : EncodedWords.encode(text);
    }

    /// The words of an unstructured field: as they are, or encoded.
    ///
    /// @rfc 2047 §5
    public List<String> words() {
        return isAscii() ? (text.isEmpty() ? List.of() : List.of(text.split(" "))) : EncodedWords.encode(text);
    }

    /// Whether it is of ASCII alone and nothing in it looks like an encoded word.
    private boolean isAscii() {
        return text.chars().allMatch(c -> c < 127) && !text.contains("=?");
    }
}
