package dev.postern.srs;

import dev.postern.smtp.Mailbox;

/// What an address turns out to be when it is asked for the way back.
public sealed interface Reversal {
    /// No return address of ours.
    record Other() implements Reversal {}

    /// We made it, and it is good.
    ///
    /// @param sender whom it stands for; for SRS1 the first forwarder's SRS0 address
    record Genuine(Mailbox sender) implements Reversal {}

    /// It looks like one of ours, but we did not make it.
    ///
    /// @param why a sentence for the peer
    record Forged(String why) implements Reversal {}

    /// We made it, too long ago.
    ///
    /// @param why a sentence for the peer
    record Expired(String why) implements Reversal {}
}
