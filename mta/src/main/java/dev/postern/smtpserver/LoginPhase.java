package dev.postern.smtpserver;

import dev.postern.accounts.LoginThrottle;
import dev.postern.event.Decision;
import dev.postern.policy.SessionFacts;
import dev.postern.sasl.SaslMechanism;
import dev.postern.sasl.SaslStep;
import dev.postern.smtp.Command;
import dev.postern.smtp.Reply;
import dev.postern.wire.ChannelBindings;
import dev.postern.wire.TlsState;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// AUTH: tells whether it is legal now, leads the exchange, has its failures counted, and keeps what
/// was decided and why. No password and no proof gets into a decision or an event.
///
/// @rfc 4954 §4
final class LoginPhase {
    private static final String STAGE = "auth";
    private static final String RULE = "login";
    private static final String USER = "user";
    private static final String MECHANISM = "mechanism";

    private final Conversation conversation;
    private final ServerSessionSettings settings;
    private final SessionServices services;
    private final SessionRecord record;

    LoginPhase(SessionCore core) {
        this.conversation = core.conversation();
        this.settings = core.settings();
        this.services = core.services();
        this.record = core.record();
    }

    /// What came of an AUTH, with the reply where it is not a welcome.
    sealed interface Outcome {
        /// The user has logged in.
        record Welcome(String user) implements Outcome {}

        /// The client is not who it says, or has to wait before that is looked at; this counts against it.
        record Refused(Reply reply) implements Outcome {}

        /// It cannot be told now.
        record Unavailable(Reply reply) implements Outcome {}

        /// It was no exchange.
        record Broken(Reply reply) implements Outcome {}
    }

    /// Whether a user can log in now.
    boolean isPossible(SessionFacts facts) {
        return settings.login() == ServerSessionSettings.Login.UNDER_TLS
                && facts.tls().isPresent()
                && facts.user().isEmpty();
    }

    /// The mechanisms that are announced now.
    List<SaslMechanism> mechanisms(SessionFacts facts) {
        return isPossible(facts) ? offered(facts) : List.of();
    }

    /// What is to be said against an AUTH now, whatever it says itself; empty: nothing.
    Optional<Reply> objection(SessionFacts facts) {
        if (settings.login() == ServerSessionSettings.Login.NEVER) {
            return Optional.of(Replies.NOT_OFFERED);
        }
        if (facts.greeting().isEmpty()) {
            return Optional.of(Replies.greetFirst(settings.role()));
        }
        if (facts.tls().isEmpty()) {
            return Optional.of(Replies.LOGIN_NEEDS_TLS);
        }
        return facts.user().isPresent() ? Optional.of(Replies.LOGGED_IN_ALREADY) : Optional.empty();
    }

    private List<SaslMechanism> offered(SessionFacts facts) {
        return services.logins().offered(bindings(facts));
    }

    /// What ties a login to this connection.
    private static ChannelBindings bindings(SessionFacts facts) {
        return facts.tls().map(TlsState::bindings).orElseGet(ChannelBindings::none);
    }

    /// Leads one exchange to its end.
    ///
    /// @throws IOException if the client is lost meanwhile
    Outcome lead(SessionFacts facts, Command.Auth auth) throws IOException {
        AuthDialogue dialogue = new AuthDialogue(conversation, offered(facts), bindings(facts));
        LoginThrottle.Attempt attempt = services.logins().throttle().attempt(facts.address());
        return switch (dialogue.lead(auth, attempt)) {
            case AuthDialogue.Outcome.Welcome(String user) -> {
                attempt.succeeded();
                yield welcome(facts, user, auth.mechanism());
            }
            case AuthDialogue.Outcome.Failed(SaslStep.Rejected rejection) -> {
                attempt.failed();
                yield failed(facts, rejection, auth.mechanism());
            }
            case AuthDialogue.Outcome.Throttled(SaslStep.Throttled throttled) ->
                throttled(facts, throttled, auth.mechanism());
            case AuthDialogue.Outcome.Unavailable(String why) -> {
                attempt.unjudged();
                record.refused(List.of(decision("defer", why, Map.of(MECHANISM, auth.mechanism()))));
                yield new Outcome.Unavailable(Replies.LOGIN_UNAVAILABLE);
            }
            case AuthDialogue.Outcome.Broken(Reply reply) -> new Outcome.Broken(reply);
        };
    }

    private Outcome welcome(SessionFacts facts, String user, String mechanism) {
        record.client(List.of(decision("accept", "logged in", Map.of(USER, user, MECHANISM, mechanism))));
        services.events().emit(new SessionEvent.Authenticated(facts.session(), user, mechanism));
        return new Outcome.Welcome(user);
    }

    private Outcome failed(SessionFacts facts, SaslStep.Rejected rejection, String mechanism) {
        record.refused(
                List.of(decision("reject", rejection.why(), Map.of(USER, rejection.claimed(), MECHANISM, mechanism))));
        services.events()
                .emit(new SessionEvent.LoginFailed(facts.session(), rejection.claimed(), mechanism, rejection.why()));
        return new Outcome.Refused(Replies.LOGIN_FAILED);
    }

    private Outcome throttled(SessionFacts facts, SaslStep.Throttled throttled, String mechanism) {
        Map<String, String> inputs = Map.of(
                USER,
                throttled.claimed(),
                MECHANISM,
                mechanism,
                "by",
                throttled.by(),
                "wait",
                throttled.closedFor().toString());
        record.refused(List.of(decision("defer", "too many failed logins", inputs)));
        services.events()
                .emit(new SessionEvent.LoginThrottled(
                        facts.session(), facts.peer(), throttled.claimed(), throttled.by(), throttled.closedFor()));
        return new Outcome.Refused(Replies.loginThrottled(throttled.closedFor()));
    }

    private Decision decision(String verdict, String why, Map<String, String> inputs) {
        return new Decision(services.clock().instant(), STAGE, RULE, verdict, why, inputs);
    }
}
