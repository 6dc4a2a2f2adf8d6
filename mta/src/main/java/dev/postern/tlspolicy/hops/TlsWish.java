package dev.postern.tlspolicy.hops;

/// What the sender of a message wants of TLS on its way.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8689 RFC 8689
public enum TlsWish {
    /// Nothing in particular: what the next hop asks for holds.
    USUAL,
    /// TLS with a proven server, or the message does not go (REQUIRETLS).
    REQUIRED,
    /// The same if it is to be had, else as usual: a report, which is not lost for want of it (RFC 8689 §5).
    PREFERRED,
    /// That it arrives, whatever the next hop asks for (`TLS-Required: No`); TLS is tried all the same.
    NOT_REQUIRED
}
