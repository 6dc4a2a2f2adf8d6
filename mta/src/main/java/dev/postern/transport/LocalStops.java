package dev.postern.transport;

import dev.postern.message.DeliveredTo;
import dev.postern.route.Route;
import dev.postern.smtp.EnhancedStatus;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the transports into this machine share: stops that lead to an inbox, and outcomes without a remote.
final class LocalStops {
    /// What happens at one stop.
    interface Delivery {
        /// Delivers to one inbox.
        DeliveryOutcome deliver(Consignment.Stop stop, Route.Local route);
    }

    private LocalStops() {}

    /// The outcome of each stop, in order.
    ///
    /// @throws IllegalArgumentException if a stop does not lead to an inbox: the wiring is wrong
    static List<DeliveryOutcome> each(Consignment consignment, Delivery delivery) {
        List<DeliveryOutcome> outcomes = new ArrayList<>(consignment.stops().size());
        for (Consignment.Stop stop : consignment.stops()) {
            outcomes.add(delivery.deliver(stop, inboxOf(stop)));
        }
        return outcomes;
    }

    /// The addresses that a message has been delivered to before, in lower case.
    static Set<String> seen(Consignment consignment) throws IOException {
        try (InputStream octets = consignment.content().open()) {
            return DeliveredTo.in(octets);
        }
    }

    /// The inbox that a stop leads to.
    ///
    /// @throws IllegalArgumentException if it leads to none: the wiring is wrong
    static Route.Local inboxOf(Consignment.Stop stop) {
        return switch (stop.route()) {
            case Route.Local local -> local;
            case Route.Mx _, Route.Smarthost _, Route.Refused _ ->
                throw new IllegalArgumentException("no inbox: " + stop.route().lane());
        };
    }

    /// Delivered into an inbox of this machine.
    static DeliveryOutcome delivered(String how) {
        return new DeliveryOutcome.Delivered(how, Optional.empty(), false, false);
    }

    /// Not now, for this recipient only.
    static DeliveryOutcome deferred(String status, String why) {
        return new DeliveryOutcome.Deferred(
                EnhancedStatus.of(status), why, Optional.empty(), DeliveryOutcome.Scope.RECIPIENT);
    }

    /// Never.
    static DeliveryOutcome failed(String status, String why) {
        return new DeliveryOutcome.Failed(EnhancedStatus.of(status), why, Optional.empty());
    }
}
