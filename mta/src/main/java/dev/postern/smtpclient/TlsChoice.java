package dev.postern.smtpclient;

import dev.postern.wire.TlsUpgrade;

/// When a session is encrypted, and with what trust.
public sealed interface TlsChoice {
    /// Never.
    record None() implements TlsChoice {}

    /// By STARTTLS where the server offers it; where it offers and then refuses, in the clear (RFC 7435).
    record Opportunistic(TlsUpgrade upgrade) implements TlsChoice {}

    /// By STARTTLS, or no mail is sent.
    record Required(TlsUpgrade upgrade) implements TlsChoice {}

    /// From the first octet (RFC 8314 §3.3).
    record Implicit(TlsUpgrade upgrade) implements TlsChoice {}
}
