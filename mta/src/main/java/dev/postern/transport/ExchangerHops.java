package dev.postern.transport;

import dev.postern.event.Events;
import dev.postern.route.Candidate;
import dev.postern.route.Exchangers;
import dev.postern.route.MailExchangers;
import dev.postern.route.Route;
import dev.postern.route.Sites;
import dev.postern.route.SmarthostSettings;
import dev.postern.smtpclient.Opening;
import dev.postern.tlspolicy.hops.HopDecision;
import dev.postern.tlspolicy.hops.HopHost;
import dev.postern.tlspolicy.hops.HopPolicy;
import dev.postern.tlspolicy.hops.Target;
import dev.postern.tlspolicy.hops.TlsWish;
import dev.postern.wire.Endpoint;
import java.util.Map;
import java.util.Optional;

/// The hosts of other servers: mail exchangers by DNS, smarthosts by their settings; each with how it is to be
/// protected.
final class ExchangerHops implements NextHops {
    private final MailExchangers exchangers;
    private final Reachability reachability;
    private final HopPolicy policy;
    private final HopPlans plans;
    private final Events events;

    /// How hosts are found, and which of their addresses are tried last.
    record Sources(MailExchangers exchangers, Reachability reachability) {}

    ExchangerHops(Sources sources, HopPolicy policy, HopPlans plans, Events events) {
        this.exchangers = sources.exchangers();
        this.reachability = sources.reachability();
        this.policy = policy;
        this.plans = plans;
        this.events = events;
    }

    @Override
    public Found of(Route route) {
        return switch (route) {
            case Route.Mx mx -> found(route, exchangers.of(mx), mx.port());
            case Route.Smarthost(SmarthostSettings given) -> found(route, exchangers.of(given), given.port());
            case Route.Local _, Route.Refused _ -> throw HopTargets.bySomethingElse(route);
        };
    }

    @Override
    public Optional<Sites.Place> place(Route route) {
        return exchangers.place(route);
    }

    private Found found(Route route, Exchangers answer, int port) {
        Map<String, String> evidence = answer.inputs();
        Found found = switch (answer) {
            case Exchangers.Hosts hosts -> {
                Reachability.Order order = reachability.order(hosts.candidates(), port);
                evidence.putAll(order.putBack());
                yield new Found.Hosts(order.candidates().stream()
                        .map(candidate -> hop(candidate, port))
                        .toList());
            }
            case Exchangers.Never never ->
                new Found.Nowhere(new DeliveryOutcome.Failed(never.status(), never.why(), Optional.empty()));
            case Exchangers.Later later ->
                new Found.Nowhere(new DeliveryOutcome.Deferred(
                        later.status(), later.why(), Optional.empty(), DeliveryOutcome.Scope.DOMAIN));
        };
        events.emit(new TransportEvent.LookedUp(route.lane(), evidence));
        return found;
    }

    @Override
    public void tried(Hop hop, Opening opening) {
        if (hop.server() instanceof Endpoint.Inet server) {
            reachability.tried(server, opening);
        }
    }

    private static Hop hop(Candidate candidate, int port) {
        HopHost known = HopHost.of(candidate.host(), candidate.hostAuthentic());
        return new Hop(known.text(), new Endpoint.Inet(candidate.address(), port), known);
    }

    @Override
    public Way way(Route route, TlsWish wish) {
        Target target = HopTargets.of(route);
        HopPolicy.Way way = policy.way(target, wish);
        return hop -> switch (way.decide(hop.known())) {
            case HopDecision.Use use -> plans.of(route, target, hop.host(), use);
            case HopDecision.PassOver passOver -> new Approach.PassOver(passOver);
        };
    }
}
