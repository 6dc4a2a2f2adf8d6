package dev.postern.batv;

import dev.postern.smtp.Mailbox;

/// What the sender of our own mail becomes where it leaves.
public sealed interface Signing {
    /// A signed address.
    ///
    /// @param address the new reverse-path, at the same domain
    record Signed(Mailbox address) implements Signing {}

    /// It stays as it is.
    ///
    /// @param why a sentence for the operator
    record Kept(String why) implements Signing {}
}
