package dev.postern.sasl;

import java.util.Optional;

/// One client's way through a mechanism; used by one thread, once.
public interface SaslExchange {
    /// What the server does first.
    ///
    /// @param initialResponse what the client sent along with the mechanism's name; empty where it sent
    ///     nothing, which differs from an initial response of no octets (RFC 4954 §4)
    SaslStep begin(Optional<byte[]> initialResponse);

    /// What the server does after the client's response to its last challenge.
    ///
    /// @throws IllegalStateException if the last step was no challenge
    SaslStep respond(byte[] response);
}
