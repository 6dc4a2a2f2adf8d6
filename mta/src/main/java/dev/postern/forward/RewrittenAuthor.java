package dev.postern.forward;

import dev.postern.message.HeaderField;
import dev.postern.message.MessageHeader;
import dev.postern.message.MessageReader;
import dev.postern.spool.Content;
import dev.postern.spool.ContentTraits;
import dev.postern.wire.ContentSink;
import java.io.IOException;
import java.io.InputStream;

/// The same message in our name: From is an address of ours, Reply-To is the author unless there is one, and what stood
/// in From stands in `X-Original-From`, octet for octet. Every other octet is as it came.
///
/// @param author who stands in for its author
public record RewrittenAuthor(StandIn author) implements CopyForm {
    /// The field that keeps what stood in From, under the name that large list and relay services use.
    static final String ORIGINAL = "X-Original-From";

    private static final String FROM = "From";
    private static final String REPLY_TO = "Reply-To";
    private static final int LONGEST_LINE = 998;

    @Override
    public void write(Content original, ContentTraits traits, ContentSink to) throws IOException {
        try (InputStream octets = original.open()) {
            MessageReader message = MessageReader.read(octets, LONGEST_HEADER);
            MessageHeader header = message.header();
            boolean replies = header.first(REPLY_TO).isPresent();
            for (HeaderField field : header.fields()) {
                if (field.is(FROM)) {
                    Octets.write(author.from(), to);
                    if (!replies) {
                        Octets.write(author.replyTo(), to);
                    }
                    Octets.write(kept(field), to);
                } else {
                    Octets.write(field, to);
                }
            }
            if (header.ending() == MessageHeader.Ending.EMPTY_LINE) {
                Octets.write("\r\n", to);
            }
            Octets.write(message.body(), to);
        }
    }

    /// The field under its other name, whose first line has no more than 998 octets either (RFC 5322 §2.1.1).
    private static HeaderField kept(HeaderField from) {
        String body = from.body();
        int lineEnd = body.indexOf("\r\n");
        int first = ORIGINAL.length() + 1 + (lineEnd < 0 ? body.length() : lineEnd);
        if (first <= LONGEST_LINE) {
            return HeaderField.of(ORIGINAL + ":" + body);
        }
        boolean blank = body.startsWith(" ") || body.startsWith("\t");
        return HeaderField.of(ORIGINAL + ":\r\n" + (blank ? "" : " ") + body);
    }
}
