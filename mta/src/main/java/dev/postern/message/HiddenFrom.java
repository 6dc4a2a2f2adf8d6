package dev.postern.message;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// Finds what some readers take for a From field where there is none by the standard.
final class HiddenFrom {
    private static final int MOST_OCTETS = 65_536;

    private HiddenFrom() {}

    /// Whether a CR or LF that ends no line stands before a From field, within any field.
    static boolean isIn(MessageHeader header) {
        return header.fields().stream().anyMatch(field -> isIn(field.text()));
    }

    private static boolean isIn(String field) {
        for (int i = 0; i < field.length(); i++) {
            if (isBare(field, i) && looksLikeFrom(field, i + 1)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBare(String text, int at) {
        return switch (text.charAt(at)) {
            case '\r' -> !text.startsWith("\n", at + 1);
            case '\n' -> at == 0 || text.charAt(at - 1) != '\r';
            default -> false;
        };
    }

    /// Whether a From field stands before the first empty line, whatever ends lines; also when no
    /// empty line comes within the octets that are looked at.
    static boolean isIn(InputStream body) throws IOException {
        String text = new String(body.readNBytes(MOST_OCTETS), StandardCharsets.ISO_8859_1);
        int at = 0;
        while (at < text.length()) {
            if (looksLikeFrom(text, at)) {
                return true;
            }
            int end = at;
            while (end < text.length() && text.charAt(end) != '\r' && text.charAt(end) != '\n') {
                end++;
            }
            if (end == at) {
                return false;
            }
            at = end + (text.startsWith("\r\n", end) ? 2 : 1);
        }
        return text.length() == MOST_OCTETS;
    }

    /// Whether the name From and a colon stand at an offset, with whatever white space, control
    /// characters or octets beyond ASCII around the name.
    private static boolean looksLikeFrom(String text, int from) {
        int name = skipNoise(text, from);
        if (!text.regionMatches(true, name, FromReader.NAME, 0, FromReader.NAME.length())) {
            return false;
        }
        return text.startsWith(":", skipNoise(text, name + FromReader.NAME.length()));
    }

    private static int skipNoise(String text, int from) {
        int at = from;
        while (at < text.length() && isNoise(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isNoise(char c) {
        return (c <= ' ' && c != '\r' && c != '\n') || c >= 127;
    }
}
