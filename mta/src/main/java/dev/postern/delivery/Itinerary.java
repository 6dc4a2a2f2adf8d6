package dev.postern.delivery;

import dev.postern.queue.Work;
import dev.postern.route.Route;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Recipient;
import dev.postern.spool.RecipientState;
import dev.postern.transport.Consignment;
import dev.postern.transport.DeliveryOutcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// How the recipients of one work are reached now, and in which lanes they belong. Used by one thread.
final class Itinerary {
    private static final EnhancedStatus OUR_FAULT = new EnhancedStatus(4, 3, 0);

    private final Map<Integer, DeliveryOutcome> settled = new TreeMap<>();
    private final Map<String, List<Leg>> byRoute = new LinkedHashMap<>();
    private final List<String> lanes = new ArrayList<>();

    /// One recipient with its place among the outcomes.
    record Leg(int place, Consignment.Stop stop) {}

    /// Asks how the recipients are reached; DNS, too, where it is not remembered which exchangers a domain has.
    ///
    /// @param broke told of mistakes of ours
    Itinerary(LaneSorter sorter, Work work, Consumer<Throwable> broke) {
        List<RecipientState> all = work.message().recipients();
        List<RecipientState> recipients =
                work.recipients().stream().map(all::get).toList();
        String lane = work.lane().name();
        for (int i = 0; i < recipients.size(); i++) {
            Recipient recipient = recipients.get(i).recipient();
            String belongs = lane;
            try {
                Route route = Detour.of(
                        sorter.router().route(recipient.path(), work.message().reversePath()), work.message());
                switch (route) {
                    case Route.Refused(EnhancedStatus status, String why) ->
                        settled.put(i, new DeliveryOutcome.Failed(status, why, Optional.empty()));
                    case Route.Mx _, Route.Smarthost _, Route.Local _ -> {
                        belongs = sorter.sites().lookUp(route);
                        byRoute.computeIfAbsent(route.lane(), _ -> new ArrayList<>())
                                .add(new Leg(i, new Consignment.Stop(recipient, route)));
                    }
                }
            } catch (RuntimeException e) {
                broke.accept(e);
                settled.put(i, ourFault());
            }
            lanes.add(belongs);
        }
    }

    /// The names of the lanes in which the recipients belong, in their order.
    List<String> lanes() {
        return lanes;
    }

    /// What came of recipients that are not to be carried anywhere, by their places.
    Map<Integer, DeliveryOutcome> settled() {
        return settled;
    }

    /// The others, those together that go the same way.
    Collection<List<Leg>> together() {
        return byRoute.values();
    }

    static DeliveryOutcome ourFault() {
        return new DeliveryOutcome.Deferred(
                OUR_FAULT, "An internal error of this server.", Optional.empty(), DeliveryOutcome.Scope.RECIPIENT);
    }
}
