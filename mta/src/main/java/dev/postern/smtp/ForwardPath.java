package dev.postern.smtp;

import java.util.Optional;

/// Where a message goes: a mailbox, or this server's postmaster (RFC 5321 §4.5.1).
///
/// `toString` is the path without its angle brackets.
public sealed interface ForwardPath permits Postmaster, Mailbox {
    /// The path that a text without angle brackets is; `postmaster` alone in any case is the
    /// postmaster's; empty if it is none.
    static Optional<ForwardPath> parse(String text) {
        return text.equalsIgnoreCase("postmaster")
                ? Optional.of(new Postmaster())
                : Mailbox.parse(text).map(mailbox -> mailbox);
    }

    /// Whether it needs SMTPUTF8.
    boolean isInternational();
}
