package dev.postern.smtpserver;

import dev.postern.guard.Offence;
import dev.postern.policy.SessionFacts;
import dev.postern.smtp.Reply;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a session ends: why, with which last words, and what is told of it to the log and to the guard.
/// Used by one thread.
final class Departure {
    private final SessionCore core;
    private final long started = System.nanoTime();
    private @Nullable Ending ending;

    Departure(SessionCore core) {
        this.core = core;
    }

    /// Why the session is over; empty while it is not.
    Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    /// Whether the session goes on.
    boolean isAhead() {
        return ending == null;
    }

    /// The session is over; the first reason is the one that counts.
    void end(Ending why) {
        if (ending == null) {
            ending = why;
        }
    }

    /// Ends the session with last words, if the client still hears them.
    void leave(Ending why, Reply lastWords) {
        end(why);
        try {
            core.conversation().farewell(core.conversation().signed(lastWords));
        } catch (IOException unheard) {
            return; // the client is gone: the session is over with or without these words
        }
    }

    /// Tells what the session was.
    void report(SessionFacts facts) {
        if (core.record().isWorthKeeping()) {
            core.services().decisions().keep(facts.session(), core.record().all());
        }
        Ending why = ending().orElse(Ending.BROKEN);
        why.offence()
                .filter(offence -> offence != Offence.SLOW || !core.tally().hasMessages())
                .ifPresent(offence -> offended(facts, offence));
        Duration time = Duration.ofNanos(System.nanoTime() - started);
        core.services()
                .events()
                .emit(new SessionEvent.Disconnected(
                        facts.session(),
                        facts.peer(),
                        facts.helo(),
                        why,
                        core.tally().totals(time)));
    }

    /// Whoever has logged in, or is trusted for its address, is no stranger to be watched.
    private void offended(SessionFacts facts, Offence offence) {
        if (facts.user().isEmpty()
                && !core.services().policies().trusts(facts)
                && facts.peer() instanceof Endpoint.Inet(InetAddress client, int _)) {
            core.services().guard().offended(client, offence);
        }
    }
}
