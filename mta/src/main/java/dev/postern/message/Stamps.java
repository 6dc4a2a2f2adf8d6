package dev.postern.message;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The header fields that are put on top of a message on its way in, those put there later above
/// those before. Used by one thread.
public final class Stamps {
    private static final char DEL = 127;

    private final StringBuilder text = new StringBuilder();

    /// Puts fields on top.
    ///
    /// @param fields each with its final CRLF, in ISO 8859-1
    /// @throws IllegalArgumentException if they are no fields, or hold control characters
    public void add(String fields) {
        read(fields);
        text.insert(0, fields);
    }

    /// Puts on top what a stamp computes over a message with the fields that are on top of it now.
    ///
    /// @param message without them; its body is read
    /// @return whether the stamp gave any
    public boolean add(MessageStamp stamp, MessageReader message, Instant now) throws IOException {
        List<HeaderField> all = new ArrayList<>(fields());
        all.addAll(message.header().fields());
        MessageStamp.Stamping stamping =
                stamp.begin(new MessageHeader(all, message.header().ending()));
        BodySink.feed(message.body(), List.of(stamping));
        String fields = stamping.finish(now);
        add(fields);
        return !fields.isEmpty();
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
            String field = text.substring(begin, end);
            if (!isClean(field)) {
                throw new IllegalArgumentException("a control character in a header field");
            }
            fields.add(HeaderField.of(field));
            begin = end + 2;
        }
        return fields;
    }

    /// Whether a field holds no control character but tab and the CRLF before white space.
    private static boolean isClean(String field) {
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\r' && field.startsWith("\r\n", i)) {
                i++;
            } else if ((c < ' ' && c != '\t') || c == DEL) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
