package dev.postern.smtp;

/// Where to report to: the sender's mailbox, or nowhere (RFC 5321 §4.5.5).
///
/// `toString` is the path without its angle brackets; the null path's is empty.
public sealed interface ReversePath permits NullPath, Mailbox {
    /// Whether it is `<>`.
    default boolean isNull() {
        return this instanceof NullPath;
    }
}
