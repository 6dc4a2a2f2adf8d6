package dev.postern.smtp;

/// White space as most grammars of mail and its records know it: SP and HTAB (WSP).
public final class Blanks {
    private Blanks() {}

    /// A text without that at its end.
    public static String offEnd(String text) {
        int to = text.length();
        while (to > 0 && is(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(0, to);
    }

    /// A text without that at either end.
    public static String off(String text) {
        int from = 0;
        while (from < text.length() && is(text.charAt(from))) {
            from++;
        }
        return offEnd(text.substring(from));
    }

    private static boolean is(char c) {
        return c == ' ' || c == '\t';
    }
}
