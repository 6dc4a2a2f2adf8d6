package dev.postern.policy;

import dev.postern.route.DomainPattern;
import java.util.List;
import java.util.Set;

/// Where mail is taken under TLS only, beside submission, where it always is.
///
/// @param listeners the roles whose clients must encrypt
/// @param networks where clients are that must, on any listener
/// @param senders domains of reverse-paths whose mail is taken under TLS only, from whomever
public record EncryptionSettings(Set<ListenerRole> listeners, NetworkSet networks, List<DomainPattern> senders) {
    public EncryptionSettings {
        listeners = Set.copyOf(listeners);
        senders = List.copyOf(senders);
    }

    /// Nowhere.
    public static EncryptionSettings none() {
        return new EncryptionSettings(Set.of(), NetworkSet.none(), List.of());
    }
}
