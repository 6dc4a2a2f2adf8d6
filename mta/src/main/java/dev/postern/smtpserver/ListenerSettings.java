package dev.postern.smtpserver;

import dev.postern.policy.ListenerRole;
import dev.postern.wire.Endpoint;
import java.util.List;

/// Where a listener listens.
///
/// @param role what it is for
/// @param addresses at least one; port 0 is the system's choice; Unix sockets for LMTP and local programs only, and
///     nothing else for the latter, whom nothing but the permissions of the socket's file lets in
public record ListenerSettings(ListenerRole role, List<Endpoint> addresses) {
    /// @throws IllegalArgumentException if there is no address, or one that this role cannot have
    public ListenerSettings {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("a listener without an address");
        }
        for (Endpoint address : addresses) {
            boolean possible = switch (address) {
                case Endpoint.Inet inet -> role != ListenerRole.LOCAL;
                case Endpoint.Unix unix -> role == ListenerRole.LMTP || role == ListenerRole.LOCAL;
                case Endpoint.Memory memory -> false;
            };
            if (!possible) {
                throw new IllegalArgumentException("the role " + role.label() + " cannot listen on " + address);
            }
        }
    }
}
