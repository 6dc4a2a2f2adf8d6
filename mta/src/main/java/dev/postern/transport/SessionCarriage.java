package dev.postern.transport;

import dev.postern.route.Route;
import dev.postern.smtp.Recipient;
import dev.postern.smtpclient.DialogueListener;
import dev.postern.smtpclient.Opening;
import dev.postern.smtpclient.SessionOpener;
import dev.postern.smtpclient.SessionPlan;
import dev.postern.smtpclient.SmtpClient;
import dev.postern.smtpclient.Step;
import dev.postern.wire.Deadline;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Carries consignments in sessions with other servers, and keeps a session for the next one of the same route.
final class SessionCarriage implements Transport.Carriage {
    /// What all carriages of a transport share.
    ///
    /// @param handover where mail goes: to other servers, or into inboxes
    /// @param recipient whom the server is told for a stop
    record Means(
            SessionOpener opener,
            NextHops hops,
            SessionBounds bounds,
            Handover handover,
            Function<Consignment.Stop, Recipient> recipient) {}

    private final Means means;
    private @Nullable Session kept;

    SessionCarriage(Means means) {
        this.means = means;
    }

    @Override
    public List<DeliveryOutcome> carry(Consignment consignment) {
        List<Recipient> recipients =
                consignment.stops().stream().map(means.recipient()).toList();
        Attempt attempt = new Attempt(consignment, recipients, means.handover());
        Route route = consignment.stops().getFirst().route();
        Session before = kept;
        if (before != null && before.isFitFor(route, attempt.protection(), means.bounds())) {
            attempt.tryIn(before);
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
        tryHosts(attempt, route, route);
        if (attempt.isOpen()
                && !attempt.talked()
                && route instanceof Route.Mx mx
                && mx.fallback().isPresent()) {
            tryHosts(attempt, mx.fallback().get(), route);
        }
    }

    /// @param keptFor the route that a session which is left open serves
    private void tryHosts(Attempt attempt, Route route, Route keptFor) {
        switch (means.hops().of(route, attempt.protection())) {
            case NextHops.Found.Nowhere(DeliveryOutcome outcome) -> attempt.settle(outcome);
            case NextHops.Found.Hosts(List<NextHops.Hop> hops) -> {
                Deadline patience = Deadline.after(means.bounds().patience());
                for (int i = 0; i < Math.min(hops.size(), means.bounds().hops()); i++) {
                    if (!attempt.isOpen() || (i > 0 && patience.passed())) {
                        return;
                    }
                    tryHost(attempt, hops.get(i), keptFor, patience);
                }
            }
        }
    }

    /// Tries a host in a session, and in further ones while it takes more mail than one session may have.
    private void tryHost(Attempt attempt, NextHops.Hop hop, Route keptFor, Deadline patience) {
        boolean again = true;
        while (again) {
            again = switch (open(hop, patience)) {
                case Opening.Failed failed -> {
                    attempt.noteFailure(hop, failed);
                    yield false;
                }
                case Opening.Ready(SmtpClient client) -> {
                    close();
                    Session session = new Session(keptFor, hop.host(), client);
                    kept = session;
                    yield attempt.tryIn(session);
                }
            };
        }
    }

    /// Opens a session; once more by the second plan where the handshake fails.
    private Opening open(NextHops.Hop hop, Deadline patience) {
        Opening opening = open(hop, hop.plan(), patience);
        return opening instanceof Opening.Failed failed
                        && failed.step() == Step.HANDSHAKE
                        && hop.secondPlan().isPresent()
                ? open(hop, hop.secondPlan().get(), patience)
                : opening;
    }

    private Opening open(NextHops.Hop hop, SessionPlan plan, Deadline patience) {
        return means.opener().open(hop.server(), plan, patience, DialogueListener.none());
    }

    /// Ends the session that is kept, if one is.
    @Override
    public void close() {
        Optional.ofNullable(kept).ifPresent(session -> session.client().close());
        kept = null;
    }
}
