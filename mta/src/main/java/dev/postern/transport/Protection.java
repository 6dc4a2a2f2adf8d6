package dev.postern.transport;

import dev.postern.spool.SpooledMessage;

/// How well a message must be protected on its next hop.
///
/// @rfc 8689 §4.2.1
enum Protection {
    /// As the hop is set up.
    USUAL,
    /// By TLS with a proven server if that is to be had, else as usual: a report, which is not lost for want of it (RFC
    /// 8689 §5).
    PREFERRED,
    /// By TLS with a proven server, or the message does not go.
    REQUIRED;

    /// What a message asks for.
    static Protection of(SpooledMessage message) {
        if (!message.parameters().handling().requireTls()) {
            return USUAL;
        }
        return message.reversePath().isNull() ? PREFERRED : REQUIRED;
    }
}
