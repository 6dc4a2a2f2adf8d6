package dev.postern.smtp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The coding that puts any text into a parameter's value.
///
/// ```
/// xtext   = *( xchar / hexchar )
/// xchar   = %d33-126 except "+" and "="
/// hexchar = "+" 2HEXDIG
/// ```
///
/// @rfc 3461 §4
public final class Xtext {
    private static final String HEX = "0123456789ABCDEF";
    private static final int RADIX = 16;

    private Xtext() {}

    /// The text in xtext: its octets in UTF-8, those that are no xchar in hexadecimal.
    public static String encode(String text) {
        StringBuilder coded = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7F && b != '+' && b != '=') {
                coded.append((char) b);
            } else {
                coded.append('+').append(HEX.charAt((b >> 4) & 0xF)).append(HEX.charAt(b & 0xF));
            }
        }
        return coded.toString();
    }

    /// The text that an xtext stands for; empty if it is no xtext, or stands for what is not UTF-8
    /// or has control characters.
    ///
    /// Deviates: lower-case hexadecimal digits are read too, as other servers do.
    public static Optional<String> decode(String coded) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(coded.length());
        for (int i = 0; i < coded.length(); i++) {
            char c = coded.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == '=') {
                return Optional.empty();
            }
            if (c == '+') {
                int high = i + 2 < coded.length() ? hexDigit(coded.charAt(i + 1)) : -1;
                int low = i + 2 < coded.length() ? hexDigit(coded.charAt(i + 2)) : -1;
                if (high < 0 || low < 0) {
                    return Optional.empty();
                }
                octets.write(high * RADIX + low);
                i += 2;
            } else {
                octets.write(c);
            }
        }
        return Text.utf8(octets.toByteArray()).filter(text -> !Text.hasControl(text));
    }

    /// The value of a hexadecimal digit in ASCII, -1 for anything else.
    static int hexDigit(char c) {
        return c < 0x80 ? Character.digit(c, RADIX) : -1;
    }
}
