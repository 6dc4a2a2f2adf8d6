package dev.postern.smtp;

/// How much of the message a failure report returns: RET of RFC 3461 §4.3.
public enum RetMode {
    /// The whole message.
    FULL,
    /// Its header only.
    HDRS
}
