package dev.postern.policy;

import dev.postern.route.Route;
import dev.postern.smtp.EnhancedStatus;
import java.util.Map;

/// Whether mail that requires TLS (RFC 8689) has a way to its next hop, as far as that can be told before anything is
/// sent: nothing is connected to. Shared by all sessions; blocks for a bounded time.
@FunctionalInterface
public interface SecurePath {
    /// What can be said of a route to another server now.
    Finding along(Route route);

    /// Nothing is looked at.
    static SecurePath unseen() {
        return route -> new Finding.Open(Map.of());
    }

    /// What was found.
    sealed interface Finding {
        /// What was asked and answered, in order.
        Map<String, String> inputs();

        /// A host of the next hop can be proven, or nobody can tell beforehand.
        record Open(Map<String, String> inputs) implements Finding {}

        /// No host can.
        ///
        /// @param status of kind 5
        /// @param why a sentence for the sender
        record Closed(EnhancedStatus status, String why, Map<String, String> inputs) implements Finding {}

        /// It cannot be told now.
        ///
        /// @param status of kind 4
        /// @param why a sentence for the sender
        record Unknown(EnhancedStatus status, String why, Map<String, String> inputs) implements Finding {}
    }
}
