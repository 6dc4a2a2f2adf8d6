package dev.postern.sasl;

import dev.postern.wire.ChannelBindings;

/// A way to authenticate (RFC 4422 §5), the server's side; a value without state, shared by all sessions.
public interface SaslMechanism {
    /// The registered name, such as `PLAIN`: 1 to 20 upper-case letters, digits, hyphens and underscores (RFC 4422
    /// §3.1).
    String name();

    /// Whether it can be used on a connection with these bindings, and so is announced there.
    default boolean isOffered(ChannelBindings bindings) {
        return true;
    }

    /// A new exchange with one client.
    SaslExchange begin(SaslContext context);
}
