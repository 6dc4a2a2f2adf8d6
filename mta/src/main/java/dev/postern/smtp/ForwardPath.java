package dev.postern.smtp;

/// Where a message goes: a mailbox, or this server's postmaster (RFC 5321 §4.5.1).
///
/// `toString` is the path without its angle brackets.
public sealed interface ForwardPath permits Postmaster, Mailbox {}
