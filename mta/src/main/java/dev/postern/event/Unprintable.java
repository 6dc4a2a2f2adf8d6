package dev.postern.event;

/// What no eye sees, or what makes it see something else: characters that end a line, move the cursor, turn the
/// direction of writing or take no room.
///
/// Controls with NEL, the separators of lines and paragraphs, format characters with those for two directions of
/// writing, and halves of surrogate pairs. Texts of strangers hold none of them where people read: in the log, in
/// decisions, in reports, on a terminal.
public final class Unprintable {
    private static final int UNITS = 0x10000;

    private Unprintable() {}

    /// Whether a code point is one of these.
    public static boolean is(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    /// Whether a text holds any.
    public static boolean anyIn(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return text.codePoints().anyMatch(Unprintable::is);
            }
        }
        return false;
    }

    /// The text with each of them in the form `\u202e`, one for each half of a surrogate pair.
    public static String escaped(String text) {
        if (!anyIn(text)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (is(c)) {
                escape(c, shown);
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }

    /// Appends one of them in the form `\u202e`, as JSON has it too.
    public static void escape(int codePoint, StringBuilder to) {
        for (char unit : Character.toChars(codePoint)) {
            to.append("\\u").append(Integer.toHexString(unit | UNITS).substring(1));
        }
    }

    /// The text with a question mark for each of them.
    public static String replaced(String text) {
        if (!anyIn(text)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> shown.appendCodePoint(is(c) ? '?' : c));
        return shown.toString();
    }
}
