package dev.postern.transport;

import dev.postern.event.Events;
import dev.postern.route.Route;
import dev.postern.route.Sites;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Recipient;
import dev.postern.smtpclient.DialogueListener;
import dev.postern.smtpclient.Opening;
import dev.postern.smtpclient.SessionOpener;
import dev.postern.smtpclient.SessionPlan;
import dev.postern.smtpclient.SmtpClient;
import dev.postern.smtpclient.Step;
import dev.postern.tlspolicy.hops.HopDecision;
import dev.postern.tlspolicy.hops.HopHost;
import dev.postern.tlspolicy.hops.TlsWish;
import dev.postern.wire.Deadline;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Carries consignments in sessions with other servers, and keeps a session for the next one: of the
/// same route, or of another mail domain with the same exchangers ({@link SessionSharing}).
final class SessionCarriage implements Transport.Carriage {
    /// What all carriages of a transport share.
    ///
    /// @param mail where it goes, and whom the server is told
    /// @param telling who is told of what happens
    record Means(SessionOpener opener, NextHops hops, SessionBounds bounds, Mail mail, Telling telling) {}

    /// What is carried.
    ///
    /// @param handover where mail goes: to other servers, or into inboxes
    /// @param recipient whom the server is told for a stop
    record Mail(Handover handover, Function<Consignment.Stop, Recipient> recipient) {}

    /// Who is told.
    ///
    /// @param trials of how the protection of sessions went
    record Telling(Trials trials, Events events) {}

    /// Nothing that can be proven now (RFC 3463 §3.8).
    private static final EnhancedStatus NO_WAY_AROUND = EnhancedStatus.of("4.7.5");

    private final Means means;
    private @Nullable Session kept;

    SessionCarriage(Means means) {
        this.means = means;
    }

    @Override
    public List<DeliveryOutcome> carry(Consignment consignment) {
        List<Recipient> recipients =
                consignment.stops().stream().map(means.mail().recipient()).toList();
        Attempt attempt = new Attempt(consignment, recipients, means.mail().handover());
        Route route = consignment.stops().getFirst().route();
        Session before = kept;
        if (before != null && before.isFit(means.bounds())) {
            serving(before, route, attempt.wish())
                    .filter(_ -> before.answers(means.bounds()))
                    .ifPresent(session -> {
                        tellReused(before, session);
                        attempt.tryIn(session);
                    });
        }
        if (attempt.isOpen()) {
            search(attempt, route);
        }
        Session after = kept;
        if (after != null && !after.client().isUsable()) {
            close();
        }
        return attempt.outcomes();
    }

    private void search(Attempt attempt, Route route) {
        close();
        Demand demand = tryHosts(attempt, new Errand(route, route, Demand.NOTHING));
        if (attempt.isOpen()
                && !attempt.talked()
                && route instanceof Route.Mx mx
                && mx.fallback().isPresent()) {
            tryHosts(attempt, new Errand(route, mx.fallback().get(), demand));
        }
    }

    /// A session that was opened for other mail, where it serves mail on this route.
    private Optional<Session> serving(Session before, Route route, TlsWish wish) {
        if (before.serves(route)) {
            return isProtected(before, wish) ? Optional.of(before) : Optional.empty();
        }
        return switch (new SessionSharing(means.hops()).of(before, route, wish)) {
            case SessionSharing.Verdict.No _ -> Optional.empty();
            case SessionSharing.Verdict.Yes(Session session) -> Optional.of(session);
        };
    }

    /// Tells of a session that carries mail of another domain than that for which it was opened.
    private void tellReused(Session opened, Session used) {
        if (!used.equals(opened)) {
            means.telling()
                    .events()
                    .emit(new TransportEvent.SessionReused(
                            means.hops()
                                    .place(used.keptFor())
                                    .map(Sites.Place::lane)
                                    .orElseGet(used.keptFor()::lane),
                            used.host(),
                            opened.keptFor().lane(),
                            used.keptFor().lane(),
                            used.security().tlsDemand()));
        }
    }

    /// Whether a session that was opened for other mail is as protected as one that is opened now.
    private boolean isProtected(Session before, TlsWish wish) {
        return before.isProtectedAs(means.hops().way(before.through(), wish).to(before.hop()), wish)
                && (before.through().equals(before.keptFor())
                        || demandOf(before.keptFor(), wish).isMetBy(before.approach()));
    }

    /// What the hosts of a route demand now, the most of any that would be tried.
    private Demand demandOf(Route route, TlsWish wish) {
        return switch (means.hops().of(route)) {
            case NextHops.Found.Nowhere _ -> Demand.PROOF; // nobody knows what they would demand
            case NextHops.Found.Hosts(List<NextHops.Hop> hops) -> {
                NextHops.Way way = means.hops().way(route, wish);
                yield hops.stream()
                        .limit(means.bounds().hops())
                        .map(hop -> Demand.of(way.to(hop)))
                        .reduce(Demand.NOTHING, Demand::or);
            }
        };
    }

    /// Whose hosts are tried.
    ///
    /// @param keptFor the route that a session which is left open serves
    /// @param through the same, or its fallback
    /// @param demand what the hosts before these demanded, so that going around them needs it, too
    private record Errand(Route keptFor, Route through, Demand demand) {}

    /// @return what the hosts demanded, the most of any
    private Demand tryHosts(Attempt attempt, Errand errand) {
        Demand demand = errand.demand();
        Route route = errand.through();
        switch (means.hops().of(route)) {
            case NextHops.Found.Nowhere(DeliveryOutcome outcome) -> attempt.settle(outcome);
            case NextHops.Found.Hosts(List<NextHops.Hop> hops) -> {
                Deadline patience = Deadline.after(means.bounds().patience());
                NextHops.Way way = means.hops().way(route, attempt.wish());
                Set<HopHost> passedOver = new HashSet<>();
                for (int i = 0; i < Math.min(hops.size(), means.bounds().hops()); i++) {
                    if (!attempt.isOpen() || (i > 0 && patience.passed())) {
                        return demand;
                    }
                    NextHops.Hop hop = hops.get(i);
                    Approach how = way.to(hop);
                    demand = demand.or(Demand.of(how));
                    switch (how) {
                        case Approach.Try approach -> {
                            if (errand.demand().isMetBy(approach)) {
                                tryHost(attempt, new Lead(errand.keptFor(), route, hop, approach), patience);
                            } else if (passedOver.add(hop.known())) {
                                tellUnfit(route, hop, approach, errand.demand());
                            }
                        }
                        case Approach.PassOver passOver -> {
                            if (passedOver.add(hop.known())) {
                                passOver(attempt, route, hop, passOver);
                            }
                        }
                    }
                }
            }
        }
        return demand;
    }

    /// Tells that a host is no way around those that demand more than it; what troubled those stays.
    private void tellUnfit(Route route, NextHops.Hop hop, Approach.Try approach, Demand demand) {
        String needed = demand == Demand.PROOF ? "a proven server" : "encryption";
        means.telling()
                .events()
                .emit(new TransportEvent.HostPassedOver(
                        route.lane(),
                        hop.host(),
                        NO_WAY_AROUND,
                        hop.host() + " is no way around the exchangers: they demand " + needed
                                + ", and it is not bound to that",
                        approach.why()));
    }

    private void passOver(Attempt attempt, Route route, NextHops.Hop hop, Approach.PassOver passOver) {
        HopDecision.PassOver decision = passOver.decision();
        attempt.notePassedOver(decision);
        means.telling()
                .events()
                .emit(new TransportEvent.HostPassedOver(
                        route.lane(), hop.host(), decision.status(), decision.why(), passOver.why()));
        trials(attempt).passedOver(hop, decision);
    }

    /// A host to try, how, and what led to it.
    private record Lead(Route keptFor, Route through, NextHops.Hop hop, Approach.Try approach) {}

    private Session session(Lead lead, SmtpClient client) {
        return new Session(
                lead.keptFor(),
                lead.through(),
                means.hops().place(lead.through()).map(Sites.Place::site),
                lead.hop(),
                lead.approach(),
                client,
                lead.approach().security(client.encryption()));
    }

    /// Tries a host in a session, and in further ones while it takes more mail than one session may have.
    private void tryHost(Attempt attempt, Lead lead, Deadline patience) {
        boolean again = true;
        while (again) {
            again = switch (open(attempt, lead, patience)) {
                case Opening.Failed failed -> {
                    attempt.noteFailure(lead.hop(), lead.approach(), failed);
                    yield false;
                }
                case Opening.Ready(SmtpClient client) -> {
                    close();
                    Session session = session(lead, client);
                    kept = session;
                    yield attempt.tryIn(session);
                }
            };
        }
    }

    /// Opens a session; once more by the second plan where the handshake fails.
    private Opening open(Attempt attempt, Lead lead, Deadline patience) {
        Approach.Try approach = lead.approach();
        Opening opening = open(lead.hop(), approach.plan(), patience);
        trials(attempt).opened(lead.hop(), approach.decision(), opening);
        return opening instanceof Opening.Failed failed
                        && failed.step() == Step.HANDSHAKE
                        && approach.secondPlan().isPresent()
                ? open(lead.hop(), approach.secondPlan().get(), patience)
                : opening;
    }

    /// Who is told of sessions: nobody of one that is opened for a report on TLS, or the reports of each day
    /// would be the reason for those of the next (RFC 8460 §3).
    private Trials trials(Attempt attempt) {
        return attempt.isReportWithoutTls() ? Trials.untold() : means.telling().trials();
    }

    private Opening open(NextHops.Hop hop, SessionPlan plan, Deadline patience) {
        Opening opening = means.opener().open(hop.server(), plan, patience, DialogueListener.none());
        if (opening instanceof Opening.Ready || !patience.passed()) {
            means.hops().tried(hop, opening); // where patience is at its end, that may be why it failed
        }
        return opening;
    }

    @Override
    public boolean isConnected() {
        return kept != null;
    }

    /// Ends the session that is kept, if one is.
    @Override
    public void close() {
        Optional.ofNullable(kept).ifPresent(session -> session.client().close());
        kept = null;
    }
}
