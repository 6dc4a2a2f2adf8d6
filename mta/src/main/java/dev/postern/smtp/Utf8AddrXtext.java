package dev.postern.smtp;

import java.util.Locale;
import java.util.Optional;

/// The coding of an international address in ORCPT.
///
/// ```
/// utf-8-addr-xtext    = 1*( QCHAR / EmbeddedUnicodeChar )
/// utf-8-addr-unitext  = 1*( QCHAR / UTF8-non-ascii / EmbeddedUnicodeChar )
/// QCHAR               = %d33-126 except "\", "+" and "="
/// EmbeddedUnicodeChar = "\x{" HEXPOINT "}"
/// ```
///
/// @rfc 6533 §3
public final class Utf8AddrXtext {
    private static final String OPENING = "\\x{";
    private static final int MIN_DIGITS = 2;
    private static final int MAX_DIGITS = 6;
    private static final int RADIX = 16;

    private Utf8AddrXtext() {}

    /// The text in utf-8-addr-xtext, which is ASCII.
    public static String encode(String text) {
        StringBuilder coded = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isQchar(c)) {
                coded.append((char) c);
            } else {
                coded.append(OPENING)
                        .append(String.format(Locale.ROOT, "%02X", c))
                        .append('}');
            }
        });
        return coded.toString();
    }

    /// The text that a utf-8-addr-xtext or utf-8-addr-unitext stands for; empty if it is neither,
    /// or stands for control characters.
    public static Optional<String> decode(String coded) {
        StringBuilder text = new StringBuilder(coded.length());
        int i = 0;
        while (i < coded.length()) {
            int c = coded.codePointAt(i);
            if (coded.startsWith(OPENING, i)) {
                int close = coded.indexOf('}', i);
                int point = close < 0 ? -1 : codePoint(coded.substring(i + OPENING.length(), close));
                if (point < 0) {
                    return Optional.empty();
                }
                text.appendCodePoint(point);
                i = close + 1;
            } else if (isQchar(c) || c > 0x7F) {
                text.appendCodePoint(c);
                i += Character.charCount(c);
            } else {
                return Optional.empty();
            }
        }
        String decoded = text.toString();
        return Text.hasControl(decoded) || Text.hasLoneSurrogate(decoded) ? Optional.empty() : Optional.of(decoded);
    }

    private static int codePoint(String digits) {
        if (digits.length() < MIN_DIGITS
                || digits.length() > MAX_DIGITS
                || !digits.chars().allMatch(c -> Xtext.hexDigit((char) c) >= 0)) {
            return -1;
        }
        int point = Integer.parseInt(digits, RADIX);
        return Character.isValidCodePoint(point) && !isSurrogate(point) ? point : -1;
    }

    private static boolean isSurrogate(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }

    private static boolean isQchar(int c) {
        return c > ' ' && c < 0x7F && c != '\\' && c != '+' && c != '=';
    }
}
