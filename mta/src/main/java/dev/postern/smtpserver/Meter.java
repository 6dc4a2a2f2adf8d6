package dev.postern.smtpserver;

import dev.postern.event.Decision;
import dev.postern.guard.Demand;
import dev.postern.guard.Denial;
import dev.postern.guard.Taker;
import dev.postern.policy.MailFacts;
import dev.postern.policy.SessionFacts;
import dev.postern.policy.Stage;
import dev.postern.policy.Verdict;
import dev.postern.smtp.Reply;
import dev.postern.wire.ContentSink;
import dev.postern.wire.Endpoint;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// Asks the guard whether a session may go on taking. Who has logged in is counted by name, everybody else by address;
/// who has neither, on a Unix socket, is not counted.
///
/// Each question answers with the verdict of a rule, `rate` or `ban`, so that a refusal is kept with its reasons.
final class Meter {
    private final SessionServices services;

    Meter(SessionServices services) {
        this.services = services;
    }

    /// One message more, and the octets that are announced for it.
    ///
    /// @param log gets the reasons of a refusal
    /// @return empty: there is room
    Optional<Verdict.Defer> message(SessionFacts facts, MailFacts mail, Consumer<Decision> log) {
        OptionalLong size = mail.parameters().size();
        return taker(facts)
                .flatMap(who -> services.guard()
                        .wouldTake(who, Demand.OCTETS, Math.max(1, size.orElse(1)))
                        .or(() -> services.guard().take(who, Demand.MESSAGES)))
                .map(denial -> refusal(denial, facts, Stage.MAIL, log));
    }

    /// One recipient more. Where too many that do not exist were asked for, none is looked at, so that nothing more is
    /// learnt.
    ///
    /// @param log gets the reasons of a refusal
    /// @return empty: there is room
    Optional<Verdict.Defer> recipient(SessionFacts facts, Consumer<Decision> log) {
        return taker(facts)
                .flatMap(who -> services.guard()
                        .wouldTake(who, Demand.UNKNOWN_RECIPIENTS, 1)
                        .or(() -> services.guard().take(who, Demand.RECIPIENTS)))
                .map(denial -> refusal(denial, facts, Stage.RCPT, log));
    }

    /// A recipient did not exist.
    void unknownRecipient(SessionFacts facts) {
        taker(facts).ifPresent(who -> services.guard().had(who, Demand.UNKNOWN_RECIPIENTS, 1));
    }

    /// One handshake more.
    ///
    /// @param log gets the reasons of a refusal
    /// @return empty: there is room
    Optional<Verdict.Defer> handshake(SessionFacts facts, Consumer<Decision> log) {
        return taker(facts)
                .flatMap(who -> services.guard().take(who, Demand.HANDSHAKES))
                .map(denial -> refusal(denial, facts, Stage.CONNECT, log));
    }

    /// One wrong command more.
    ///
    /// @return empty: it is borne
    Optional<Reply> fault(SessionFacts facts) {
        return taker(facts)
                .flatMap(who -> services.guard().take(who, Demand.FAILED_COMMANDS))
                .map(Replies::of);
    }

    /// A sink whose octets are counted as they come, whatever becomes of them.
    ContentSink counting(SessionFacts facts, ContentSink sink) {
        Optional<Taker> who = taker(facts).filter(Taker.Client.class::isInstance);
        return who.isEmpty()
                ? sink
                : (octets, offset, count) -> {
                    services.guard().had(who.get(), Demand.OCTETS, count);
                    sink.write(octets, offset, count);
                };
    }

    private static Optional<Taker> taker(SessionFacts facts) {
        return facts.peer() instanceof Endpoint.Inet(InetAddress address, int _)
                ? Optional.of(facts.user().<Taker>map(Taker.User::new).orElseGet(() -> new Taker.Client(address)))
                : Optional.empty();
    }

    private Verdict.Defer refusal(Denial denial, SessionFacts facts, Stage stage, Consumer<Decision> log) {
        Verdict.Defer verdict = verdict(denial, facts);
        log.accept(verdict.decision(services.clock().instant(), stage));
        return verdict;
    }

    private static Verdict.Defer verdict(Denial denial, SessionFacts facts) {
        Map<String, String> inputs = LinkedHashMap.newLinkedHashMap(3);
        inputs.put("client", facts.peer().toString());
        Reply reply = Replies.of(denial);
        return switch (denial) {
            case Denial.Banned banned -> {
                inputs.put("network", banned.ban().network().toString());
                inputs.put("until", banned.ban().until().toString());
                yield new Verdict.Defer("ban", "banned: " + banned.ban().why(), inputs, reply);
            }
            case Denial.TooMuch tooMuch -> {
                inputs.put("by", tooMuch.whose().label());
                inputs.put("limit", Long.toString(tooMuch.limit()));
                yield new Verdict.Defer(
                        "rate", "the limit of " + tooMuch.demand().label() + " is reached", inputs, reply);
            }
        };
    }
}
