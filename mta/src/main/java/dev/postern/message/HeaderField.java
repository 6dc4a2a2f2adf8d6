package dev.postern.message;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// A header field as it stands in a message, every octet of it (RFC 5322 §2.2).
///
/// Text is in ISO 8859-1: each char is one octet, whatever character set the message means.
///
/// @rfc 5322 §2.2
public final class HeaderField {
    private static final int LONGEST_LINE = 78;

    private final String text;
    private final int colon;
    private final int nameEnd;

    private HeaderField(String text, int colon, int nameEnd) {
        this.text = text;
        this.colon = colon;
        this.nameEnd = nameEnd;
    }

    /// The field that a text is: a name of printable ASCII, white space (obsolete), a colon, a body
    /// that may be folded. The final CRLF is not part of the text.
    ///
    /// @throws IllegalArgumentException if there is no name before a colon
    public static HeaderField of(String text) {
        int nameEnd = 0;
        while (nameEnd < text.length() && isNameChar(text.charAt(nameEnd))) {
            nameEnd++;
        }
        int colon = nameEnd;
        while (colon < text.length() && (text.charAt(colon) == ' ' || text.charAt(colon) == '\t')) {
            colon++;
        }
        if (nameEnd == 0 || colon == text.length() || text.charAt(colon) != ':') {
            throw new IllegalArgumentException("not a header field");
        }
        return new HeaderField(text, colon, nameEnd);
    }

    /// The field of words one behind the other, folded so that lines have at most 78 characters where
    /// there is a place to fold.
    ///
    /// @param words without white space or control characters; what is beyond ASCII becomes UTF-8
    /// @rfc 5322 §2.2.3
    public static HeaderField folded(String name, List<String> words) {
        StringBuilder text = new StringBuilder(name).append(':');
        int column = text.length();
        for (String word : words) {
            String octets = new String(word.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            boolean fits = column + 1 + octets.length() <= LONGEST_LINE;
            text.append(fits ? " " : "\r\n ").append(octets);
            column = (fits ? column + 1 : 1) + octets.length();
        }
        return of(text.toString());
    }

    /// Whether a char may stand in the name of a field.
    static boolean isNameChar(char c) {
        return c > ' ' && c < 127 && c != ':';
    }

    /// The name as it is written.
    public String name() {
        return text.substring(0, nameEnd);
    }

    /// Whether this is the name, in whatever case.
    public boolean is(String name) {
        return name.length() == nameEnd && text.regionMatches(true, 0, name, 0, nameEnd);
    }

    /// What stands behind the colon, with its white space and folding, without the final CRLF.
    public String body() {
        return text.substring(colon + 1);
    }

    /// The body without its folding: each CRLF is dropped, the white space behind it stays (RFC 5322
    /// §2.2.3).
    public String unfolded() {
        return body().replace("\r\n", "");
    }

    /// The whole field as it stands, without the final CRLF.
    public String text() {
        return text;
    }

    /// The octets of the whole field, without the final CRLF.
    public byte[] octets() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeaderField field && field.text.equals(text);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
