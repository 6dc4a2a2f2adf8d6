package dev.postern.transport;

import dev.postern.event.Events;
import dev.postern.route.Route;
import dev.postern.smtp.Recipient;
import dev.postern.smtpclient.SessionOpener;
import dev.postern.smtpclient.SessionPlan;
import dev.postern.smtpclient.TlsChoice;
import dev.postern.tls.ClientTls;
import dev.postern.tlspolicy.TlsRequirement;
import dev.postern.tlspolicy.hops.HopHost;
import dev.postern.tlspolicy.hops.TlsWish;
import dev.postern.wire.Endpoint;
import java.util.List;
import java.util.Optional;

/// Hands messages to a server that writes them into inboxes, by LMTP; used by any number of threads.
///
/// The server is told the inbox's address, and tells for each what came of it. Reports stay with us: it is asked for
/// none. Over TCP the session is encrypted where the server offers it, with whatever certificate; over a Unix socket
/// it is not.
///
/// @spec https://www.rfc-editor.org/rfc/rfc2033 RFC 2033
public final class LmtpTransport implements Transport {
    private final SessionCarriage.Means means;

    /// @param opener opens the sessions, with our name and time-outs
    /// @param tls encrypts
    public LmtpTransport(LmtpSettings settings, SessionOpener opener, ClientTls tls) {
        means = new SessionCarriage.Means(
                opener,
                new OneServer(hop(settings), approach(settings, tls)),
                settings.bounds(),
                new SessionCarriage.Mail(new Handover.IntoInbox(), LmtpTransport::inbox),
                new SessionCarriage.Telling(Trials.untold(), Events.none()));
    }

    /// The one server that there is, whatever the route.
    private record OneServer(NextHops.Hop hop, Approach approach) implements NextHops {
        @Override
        public Found of(Route route) {
            return new Found.Hosts(List.of(hop));
        }

        @Override
        public Way way(Route route, TlsWish wish) {
            return _ -> approach;
        }
    }

    private static NextHops.Hop hop(LmtpSettings settings) {
        return new NextHops.Hop(
                settings.name(), settings.server(), new HopHost(settings.name(), Optional.empty(), false));
    }

    private static Approach approach(LmtpSettings settings, ClientTls tls) {
        SessionPlan clear = SessionPlan.lmtp(new TlsChoice.None());
        return switch (settings.server()) {
            case Endpoint.Inet inet -> {
                String name = inet.address().getHostAddress();
                SessionPlan encrypted = SessionPlan.lmtp(new TlsChoice.Opportunistic(tls.unverified(name)));
                yield Approach.Try.plain(new TlsRequirement.May(), encrypted, Optional.of(clear));
            }
            case Endpoint.Unix _, Endpoint.Memory _ ->
                Approach.Try.plain(new TlsRequirement.None(), clear, Optional.empty());
        };
    }

    private static Recipient inbox(Consignment.Stop stop) {
        Route.Local local = LocalStops.inboxOf(stop);
        return Recipient.of(local.inbox());
    }

    @Override
    public Carriage open() {
        return new SessionCarriage(means);
    }
}
