package dev.postern.transport;

import dev.postern.event.Events;
import dev.postern.route.Candidate;
import dev.postern.route.Exchangers;
import dev.postern.route.MailExchangers;
import dev.postern.route.Route;
import dev.postern.route.SmarthostSettings;
import dev.postern.smtp.Dialect;
import dev.postern.smtp.Host;
import dev.postern.smtpclient.Login;
import dev.postern.smtpclient.SessionPlan;
import dev.postern.smtpclient.TlsChoice;
import dev.postern.tls.ClientTls;
import dev.postern.wire.Endpoint;
import java.util.Optional;

/// The hosts of other servers: mail exchangers by DNS, smarthosts by their settings; each with how it is to be
/// encrypted.
final class ExchangerHops implements NextHops {
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
    public Found of(Route route) {
        return switch (route) {
            case Route.Mx mx -> found(route, exchangers.of(mx), candidate -> exchanger(candidate, mx.port()));
            case Route.Smarthost(SmarthostSettings given) ->
                found(route, exchangers.of(given), candidate -> smarthost(candidate, given));
            case Route.Local _, Route.Refused _ -> throw new IllegalArgumentException("not by SMTP: " + route.lane());
        };
    }

    private Found found(Route route, Exchangers answer, java.util.function.Function<Candidate, Hop> hop) {
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

    private Hop exchanger(Candidate candidate, int port) {
        String name = nameOf(candidate.host());
        Endpoint server = new Endpoint.Inet(candidate.address(), port);
        SessionPlan clear = SessionPlan.smtp(new TlsChoice.None());
        SessionPlan encrypted = SessionPlan.smtp(new TlsChoice.Opportunistic(tls.unverified(name)));
        return switch (settings.exchangerTls()) {
            case NEVER -> new Hop(name, server, clear, Optional.empty());
            case OFFERED -> new Hop(name, server, encrypted, Optional.empty());
            case OFFERED_OR_CLEAR -> new Hop(name, server, encrypted, Optional.of(clear));
        };
    }

    private Hop smarthost(Candidate candidate, SmarthostSettings given) {
        String name = nameOf(candidate.host());
        TlsChoice choice = switch (given.tls()) {
            case OPPORTUNISTIC -> new TlsChoice.Opportunistic(tls.unverified(name));
            case STARTTLS -> new TlsChoice.Required(tls.verified(name));
            case IMPLICIT -> new TlsChoice.Implicit(tls.verified(name));
        };
        boolean mayBeClear = given.tls() == SmarthostSettings.Tls.OPPORTUNISTIC;
        SessionPlan plan = new SessionPlan(
                Dialect.Protocol.SMTP, choice, given.login().map(l -> new Login(l.user(), l.password(), !mayBeClear)));
        return new Hop(
                name,
                new Endpoint.Inet(candidate.address(), given.port()),
                plan,
                mayBeClear ? Optional.of(plan.inTheClear()) : Optional.empty());
    }

    /// The name that a certificate is checked against: a domain, or an address without brackets.
    private static String nameOf(Host host) {
        return switch (host) {
            case Host.Domain domain -> domain.name().text();
            case Host.AddressLiteral literal -> literal.address().getHostAddress();
        };
    }
}
