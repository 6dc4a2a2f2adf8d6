package dev.postern.smtp;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Which characters are what, for all rules of this package.
final class Text {
    private static final char LINE_SEPARATOR = '\u2028';
    private static final char PARAGRAPH_SEPARATOR = '\u2029';

    private Text() {}

    /// The text of octets that are UTF-8: no overlong form, no surrogate, nothing cut off (RFC 3629
    /// §4); empty for others.
    static Optional<String> utf8(byte[] octets) {
        if (isAscii(octets)) {
            return Optional.of(new String(octets, StandardCharsets.US_ASCII));
        }
        try {
            CharBuffer text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(octets));
            return Optional.of(text.toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty(); // the exception is how the decoder says "no"
        }
    }

    static boolean isAscii(byte[] octets) {
        int signs = 0;
        for (byte b : octets) {
            signs |= b;
        }
        return signs >= 0;
    }

    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7F) {
                return false;
            }
        }
        return true;
    }

    /// Whether a character ends a line for somebody or is none for the eye: C0, DEL, C1 with NEL,
    /// and the separators of lines and paragraphs.
    static boolean isControl(char c) {
        return c < ' ' || (c >= 0x7F && c <= 0x9F) || c == LINE_SEPARATOR || c == PARAGRAPH_SEPARATOR;
    }

    static boolean hasControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /// Whether half a surrogate pair stands alone, so that the text has no form in UTF-8.
    static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /// Octets that a text takes in UTF-8.
    static int octets(String text) {
        return isAscii(text) ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
    }

    static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
