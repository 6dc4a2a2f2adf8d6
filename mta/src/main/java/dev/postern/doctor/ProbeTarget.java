package dev.postern.doctor;

import dev.postern.policy.ListenerRole;
import dev.postern.wire.Endpoint;

/// One listener of a server.
///
/// @param role what it is for
/// @param at where it is
public record ProbeTarget(ListenerRole role, Endpoint at) {
    @Override
    public String toString() {
        return role.label() + " at " + at;
    }
}
