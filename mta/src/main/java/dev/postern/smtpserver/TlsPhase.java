package dev.postern.smtpserver;

import dev.postern.event.Decision;
import dev.postern.policy.SessionFacts;
import dev.postern.policy.Verdict;
import dev.postern.smtp.Command;
import dev.postern.wire.Connection;
import dev.postern.wire.Endpoint;
import dev.postern.wire.TlsMissingException;
import dev.postern.wire.TlsState;
import dev.postern.wire.TlsUpgrade;
import dev.postern.wire.TlsWords;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How a session gets its TLS: by STARTTLS, or from the start where the role says so.
///
/// @rfc 3207 §4
final class TlsPhase {
    private final Connection connection;
    private final Conversation conversation;
    private final SessionServices services;
    private final Refusals refusals;
    private final Meter meter;
    private final boolean implicit;
    private final boolean networked;

    TlsPhase(Connection connection, SessionCore core, Refusals refusals) {
        this.connection = connection;
        this.conversation = core.conversation();
        this.services = core.services();
        this.refusals = refusals;
        this.meter = core.meter();
        this.implicit = core.settings().role().isImplicitTls();
        this.networked = connection.peer() instanceof Endpoint.Inet;
    }

    /// What came of a handshake.
    sealed interface Outcome {
        /// The connection is encrypted.
        record Secured(TlsState state) implements Outcome {}

        /// The client began without TLS where it is due from the start; it can be told so.
        record Missing() implements Outcome {}

        /// There is no connection that could be used.
        record Failed() implements Outcome {}
    }

    /// How far the connection is with TLS.
    Announcement.Encryption encryption(SessionFacts facts) {
        return facts.tls().isPresent()
                ? Announcement.Encryption.ON
                : isPossible(facts) ? Announcement.Encryption.POSSIBLE : Announcement.Encryption.IMPOSSIBLE;
    }

    private boolean isPossible(SessionFacts facts) {
        return facts.tls().isEmpty() && networked && services.tls().upgrade().isPresent();
    }

    /// Asks for room for one handshake more.
    ///
    /// @return empty: there is
    Optional<Verdict.Defer> denial(SessionFacts facts) {
        return meter.handshake(facts, refusals::because);
    }

    /// What is to be said against a command in the clear, whichever it is (RFC 3207 §4).
    Optional<Verdict.Refusal> objection(SessionFacts facts, Command command) {
        if (facts.tls().isPresent() || mayComeInTheClear(command)) {
            return Optional.empty();
        }
        List<Decision> decided = new ArrayList<>(1);
        if (services.policies().clear(facts, decided::add) instanceof Verdict.Refusal refusal) {
            decided.forEach(refusals::because);
            return Optional.of(refusal);
        }
        return Optional.empty();
    }

    /// Whether a command leads to TLS or to the end; whatever is none is told so all the same.
    private static boolean mayComeInTheClear(Command command) {
        return switch (command) {
            case Command.Ehlo _,
                    Command.Lhlo _,
                    Command.Noop _,
                    Command.StartTls _,
                    Command.Quit _,
                    Command.Malformed _,
                    Command.MalformedBdat _,
                    Command.UnreadableBdat _,
                    Command.Unrecognised _ -> true;
            case Command.Helo _,
                    Command.Mail _,
                    Command.Rcpt _,
                    Command.Data _,
                    Command.Bdat _,
                    Command.Rset _,
                    Command.Help _,
                    Command.Vrfy _,
                    Command.Expn _,
                    Command.Etrn _,
                    Command.XClient _,
                    Command.XForward _,
                    Command.Auth _ -> false;
        };
    }

    /// STARTTLS.
    Answer startTls(SessionFacts facts) throws IOException {
        if (facts.tls().isPresent()) {
            return refusals.fault(facts, "STARTTLS", Replies.TLS_ALREADY);
        }
        if (facts.greeting().isEmpty()) {
            return refusals.fault(facts, "STARTTLS", Replies.greetFirst(facts.role()));
        }
        if (!isPossible(facts)) {
            return refusals.fault(facts, "STARTTLS", Replies.NO_TLS_NOW);
        }
        if (connection.buffered() > 0 || connection.readable()) {
            services.events().emit(new SessionEvent.InjectionAttempt(facts.session(), facts.peer()));
            return new Answer.Abandon(Ending.INJECTION);
        }
        Optional<Verdict.Defer> tooMany = denial(facts);
        return tooMany.isPresent()
                ? refusals.refuse(facts, "starttls", tooMany.get())
                : new Answer.Secure(Replies.READY_FOR_TLS);
    }

    /// The handshake.
    ///
    /// @throws IOException if the session was claimed meanwhile
    Outcome secure(SessionFacts facts) throws IOException {
        Optional<TlsUpgrade> upgrade = services.tls().upgrade();
        if (upgrade.isEmpty()) {
            tellFailed(facts, "no certificate is set up");
            return new Outcome.Failed();
        }
        try {
            TlsState state = conversation.secure(deadline -> implicit
                    ? connection.acceptTls(upgrade.get(), deadline)
                    : connection.startTls(upgrade.get(), deadline));
            return new Outcome.Secured(state);
        } catch (TlsMissingException e) {
            tellFailed(facts, TlsWords.of(e));
            return new Outcome.Missing();
        } catch (IOException e) {
            if (conversation.claimedFor().isPresent()) {
                throw e;
            }
            tellFailed(facts, TlsWords.of(e));
            return new Outcome.Failed();
        }
    }

    private void tellFailed(SessionFacts facts, String why) {
        services.events().emit(new SessionEvent.HandshakeFailed(facts.session(), why));
    }
}
