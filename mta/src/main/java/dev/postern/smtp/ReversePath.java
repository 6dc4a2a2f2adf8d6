package dev.postern.smtp;

import java.util.Optional;

/// Where to report to: the sender's mailbox, or nowhere (RFC 5321 §4.5.5).
///
/// `toString` is the path without its angle brackets; the null path's is empty.
public sealed interface ReversePath permits NullPath, Mailbox {
    /// The path that a text without angle brackets is, the empty one the null path; empty if it is
    /// none.
    static Optional<ReversePath> parse(String text) {
        return text.isEmpty()
                ? Optional.of(new NullPath())
                : Mailbox.parse(text).map(mailbox -> mailbox);
    }

    /// Whether it is `<>`.
    default boolean isNull() {
        return this instanceof NullPath;
    }

    /// Whether it needs SMTPUTF8.
    boolean isInternational();
}
