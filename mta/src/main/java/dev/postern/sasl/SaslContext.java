package dev.postern.sasl;

import dev.postern.wire.ChannelBindings;

/// What an exchange knows of the connection that it runs in.
///
/// @param bindings of the connection
/// @param gate asked before a name is tried
public record SaslContext(ChannelBindings bindings, LoginGate gate) {
    /// A connection without channel bindings, on which everything may be tried.
    public static SaslContext plain() {
        return new SaslContext(ChannelBindings.none(), LoginGate.open());
    }
}
