package dev.postern.dsn;

import java.util.Locale;

/// Addresses beyond ASCII where only ASCII may stand.
///
/// @rfc 6533 §3
final class Utf8Xtext {
    private Utf8Xtext() {}

    /// utf-8-addr-xtext of an address.
    ///
    /// ```
    /// utf-8-addr-xtext    = 1*(QCHAR / EmbeddedUnicodeChar)
    /// QCHAR               = %x21-2a / %x2c-3c / %x3e-5b / %x5d-7e
    /// EmbeddedUnicodeChar = %x5C.78 "{" HEXPOINT "}"
    /// ```
    static String encode(String address) {
        StringBuilder text = new StringBuilder(address.length() + 16);
        address.codePoints().forEach(c -> {
            if (c > ' ' && c < 127 && c != '+' && c != '=' && c != '\\') {
                text.append((char) c);
            } else {
                text.append("\\x{").append(hex(c)).append('}');
            }
        });
        return text.toString();
    }

    private static String hex(int codePoint) {
        String digits = Integer.toHexString(codePoint).toUpperCase(Locale.ROOT);
        return digits.length() < 2 ? "0" + digits : digits;
    }
}
