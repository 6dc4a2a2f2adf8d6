package dev.postern.transport;

import dev.postern.route.Route;
import dev.postern.smtp.Recipient;
import dev.postern.smtpclient.SessionOpener;
import dev.postern.smtpclient.SessionPlan;
import java.util.List;
import java.util.Optional;

/// Hands messages to a server that writes them into inboxes, by LMTP; used by any number of threads.
///
/// The server is told the inbox's address, and tells for each what came of it. Reports stay with us: it is asked for
/// none.
///
/// @spec https://www.rfc-editor.org/rfc/rfc2033 RFC 2033
public final class LmtpTransport implements Transport {
    private final SessionCarriage.Means means;

    /// @param opener opens the sessions, with our name and time-outs
    public LmtpTransport(LmtpSettings settings, SessionOpener opener) {
        NextHops.Found.Hosts only = new NextHops.Found.Hosts(
                List.of(new NextHops.Hop(settings.name(), settings.server(), SessionPlan.lmtp(), Optional.empty())));
        means = new SessionCarriage.Means(opener, _ -> only, settings.bounds(), false, LmtpTransport::inbox);
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
