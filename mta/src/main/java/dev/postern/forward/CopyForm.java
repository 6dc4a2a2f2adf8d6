package dev.postern.forward;

import dev.postern.spool.Content;
import dev.postern.spool.ContentTraits;
import dev.postern.wire.ContentSink;
import java.io.IOException;

/// A form in which copies of a message go on that is not the one in which it came.
public sealed interface CopyForm permits RewrittenAuthor, WrappedMessage {
    /// How long the header section of an original may be, in octets.
    int LONGEST_HEADER = 1 << 20;

    /// How long that of a copy may be: what is put in place of a From field, and beside it, is bounded.
    int LONGEST_COPY_HEADER = LONGEST_HEADER + (1 << 17);

    /// One word for it.
    default String word() {
        return switch (this) {
            case RewrittenAuthor _ -> "rewritten";
            case WrappedMessage _ -> "wrapped";
        };
    }

    /// Writes the content of a copy.
    ///
    /// @param original the content as it came, with CRLF line ends
    /// @param traits of the original
    /// @throws IOException if the original cannot be read, or its header section is longer than {@link
    ///     #LONGEST_HEADER}, or the sink fails
    void write(Content original, ContentTraits traits, ContentSink to) throws IOException;
}
