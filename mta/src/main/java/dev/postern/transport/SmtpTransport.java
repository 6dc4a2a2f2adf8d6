package dev.postern.transport;

import dev.postern.event.Events;
import dev.postern.route.MailExchangers;
import dev.postern.smtpclient.SessionOpener;
import java.time.InstantSource;

/// Sends messages to other servers by SMTP: to mail exchangers found by DNS, or to a given host; used by any number
/// of threads.
///
/// All recipients of a consignment go in one transaction, unless the server wants fewer at a time. A host that cannot
/// be talked to, or that is temporarily unwilling at MAIL, gives way to the next candidate; what a server says of a
/// recipient or of the message is final for the attempt. A route's fallback smarthost is tried when no session came
/// about with any exchanger.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5321 RFC 5321 §5.1
public final class SmtpTransport implements Transport {
    private final SessionCarriage.Means means;

    /// What it stands on.
    ///
    /// @param encrypting protects the sessions
    /// @param clock tells how much is left of the time within which a message is to be delivered, and which
    ///     certificates are out of date
    /// @param events where it tells what happened
    public record Ground(Encrypting encrypting, InstantSource clock, Events events) {}

    /// @param opener opens the sessions, with our name and time-outs
    /// @param exchangers finds the hosts
    public SmtpTransport(SessionBounds bounds, SessionOpener opener, MailExchangers exchangers, Ground ground) {
        Encrypting encrypting = ground.encrypting();
        means = new SessionCarriage.Means(
                opener,
                new ExchangerHops(
                        new ExchangerHops.Sources(exchangers, new Reachability(ground.clock())),
                        encrypting.policy(),
                        new HopPlans(encrypting, ground.clock()),
                        ground.events()),
                bounds,
                new SessionCarriage.Mail(new Handover.ToServer(ground.clock()), Consignment.Stop::recipient),
                new SessionCarriage.Telling(new Trials(encrypting.trials()), ground.events()));
    }

    @Override
    public Carriage open() {
        return new SessionCarriage(means);
    }
}
