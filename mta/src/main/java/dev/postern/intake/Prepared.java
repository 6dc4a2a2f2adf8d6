package dev.postern.intake;

import dev.postern.spool.Content;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import java.io.Closeable;

/// A message that only has to be committed: for whoever makes it part of a larger transaction.
/// Used by one thread. Closing it without having committed it forgets its content.
public final class Prepared implements Closeable {
    private final SpooledMessage message;
    private final ContentDraft draft;
    private final Content content;
    private final Accepted accepted;

    /// Writing of the draft is over.
    Prepared(SpooledMessage message, ContentDraft draft, Accepted accepted) throws SpoolException {
        this.message = message;
        this.draft = draft;
        this.content = draft.content();
        this.accepted = accepted;
    }

    /// The message.
    public SpooledMessage message() {
        return message;
    }

    /// The change that brings it into the spool.
    public SpoolChange.Insert insert() {
        return new SpoolChange.Insert(message, draft);
    }

    /// Hands it on to delivery; after the commit.
    public void handOver() {
        accepted.accepted(message, content);
    }

    @Override
    public void close() {
        draft.close();
    }
}
