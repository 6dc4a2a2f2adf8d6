package dev.postern.feedback;

import java.util.Optional;

/// Texts of reports made harmless: on one line, without control characters, not too long.
final class Words {
    /// The most chars of a text for humans.
    static final int LONGEST = 2000;

    private static final int REPLACEMENT = 0xFFFD;

    private Words() {}

    /// A text on one line: white space becomes a blank, what no document may hold U+FFFD, and what
    /// is beyond {@value #LONGEST} chars is cut off.
    static String clean(String text) {
        StringBuilder clean = new StringBuilder(Math.min(text.length(), LONGEST));
        boolean gap = false;
        for (int i = 0; i < text.length() && clean.length() < LONGEST - 2; ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (isSpace(c)) {
                gap = !clean.isEmpty();
            } else {
                if (gap) {
                    clean.append(' ');
                    gap = false;
                }
                clean.appendCodePoint(isHarmless(c) ? c : REPLACEMENT);
            }
        }
        return clean.toString();
    }

    /// A text made harmless, if anything is left of it.
    static Optional<String> optional(Optional<String> text) {
        return text.map(Words::clean).filter(clean -> !clean.isEmpty());
    }

    /// A text made harmless that has to be there.
    ///
    /// @throws IllegalArgumentException if nothing is left of it
    static String required(String text, String name) {
        String clean = clean(text);
        if (clean.isEmpty()) {
            throw new IllegalArgumentException("no " + name);
        }
        return clean;
    }

    private static boolean isSpace(int c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0x2028 || c == 0x2029;
    }

    private static boolean isHarmless(int c) {
        return !Character.isISOControl(c)
                && Character.getType(c) != Character.SURROGATE
                && Character.getType(c) != Character.FORMAT
                && (c & 0xFFFE) != 0xFFFE;
    }
}
