package dev.postern.message;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Parts a message into its header section, which is read at once, and its body, which is left to
/// be streamed. Lines end with CRLF; nothing else ends one.
///
/// @rfc 5322 §2.1
public final class MessageReader {
    private static final int BUFFER = 8192;

    private final MessageHeader header;
    private final InputStream body;

    private MessageReader(MessageHeader header, InputStream body) {
        this.header = header;
        this.body = body;
    }

    /// Reads the header section.
    ///
    /// @param content the message; the caller closes it
    /// @param mostOctets how long the header section may be
    /// @throws HeaderTooLongException if it is longer
    public static MessageReader read(InputStream content, int mostOctets) throws IOException {
        return new Reading(content, mostOctets).read();
    }

    /// The header section.
    public MessageHeader header() {
        return header;
    }

    /// The body, to be read once.
    public InputStream body() {
        return body;
    }

    /// A header section that is longer than the reader may keep in memory.
    public static final class HeaderTooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        HeaderTooLongException(int mostOctets) {
            super("the header has more than " + mostOctets + " octets");
        }
    }

    private static final class Reading {
        private final InputStream in;
        private final int most;
        private final List<HeaderField> fields = new ArrayList<>();
        private byte[] octets = new byte[BUFFER];
        private int length;
        private int at;

        Reading(InputStream in, int most) {
            this.in = in;
            this.most = most;
        }

        MessageReader read() throws IOException {
            int begin = 0; // of the field that is being read
            while (true) {
                int lineEnd = lineEnd();
                int next = lineEnd < 0 ? length : lineEnd + 2;
                int contentEnd = lineEnd < 0 ? length : lineEnd;
                if (contentEnd == at) {
                    add(begin, at);
                    return end(lineEnd < 0 ? MessageHeader.Ending.END : MessageHeader.Ending.EMPTY_LINE, next);
                }
                boolean folded = (octets[at] == ' ' || octets[at] == '\t') && at > begin;
                if (!folded) {
                    add(begin, at);
                    if (!isField(at, contentEnd)) {
                        return end(MessageHeader.Ending.NO_FIELD, at);
                    }
                    begin = at;
                }
                if (lineEnd < 0) {
                    fields.add(HeaderField.of(text(begin, length)));
                    return end(MessageHeader.Ending.END, length);
                }
                at = next;
            }
        }

        /// Where the CRLF of the current line begins; -1 if the message ends before it does.
        private int lineEnd() throws IOException {
            for (int i = at; ; i++) {
                while (i + 1 >= length) {
                    if (!fill()) {
                        return -1;
                    }
                }
                if (octets[i] == '\r' && octets[i + 1] == '\n') {
                    return i;
                }
            }
        }

        private boolean fill() throws IOException {
            if (length > most + 2) {
                throw new HeaderTooLongException(most);
            }
            if (length == octets.length) {
                octets = Arrays.copyOf(octets, length * 2);
            }
            int read = in.read(octets, length, octets.length - length);
            length += Math.max(read, 0);
            return read > 0;
        }

        private boolean isField(int from, int to) {
            int i = from;
            while (i < to && HeaderField.isNameChar((char) (octets[i] & 0xFF))) {
                i++;
            }
            int nameEnd = i;
            while (i < to && (octets[i] == ' ' || octets[i] == '\t')) {
                i++;
            }
            return nameEnd > from && i < to && octets[i] == ':';
        }

        /// A field that ends with the CRLF before an offset.
        private void add(int from, int to) {
            if (to > from) {
                fields.add(HeaderField.of(text(from, to - 2)));
            }
        }

        private String text(int from, int to) {
            return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
        }

        private MessageReader end(MessageHeader.Ending ending, int bodyBegin) throws HeaderTooLongException {
            if (bodyBegin > most) {
                throw new HeaderTooLongException(most);
            }
            InputStream read = new ByteArrayInputStream(octets, bodyBegin, length - bodyBegin);
            return new MessageReader(new MessageHeader(fields, ending), new SequenceInputStream(read, in));
        }
    }
}
