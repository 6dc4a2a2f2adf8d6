package dev.postern.sasl;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// The attributes of a SCRAM message, `x=value` divided by commas.
///
/// ```
/// attr-val        = ALPHA "=" value
/// value           = 1*value-char
/// value-char      = value-safe-char / "="
/// value-safe-char = %x01-2B / %x2D-3C / %x3E-7F / UTF8-2 / UTF8-3 / UTF8-4
/// ```
///
/// @spec https://www.rfc-editor.org/rfc/rfc5802 RFC 5802 §5.1, §7
final class ScramAttributes {
    /// The longest message that is read, in octets: ten times what any client sends.
    static final int MAX_MESSAGE = 4096;

    /// The longest nonce that is taken.
    static final int MAX_NONCE = 512;

    /// Attributes with a meaning of their own, each at its place and only there.
    private static final String KNOWN = "anmrcsipve";

    private ScramAttributes() {}

    /// A message as text; empty if it is too long, no UTF-8, or holds a NUL.
    static Optional<String> text(byte[] message) {
        return message.length > MAX_MESSAGE
                ? Optional.empty()
                : UserText.utf8(message).filter(text -> text.indexOf('\0') < 0);
    }

    /// The fields between the commas, empty ones too.
    static List<String> split(String text) {
        return List.of(text.split(",", -1));
    }

    /// The value of the attribute at a place; empty if another attribute stands there, none, or one without a value.
    static Optional<String> value(List<String> fields, int place, char name) {
        if (place >= fields.size()) {
            return Optional.empty();
        }
        String field = fields.get(place);
        return field.length() > 2 && field.charAt(0) == name && field.charAt(1) == '='
                ? Optional.of(field.substring(2))
                : Optional.empty();
    }

    /// Whether some fields are extensions that may be ignored: well formed, and none that has a meaning of its own, `m`
    /// (which says that what is not understood must not be ignored) among them.
    static boolean areOptional(List<String> fields) {
        return fields.stream()
                .allMatch(field -> field.length() > 2
                        && field.charAt(1) == '='
                        && isLetter(field.charAt(0))
                        && KNOWN.indexOf(field.charAt(0)) < 0);
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /// Whether a text can be a nonce: `1*(%x21-2B / %x2D-7E)`, of at most {@link #MAX_NONCE}.
    static boolean isNonce(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_NONCE
                && text.chars().allMatch(c -> c > ' ' && c <= '~' && c != ',');
    }

    /// The octets of a value in base64, read strictly.
    static Optional<byte[]> base64(String value) {
        return StrictBase64.decode(value.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// A name as a message has it: `,` and `=` stand as `=2C` and `=3D`.
    static String encodeName(String name) {
        return name.replace("=", "=3D").replace(",", "=2C");
    }

    /// The name that a `saslname` is; empty if an `=` is not one of the two, if it is longer than 255 octets, or holds
    /// a
    /// control character.
    static Optional<String> decodeName(String saslName) {
        String rest = saslName.replace("=2C", "").replace("=3D", "");
        String name = saslName.replace("=2C", ",").replace("=3D", "=");
        return rest.indexOf('=') < 0
                        && UserText.isPlain(name)
                        && name.getBytes(StandardCharsets.UTF_8).length <= Credentials.MAX_USER
                ? Optional.of(name)
                : Optional.empty();
    }
}
