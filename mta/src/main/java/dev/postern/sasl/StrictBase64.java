package dev.postern.sasl;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// Base64 as RFC 4648 §4 has it and nothing beyond: no line ends, no missing padding, no stray bits, one text for one
/// string of octets.
public final class StrictBase64 {
    private static final int GROUP = 4;

    private StrictBase64() {}

    /// The octets that a text is; empty if it is not exactly the base64 of any.
    public static Optional<byte[]> decode(byte[] text) {
        if (text.length % GROUP != 0) {
            return Optional.empty();
        }
        try {
            byte[] octets = Base64.getDecoder().decode(text);
            return Arrays.equals(encode(octets), text) ? Optional.of(octets) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty(); // the exception is how the decoder says "no"
        }
    }

    /// The base64 of octets.
    public static byte[] encode(byte[] octets) {
        return Base64.getEncoder().encode(octets);
    }
}
