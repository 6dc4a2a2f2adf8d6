package dev.postern.intake;

import dev.postern.forward.Onward;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.ContentTraits;

/// A content that is here in full and may come in.
///
/// @param draft the content; writing is over
/// @param stamps the fields that go on top of it, each with its final CRLF
/// @param onward what becomes of the copies that aliases lead to other servers
/// @param held whether all copies are kept where they are until an operator releases them
record Checked(ContentDraft draft, ContentTraits traits, String stamps, Onward onward, boolean held) {
    /// The same in another draft.
    Checked in(ContentDraft copy) {
        return new Checked(copy, traits, stamps, onward, held);
    }

    /// The same, held.
    Checked asHeld() {
        return new Checked(draft, traits, stamps, onward, true);
    }
}
