package dev.postern.transport;

import dev.postern.route.Route;
import dev.postern.smtpclient.SessionPlan;
import dev.postern.wire.Endpoint;
import java.util.List;
import java.util.Optional;

/// Finds the hosts that a route leads to.
@FunctionalInterface
interface NextHops {
    /// One host to try.
    ///
    /// @param host its name as it was looked up
    /// @param plan how the session is opened
    /// @param secondPlan how it is opened again, where the TLS handshake fails
    record Hop(String host, Endpoint server, SessionPlan plan, Optional<SessionPlan> secondPlan) {}

    /// What was found.
    sealed interface Found {
        /// These, in the order in which they are to be tried.
        ///
        /// @param hops at least one
        record Hosts(List<Hop> hops) implements Found {}

        /// None: this is what comes of the attempt.
        record Nowhere(DeliveryOutcome outcome) implements Found {}
    }

    /// The hosts of a route, as known now, with plans that protect a message so.
    Found of(Route route, Protection protection);
}
