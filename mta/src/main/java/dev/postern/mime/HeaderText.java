package dev.postern.mime;

import dev.postern.message.EncodedWords;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;

/// The characters that the octets of header fields mean.
public final class HeaderText {
    private HeaderText() {}

    /// The characters of a field's text: UTF-8, else ISO 8859-1, encoded words decoded (RFC 2047).
    ///
    /// @param octets one in each char
    public static String of(String octets) {
        return EncodedWords.decode(decode(octets));
    }

    /// The text of octets of which nobody says what they mean: UTF-8 (RFC 6532 §3.1), else ISO
    /// 8859-1.
    ///
    /// @param octets one in each char
    static String decode(String octets) {
        byte[] bytes = octets.getBytes(StandardCharsets.ISO_8859_1);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return octets; // the exception is how the decoder says "no"
        }
    }

    /// The text of octets in a character set; in ISO 8859-1 if that is not known.
    static String decode(byte[] octets, String charset) {
        return new String(octets, charset(charset));
    }

    private static Charset charset(String name) {
        try {
            return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.ISO_8859_1;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            return StandardCharsets.ISO_8859_1; // the exception is how the platform says "no"
        }
    }
}
