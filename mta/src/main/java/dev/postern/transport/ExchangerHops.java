package dev.postern.transport;

import dev.postern.event.Events;
import dev.postern.route.Candidate;
import dev.postern.route.Exchangers;
import dev.postern.route.MailExchangers;
import dev.postern.route.Route;
import dev.postern.route.SmarthostSettings;
import dev.postern.smtp.Dialect;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Host;
import dev.postern.smtpclient.Login;
import dev.postern.smtpclient.SessionPlan;
import dev.postern.smtpclient.TlsChoice;
import dev.postern.tls.ClientTls;
import dev.postern.wire.Endpoint;
import java.util.Optional;
import java.util.function.Function;

/// The hosts of other servers: mail exchangers by DNS, smarthosts by their settings; each with how it is to be
/// encrypted.
final class ExchangerHops implements NextHops {
    private static final EnhancedStatus ENCRYPTION_NEEDED = EnhancedStatus.of("5.7.10");

    private final MailExchangers exchangers;
    private final ClientTls tls;
    private final SmtpTransportSettings settings;
    private final Events events;

    ExchangerHops(MailExchangers exchangers, ClientTls tls, SmtpTransportSettings settings, Events events) {
        this.exchangers = exchangers;
        this.tls = tls;
        this.settings = settings;
        this.events = events;
    }

    @Override
    public Found of(Route route, Protection protection) {
        return switch (route) {
            case Route.Mx mx -> {
                Exchangers answer = exchangers.of(mx);
                yield protection == Protection.REQUIRED && isUnproven(answer)
                        ? unproven(mx, answer)
                        : found(route, answer, candidate -> exchanger(candidate, mx.port(), protection));
            }
            case Route.Smarthost(SmarthostSettings given) ->
                found(route, exchangers.of(given), candidate -> smarthost(candidate, given, protection));
            case Route.Local _, Route.Refused _ -> throw new IllegalArgumentException("not by SMTP: " + route.lane());
        };
    }

    private Found found(Route route, Exchangers answer, Function<Candidate, Hop> hop) {
        events.emit(new TransportEvent.LookedUp(route.lane(), answer.inputs()));
        return switch (answer) {
            case Exchangers.Hosts hosts ->
                new Found.Hosts(hosts.candidates().stream().map(hop).toList());
            case Exchangers.Never never ->
                new Found.Nowhere(new DeliveryOutcome.Failed(never.status(), never.why(), Optional.empty()));
            case Exchangers.Later later ->
                new Found.Nowhere(new DeliveryOutcome.Deferred(
                        later.status(), later.why(), Optional.empty(), DeliveryOutcome.Scope.NEXT_HOP));
        };
    }

    private static boolean isUnproven(Exchangers answer) {
        return answer instanceof Exchangers.Hosts hosts
                && !hosts.candidates().stream().allMatch(ExchangerHops::isKnown);
    }

    /// Whether the host is known to be the one that takes the mail: DNSSEC vouches for it, or it was named itself.
    private static boolean isKnown(Candidate candidate) {
        return candidate.hostAuthentic() || candidate.host() instanceof Host.AddressLiteral;
    }

    /// Nobody vouches for the exchangers, so none of their certificates would prove anything (RFC 8689 §4.2.1).
    private Found unproven(Route.Mx mx, Exchangers answer) {
        events.emit(new TransportEvent.LookedUp(mx.lane(), answer.inputs()));
        return new Found.Nowhere(new DeliveryOutcome.Failed(
                ENCRYPTION_NEEDED,
                "the message requires TLS with a proven server (REQUIRETLS), and no DNSSEC signature proves the mail"
                        + " exchangers of " + mx.host(),
                Optional.empty()));
    }

    private Hop exchanger(Candidate candidate, int port, Protection protection) {
        String name = nameOf(candidate.host());
        Endpoint server = new Endpoint.Inet(candidate.address(), port);
        SessionPlan clear = SessionPlan.smtp(new TlsChoice.None());
        SessionPlan encrypted = SessionPlan.smtp(new TlsChoice.Opportunistic(tls.unverified(name)));
        Hop usual = switch (settings.exchangerTls()) {
            case NEVER -> new Hop(name, server, clear, Optional.empty());
            case OFFERED -> new Hop(name, server, encrypted, Optional.empty());
            case OFFERED_OR_CLEAR -> new Hop(name, server, encrypted, Optional.of(clear));
        };
        return switch (protection) {
            case USUAL -> usual;
            case PREFERRED -> isKnown(candidate) ? preferring(usual, name) : usual;
            case REQUIRED -> requiring(name, server);
        };
    }

    private Hop requiring(String name, Endpoint server) {
        SessionPlan plan = SessionPlan.proven(new TlsChoice.Required(tls.verified(name)));
        return new Hop(name, server, plan, Optional.empty());
    }

    /// A hop that is proven where it offers TLS with a good certificate, and else as usual.
    private Hop preferring(Hop usual, String name) {
        return new Hop(
                name,
                usual.server(),
                SessionPlan.proven(new TlsChoice.Opportunistic(tls.verified(name))),
                Optional.of(usual.plan()));
    }

    private Hop smarthost(Candidate candidate, SmarthostSettings given, Protection protection) {
        String name = nameOf(candidate.host());
        Endpoint server = new Endpoint.Inet(candidate.address(), given.port());
        return switch (given.tls()) {
            case OPPORTUNISTIC -> opportunistic(name, server, protection);
            case STARTTLS -> verified(name, server, new TlsChoice.Required(tls.verified(name)), given);
            case IMPLICIT -> verified(name, server, new TlsChoice.Implicit(tls.verified(name)), given);
        };
    }

    private static Hop verified(String name, Endpoint server, TlsChoice choice, SmarthostSettings given) {
        Optional<Login> login = given.login().map(l -> new Login(l.user(), l.password(), true));
        return new Hop(
                name,
                server,
                new SessionPlan(Dialect.Protocol.SMTP, choice, SessionPlan.Proof.VERIFIED, login),
                Optional.empty());
    }

    private Hop opportunistic(String name, Endpoint server, Protection protection) {
        SessionPlan plan = SessionPlan.smtp(new TlsChoice.Opportunistic(tls.unverified(name)));
        Hop usual = new Hop(name, server, plan, Optional.of(plan.inTheClear()));
        return switch (protection) {
            case USUAL -> usual;
            case PREFERRED -> preferring(usual, name);
            case REQUIRED -> requiring(name, server);
        };
    }

    /// The name that a certificate is checked against: a domain, or an address without brackets.
    private static String nameOf(Host host) {
        return switch (host) {
            case Host.Domain domain -> domain.name().text();
            case Host.AddressLiteral literal -> literal.address().getHostAddress();
        };
    }
}
