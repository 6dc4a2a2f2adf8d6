package dev.postern.sasl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Octets of a client as text: strictly UTF-8.
final class UserText {
    private UserText() {}

    /// The text that octets are; empty if they are no UTF-8.
    static Optional<String> utf8(byte[] octets) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty(); // the exception is how the decoder says "no"
        }
    }

    /// Whether a text is not empty and holds nothing that ends a line or controls a terminal.
    static boolean isPlain(String text) {
        return !text.isEmpty()
                && text.chars().noneMatch(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029');
    }
}
