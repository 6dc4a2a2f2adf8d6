package dev.postern.batv;

import dev.postern.smtp.Mailbox;

/// What an address turns out to be when its signature is looked at.
public sealed interface Validation {
    /// It has none, or is not in a domain of ours.
    record Plain() implements Validation {}

    /// We signed it, and it is good.
    ///
    /// @param plain the address without the signature
    record Genuine(Mailbox plain) implements Validation {}

    /// It looks signed, but not by us.
    ///
    /// @param why a sentence for the peer
    record Forged(String why) implements Validation {}

    /// We signed it, too long ago.
    ///
    /// @param why a sentence for the peer
    record Expired(String why) implements Validation {}
}
