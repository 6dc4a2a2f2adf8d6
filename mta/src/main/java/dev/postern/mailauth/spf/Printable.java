package dev.postern.mailauth.spf;

/// Makes text from outside fit to be shown: printable ASCII, and not too long.
final class Printable {
    private static final String CUT = "...";

    private Printable() {}

    /// The text with `?` in place of all that is not printable ASCII, cut to a number of
    /// characters.
    static String of(String text, int longest) {
        boolean cut = text.length() > longest;
        int kept = cut ? longest - CUT.length() : text.length();
        StringBuilder clean = new StringBuilder(kept);
        for (int i = 0; i < kept; i++) {
            char c = text.charAt(i);
            clean.append(c >= ' ' && c <= '~' ? c : '?');
        }
        return cut ? clean.append(CUT).toString() : clean.toString();
    }
}
