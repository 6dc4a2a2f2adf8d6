package dev.postern.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Reads the body of a header field that is a value with parameters, such as
/// `multipart/mixed; boundary="=_1"`.
///
/// It reads what programs write, too: values of odd characters without quotation marks, up to the
/// semicolon; parameters without a value; of a parameter that stands there twice the first.
///
/// ```
/// content   = type "/" subtype *(";" parameter)
/// parameter = attribute "=" value
/// value     = token / quoted-string
/// ```
///
/// @rfc 2045 §5.1
/// @rfc 2231 §3, §4
final class ParameterReader {
    /// The most parameters that are looked at, pieces of one counted each.
    static final int MOST = 100;

    private static final int DEEPEST_COMMENT = 100;

    private final String text;
    private int at;

    /// @param body the body of the field, folded or not
    ParameterReader(String body) {
        this.text = body.replace("\r\n", "");
    }

    /// The value before the parameters, without comments and blanks around it.
    String value() {
        return unquoted();
    }

    /// The parameters behind it by their names in lower case, in the order in which they stand, the
    /// pieces of long ones put together and their characters decoded.
    Map<String, String> parameters() {
        Map<String, String> plain = new LinkedHashMap<>();
        Map<String, Map<Integer, Piece>> pieces = new LinkedHashMap<>();
        for (int i = 0; i < MOST && at < text.length(); i++) {
            at++; // the semicolon
            parameter(plain, pieces);
        }
        Map<String, String> parameters = new LinkedHashMap<>(plain);
        pieces.forEach((name, numbered) -> {
            // what is encoded is better than what is repeated for programs that do not know it
            join(numbered, parameters, name);
        });
        return parameters;
    }

    private void parameter(Map<String, String> plain, Map<String, Map<Integer, Piece>> pieces) {
        int begin = at;
        while (at < text.length() && text.charAt(at) != '=' && text.charAt(at) != ';') {
            at++;
        }
        String name = text.substring(begin, at).strip().toLowerCase(Locale.ROOT);
        if (at == text.length() || text.charAt(at) == ';') {
            return; // no value
        }
        at++;
        String value = parameterValue();
        int star = name.indexOf('*');
        if (star < 0) {
            // a boundary is octets, not characters
            plain.putIfAbsent(name, name.equals("boundary") ? value : HeaderText.of(value));
            return;
        }
        boolean encoded = name.endsWith("*");
        String number = name.substring(star + 1, Math.max(star + 1, name.length() - (encoded ? 1 : 0)));
        int section = number.isEmpty() && encoded ? 0 : number(number);
        if (section >= 0) {
            pieces.computeIfAbsent(name.substring(0, star), any -> new HashMap<>())
                    .putIfAbsent(section, new Piece(value, encoded));
        }
    }

    private static int number(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 2 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Integer.parseInt(text) : -1;
    }

    /// A piece of a long value (RFC 2231 §3).
    private record Piece(String text, boolean encoded) {}

    /// Puts pieces 0, 1, 2 ... together, up to the first that is missing (RFC 2231 §4.1).
    private static void join(Map<Integer, Piece> numbered, Map<String, String> parameters, String name) {
        Piece first = numbered.get(0);
        if (first == null) {
            return;
        }
        String charset = "utf-8";
        String begin = first.text();
        int charsetEnd = begin.indexOf('\'');
        int languageEnd = charsetEnd < 0 ? -1 : begin.indexOf('\'', charsetEnd + 1);
        if (first.encoded() && languageEnd > 0) {
            charset = charsetEnd == 0 ? charset : begin.substring(0, charsetEnd);
            first = new Piece(begin.substring(languageEnd + 1), true);
        }
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        Piece piece = first;
        for (int i = 1; piece != null; i++) {
            octets.writeBytes(
                    piece.encoded() ? percent(piece.text()) : piece.text().getBytes(StandardCharsets.ISO_8859_1));
            piece = numbered.get(i);
        }
        parameters.put(name, HeaderText.decode(octets.toByteArray(), charset));
    }

    private static byte[] percent(String text) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            boolean escape = text.charAt(i) == '%'
                    && i + 2 < text.length()
                    && Character.digit(text.charAt(i + 1), 16) >= 0
                    && Character.digit(text.charAt(i + 2), 16) >= 0;
            octets.write(escape ? Integer.parseInt(text, i + 1, i + 3, 16) : text.charAt(i));
            i += escape ? 2 : 0;
        }
        return octets.toByteArray();
    }

    /// A value, up to the next semicolon.
    private String parameterValue() {
        skipBlanksAndComments();
        if (at < text.length() && text.charAt(at) == '"') {
            String value = quoted();
            while (at < text.length() && text.charAt(at) != ';') {
                at++;
            }
            return value;
        }
        return unquoted();
    }

    private String unquoted() {
        StringBuilder value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != ';') {
            if (text.charAt(at) == '(') {
                comment();
            } else {
                value.append(text.charAt(at++));
            }
        }
        return value.toString().strip();
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        at++;
        at = Math.min(at, text.length());
        return value.toString();
    }

    private void skipBlanksAndComments() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '(') {
                comment();
            } else if (c == ' ' || c == '\t') {
                at++;
            } else {
                return;
            }
        }
    }

    /// Comments lie within each other; the innermost ones of more than a hundred end early.
    private void comment() {
        int depth = 0;
        do {
            char c = text.charAt(at++);
            if (c == '\\') {
                at++;
            } else if (c == '(') {
                depth = Math.min(depth + 1, DEEPEST_COMMENT);
            } else if (c == ')') {
                depth--;
            }
        } while (depth > 0 && at < text.length());
        at = Math.min(at, text.length());
    }
}
