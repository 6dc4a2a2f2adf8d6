package dev.postern.transport;

import dev.postern.route.Route;
import dev.postern.smtp.Recipient;
import dev.postern.smtpclient.SessionOpener;
import dev.postern.smtpclient.SessionPlan;
import dev.postern.smtpclient.TlsChoice;
import dev.postern.tls.ClientTls;
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
        NextHops.Found.Hosts only = new NextHops.Found.Hosts(List.of(hop(settings, tls)));
        means = new SessionCarriage.Means(
                opener, (_, _) -> only, settings.bounds(), new Handover.IntoInbox(), LmtpTransport::inbox);
    }

    private static NextHops.Hop hop(LmtpSettings settings, ClientTls tls) {
        SessionPlan clear = SessionPlan.lmtp(new TlsChoice.None());
        return switch (settings.server()) {
            case Endpoint.Inet inet -> {
                String name = inet.address().getHostAddress();
                SessionPlan encrypted = SessionPlan.lmtp(new TlsChoice.Opportunistic(tls.unverified(name)));
                yield new NextHops.Hop(settings.name(), inet, encrypted, Optional.of(clear));
            }
            case Endpoint.Unix unix -> new NextHops.Hop(settings.name(), unix, clear, Optional.empty());
            case Endpoint.Memory memory -> new NextHops.Hop(settings.name(), memory, clear, Optional.empty());
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
