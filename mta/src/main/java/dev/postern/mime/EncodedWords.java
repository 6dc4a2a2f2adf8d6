package dev.postern.mime;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Encoded words, such as `=?utf-8?Q?caf=C3=A9?=`, within a text.
///
/// @rfc 2047 §2
final class EncodedWords {
    private EncodedWords() {}

    /// The text with its encoded words decoded; blanks between two of them are dropped. What is
    /// malformed stays as it is.
    ///
    /// ```
    /// encoded-word = "=?" charset "?" encoding "?" encoded-text "?="
    /// ```
    static String decode(String text) {
        StringBuilder decoded = new StringBuilder(text.length());
        int done = 0;
        int wordEnd = -1;
        int begin = text.indexOf("=?");
        while (begin >= 0) {
            int charsetEnd = text.indexOf('?', begin + 2);
            int encodingEnd = charsetEnd < 0 ? -1 : text.indexOf('?', charsetEnd + 1);
            int end = encodingEnd < 0 ? -1 : text.indexOf("?=", encodingEnd + 1);
            if (end < 0) {
                break;
            }
            char encoding = encodingEnd == charsetEnd + 2 ? text.charAt(charsetEnd + 1) : ' ';
            if ("BbQq".indexOf(encoding) >= 0) {
                String between = text.substring(done, begin);
                decoded.append(wordEnd == done && between.isBlank() ? "" : between);
                byte[] octets = octets(text.substring(encodingEnd + 1, end), encoding);
                decoded.append(HeaderText.decode(octets, charset(text.substring(begin + 2, charsetEnd))));
                done = end + 2;
                wordEnd = done;
                begin = text.indexOf("=?", done);
            } else {
                begin = text.indexOf("=?", begin + 2);
            }
        }
        return decoded.append(text, done, text.length()).toString();
    }

    /// A language may stand behind the character set (RFC 2231 §5).
    private static String charset(String name) {
        int star = name.indexOf('*');
        return star < 0 ? name : name.substring(0, star);
    }

    private static byte[] octets(String text, char encoding) {
        if (encoding == 'Q' || encoding == 'q') {
            return q(text);
        }
        try {
            return new Base64Stream(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)))
                    .readAllBytes();
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory does not fail", impossible);
        }
    }

    private static byte[] q(String text) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escape = c == '='
                    && i + 2 < text.length()
                    && Character.digit(text.charAt(i + 1), 16) >= 0
                    && Character.digit(text.charAt(i + 2), 16) >= 0;
            if (escape) {
                octets.write(Integer.parseInt(text, i + 1, i + 3, 16));
                i += 2;
            } else {
                octets.write(c == '_' ? ' ' : c);
            }
        }
        return octets.toByteArray();
    }
}
