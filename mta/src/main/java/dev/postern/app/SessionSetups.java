package dev.postern.app;

import dev.postern.delivery.RemoteStarts;
import dev.postern.event.Events;
import dev.postern.guard.ClientGuard;
import dev.postern.guard.Guard;
import dev.postern.guard.KnownClients;
import dev.postern.intake.Intake;
import dev.postern.policy.ListenerRole;
import dev.postern.smtpserver.Logins;
import dev.postern.smtpserver.Manners;
import dev.postern.smtpserver.QueueStarter;
import dev.postern.smtpserver.SessionServices;
import dev.postern.smtpserver.SessionSetup;
import dev.postern.smtpserver.Tarpit;
import dev.postern.smtpserver.TlsOffer;
import dev.postern.spool.Spool;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/// What each new session gets, by the role of its listener and the rules of the moment.
final class SessionSetups {
    private final Supplier<Rules> rules;
    private final Ground ground;
    private final KnownClients known;
    private final Tarpit tarpit = new Tarpit();

    /// What all sessions share.
    ///
    /// @param spool keeps the reasons of refusals
    record Ground(
            Logins logins,
            TlsOffer tls,
            ClientGuard guard,
            Intake intake,
            Spool spool,
            RemoteStarts starts,
            InstantSource clock,
            Events events) {}

    /// @param rules asked for each session
    SessionSetups(Supplier<Rules> rules, Ground ground) {
        this.rules = rules;
        this.ground = ground;
        this.known = new KnownClients(KnownClients.USUAL, ground.clock());
    }

    /// That of a session that begins now.
    SessionSetup setup(ListenerRole role) {
        Rules now = rules.get();
        return new SessionSetup(
                now.session(role),
                new SessionServices(
                        now.policies(),
                        ground.intake(),
                        ground.logins(),
                        ground.tls(),
                        guard(role),
                        new Manners(now.config().manners(), known, tarpit),
                        node -> started(ground.starts().begin(node)),
                        ground.events(),
                        (key, decisions) -> keep(new SpoolChange.Explain(key, decisions)),
                        ground.clock()));
    }

    /// A server beside us and the programs of this machine bring what others have sent them.
    private Guard guard(ListenerRole role) {
        return switch (role) {
            case MX, SUBMISSION, SUBMISSIONS -> ground.guard();
            case LMTP, LOCAL -> Guard.none();
        };
    }

    private static QueueStarter.Outcome started(RemoteStarts.Answer answer) {
        return switch (answer) {
            case BEGUN -> QueueStarter.Outcome.STARTED;
            case BEGUN_ALREADY -> QueueStarter.Outcome.STARTED_ALREADY;
            case TOO_MANY -> QueueStarter.Outcome.UNABLE;
        };
    }

    private void keep(SpoolChange.Explain decisions) {
        try {
            ground.spool().commitLazily(List.of(decisions));
        } catch (SpoolException e) {
            ground.events().emit(new MtaEvent.DecisionsLost(decisions.key(), String.valueOf(e.getMessage())));
        }
    }
}
