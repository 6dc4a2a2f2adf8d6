package dev.postern.message;

import java.util.ArrayList;
import java.util.List;

/// The header fields that are put on top of a message on its way in, those put there later above
/// those before. Used by one thread.
public final class Stamps {
    private final StringBuilder text = new StringBuilder();

    /// Puts fields on top.
    ///
    /// @param fields each with its final CRLF, in ISO 8859-1
    /// @throws IllegalArgumentException if they are no fields
    public void add(String fields) {
        read(fields);
        text.insert(0, fields);
    }

    /// All of them, each with its final CRLF.
    public String text() {
        return text.toString();
    }

    /// All of them as fields, from top to bottom.
    public List<HeaderField> fields() {
        return read(text.toString());
    }

    private static List<HeaderField> read(String text) {
        List<HeaderField> fields = new ArrayList<>();
        for (int begin = 0; begin < text.length(); ) {
            int end = text.indexOf("\r\n", begin);
            while (end >= 0 && end + 2 < text.length() && isSpace(text.charAt(end + 2))) {
                end = text.indexOf("\r\n", end + 2);
            }
            if (end < 0) {
                throw new IllegalArgumentException("a header field without its line end");
            }
            fields.add(HeaderField.of(text.substring(begin, end)));
            begin = end + 2;
        }
        return fields;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
