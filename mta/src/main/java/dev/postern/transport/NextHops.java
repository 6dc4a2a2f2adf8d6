package dev.postern.transport;

import dev.postern.route.Route;
import dev.postern.route.Sites;
import dev.postern.smtpclient.Opening;
import dev.postern.tlspolicy.hops.HopHost;
import dev.postern.tlspolicy.hops.TlsWish;
import dev.postern.wire.Endpoint;
import java.util.List;
import java.util.Optional;

/// Finds the hosts that a route leads to, and how each is to be approached.
interface NextHops {
    /// One host to try.
    ///
    /// @param host its name as it was looked up
    /// @param known what is known of it
    record Hop(String host, Endpoint server, HopHost known) {}

    /// What was found.
    sealed interface Found {
        /// These, in the order in which they are to be tried.
        ///
        /// @param hops at least one
        record Hosts(List<Hop> hops) implements Found {}

        /// None: this is what comes of the attempt.
        record Nowhere(DeliveryOutcome outcome) implements Found {}
    }

    /// The way of one message to the hosts of a route; used by one thread.
    @FunctionalInterface
    interface Way {
        /// How a host is to be approached, as known now; the same for the same host.
        Approach to(Hop hop);
    }

    /// The hosts of a route, as known now.
    Found of(Route route);

    /// Learns what came of the try to open a session with a host.
    default void tried(Hop hop, Opening opening) {
        // where there is one host there is no order to be learnt
    }

    /// The hosts that a route has in common with others, as far as is remembered.
    default Optional<Sites.Place> place(Route route) {
        return Optional.empty();
    }

    /// The way to the hosts of a route for a message whose sender has a wish.
    Way way(Route route, TlsWish wish);
}
