package dev.postern.mailauth.results;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// How words are written in the field.
///
/// ```
/// value   = token / quoted-string
/// pvalue  = [CFWS] ( value / [ [ local-part ] "@" ] domain-name ) [CFWS]
/// Keyword = (ALPHA / DIGIT) [ *(ALPHA / DIGIT / "-") (ALPHA / DIGIT) ]
/// ```
///
/// @rfc 8601 §2.2
final class Written {
    /// The longest value in octets: more than an address has, and twice as much, as quotes may make
    /// of it, stands on one line.
    static final int LONGEST = 400;

    /// What stands at the end of a value that was longer. No domain name ends so: the beginning of a
    /// name must not be read as another name.
    private static final String CUT = "[cut]";

    private static final char REPLACEMENT = '_';
    private static final Pattern KEYWORD = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?");

    /// Narrower than a token, so that nobody stumbles.
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._+-]+");

    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*+(?<!-))?";
    private static final Pattern ADDRESS =
            Pattern.compile("(?:[A-Za-z0-9_+-]+(?:\\.[A-Za-z0-9_+-]+)*+)?@" + LABEL + "(?:\\." + LABEL + ")*+");

    private Written() {}

    static boolean isKeyword(String text) {
        return KEYWORD.matcher(text).matches();
    }

    static void requireKeyword(String text) {
        if (!isKeyword(text)) {
            throw new IllegalArgumentException("not a keyword: " + text);
        }
    }

    /// A text that can be written: `_` stands for each control character, each half of a surrogate
    /// pair, and what would begin an encoded word; where it would have more than its octets, it ends
    /// in a mark that says so.
    static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        int octets = 0;
        int kept = 0; // as much as leaves room for the mark
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            boolean encodes = c == '?' && !clean.isEmpty() && clean.charAt(clean.length() - 1) == '=';
            int written = encodes || !isHarmless(c) ? REPLACEMENT : c;
            octets += Character.toString(written).getBytes(StandardCharsets.UTF_8).length;
            if (octets > LONGEST) {
                return clean.substring(0, kept) + CUT;
            }
            clean.appendCodePoint(written);
            kept = octets <= LONGEST - CUT.length() ? clean.length() : kept;
        }
        return clean.toString();
    }

    private static boolean isHarmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /// A token as it is, anything else as a quoted string.
    static String value(String text) {
        return TOKEN.matcher(text).matches() ? text : quoted(text);
    }

    /// The value of a property: also a plain address or `@domain` as it is.
    static String propertyValue(String text) {
        return ADDRESS.matcher(text).matches() ? text : value(text);
    }

    /// A quoted string.
    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /// The text in ASCII, with `_` for each character beyond.
    static byte[] ascii(String text) {
        StringBuilder ascii = new StringBuilder(text.length());
        text.codePoints().forEach(c -> ascii.append(c < 128 ? (char) c : REPLACEMENT));
        return ascii.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
