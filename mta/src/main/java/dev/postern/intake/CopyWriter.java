package dev.postern.intake;

import dev.postern.forward.CopyForm;
import dev.postern.forward.Onward;
import dev.postern.message.HeaderScanner;
import dev.postern.message.MessageReader;
import dev.postern.message.MessageStamp;
import dev.postern.message.Stamps;
import dev.postern.spool.Content;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.ContentTraits;
import dev.postern.spool.SpoolException;
import dev.postern.wire.ContentScan;
import dev.postern.wire.ContentScanner;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;

/// Writes a copy of a message in another form, and what goes on top of it. Used by one thread, once.
final class CopyWriter {
    private final ContentDraft draft;
    private final ContentScanner octets = new ContentScanner();
    private final HeaderScanner header = new HeaderScanner();

    CopyWriter(ContentDraft draft) {
        this.draft = draft;
    }

    /// Writes the copy into the draft.
    ///
    /// @param original what it is a copy of
    /// @param now when it is stamped
    /// @return the copy, with its fields on top
    Checked write(Checked original, Onward.Changed changed, Instant now) throws IOException {
        changed.form().write(original.draft().content(), original.traits(), this::keep);
        ContentScan scan = octets.result();
        Stamps stamps = new Stamps();
        stamps.add(changed.fields());
        Content content = draft.content();
        for (MessageStamp stamp : changed.stamps()) {
            try (InputStream copy = content.open()) {
                stamps.add(stamp, MessageReader.read(copy, CopyForm.LONGEST_COPY_HEADER), now);
            }
        }
        ContentTraits traits = new ContentTraits(
                scan.octets(),
                scan.eightBit(),
                header.eightBit(),
                original.traits().binary(),
                scan.longestLine(),
                header.tlsOptional());
        return new Checked(draft, traits, stamps.text(), new Onward.AsReceived(), original.held());
    }

    private void keep(byte[] piece, int offset, int length) throws SpoolException {
        octets.scan(piece, offset, length);
        header.scan(piece, offset, length);
        draft.write(piece, offset, length);
    }
}
