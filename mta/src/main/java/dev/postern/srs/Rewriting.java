package dev.postern.srs;

import dev.postern.smtp.Mailbox;

/// What the sender of forwarded mail becomes.
public sealed interface Rewriting {
    /// An address of ours.
    ///
    /// @param address the new reverse-path
    /// @param why a sentence for the operator
    record Rewritten(Mailbox address, String why) implements Rewriting {}

    /// It stays as it is.
    ///
    /// @param why a sentence for the operator
    record Kept(String why) implements Rewriting {}
}
