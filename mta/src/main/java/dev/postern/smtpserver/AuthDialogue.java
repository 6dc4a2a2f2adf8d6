package dev.postern.smtpserver;

import dev.postern.sasl.LoginGate;
import dev.postern.sasl.SaslContext;
import dev.postern.sasl.SaslExchange;
import dev.postern.sasl.SaslMechanism;
import dev.postern.sasl.SaslStep;
import dev.postern.sasl.StrictBase64;
import dev.postern.smtp.Command;
import dev.postern.smtp.Reply;
import dev.postern.wire.ChannelBindings;
import dev.postern.wire.Line;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// The exchange that AUTH begins: challenges with 334, responses as lines of base64, `*` to give up.
///
/// @spec https://www.rfc-editor.org/rfc/rfc4954 RFC 4954 §4
final class AuthDialogue {
    /// The longest line of an exchange, in octets without CRLF (RFC 4954 §4).
    static final int MAX_LINE = 12_288;

    private static final String EMPTY_RESPONSE = "=";

    private final Conversation conversation;
    private final List<SaslMechanism> mechanisms;
    private final ChannelBindings bindings;

    /// @param mechanisms offered on this connection
    /// @param bindings of this connection
    AuthDialogue(Conversation conversation, List<SaslMechanism> mechanisms, ChannelBindings bindings) {
        this.conversation = conversation;
        this.mechanisms = mechanisms;
        this.bindings = bindings;
    }

    /// What came of an exchange.
    sealed interface Outcome {
        /// The user has logged in.
        record Welcome(String user) implements Outcome {}

        /// The credentials are not right.
        record Failed(SaslStep.Rejected rejection) implements Outcome {}

        /// It was not looked at, because too many tries have failed.
        record Throttled(SaslStep.Throttled throttled) implements Outcome {}

        /// The back end cannot tell now.
        record Unavailable(String why) implements Outcome {}

        /// The exchange broke off: cancelled, or no exchange at all.
        record Broken(Reply reply) implements Outcome {}
    }

    /// Leads one exchange to its end; all replies but the last are said.
    ///
    /// @param gate asked before a name is tried
    Outcome lead(Command.Auth auth, LoginGate gate) throws IOException {
        Optional<SaslMechanism> mechanism = mechanisms.stream()
                .filter(known -> known.name().equals(auth.mechanism()))
                .findFirst();
        if (mechanism.isEmpty()) {
            return new Outcome.Broken(Replies.MECHANISM_UNKNOWN);
        }
        Optional<byte[]> initial = auth.initialResponse().flatMap(AuthDialogue::initialResponse);
        if (auth.initialResponse().isPresent() && initial.isEmpty()) {
            return new Outcome.Broken(Replies.LOGIN_NOT_BASE64);
        }
        SaslExchange exchange = mechanism.get().begin(new SaslContext(bindings, gate));
        SaslStep step = exchange.begin(initial);
        while (true) {
            switch (step) {
                case SaslStep.Authenticated(String user) -> {
                    return new Outcome.Welcome(user);
                }
                case SaslStep.Rejected rejection -> {
                    return new Outcome.Failed(rejection);
                }
                case SaslStep.Throttled throttled -> {
                    return new Outcome.Throttled(throttled);
                }
                case SaslStep.Unavailable(String why) -> {
                    return new Outcome.Unavailable(why);
                }
                case SaslStep.Challenge(byte[] octets) -> {
                    Line line = ask(octets);
                    Optional<Reply> fault = fault(line);
                    Optional<byte[]> response = StrictBase64.decode(line.octets());
                    if (fault.isPresent() || response.isEmpty()) {
                        return new Outcome.Broken(fault.orElse(Replies.LOGIN_NOT_BASE64));
                    }
                    step = exchange.respond(response.get());
                }
            }
        }
    }

    private Line ask(byte[] challenge) throws IOException {
        String text = new String(StrictBase64.encode(challenge), StandardCharsets.US_ASCII);
        conversation.challenge(text);
        return conversation.hear(MAX_LINE);
    }

    private static Optional<Reply> fault(Line line) {
        return switch (line.ending()) {
            case TOO_LONG -> Optional.of(Replies.LOGIN_LINE_TOO_LONG);
            case BARE_LF, CONTROL -> Optional.of(Replies.LOGIN_NOT_BASE64);
            case CRLF ->
                line.octets().length == 1 && line.octets()[0] == '*'
                        ? Optional.of(Replies.LOGIN_CANCELLED)
                        : Optional.empty();
        };
    }

    /// RFC 4954 §4: a single `=` is an initial response of no octets.
    private static Optional<byte[]> initialResponse(String base64) {
        return base64.equals(EMPTY_RESPONSE)
                ? Optional.of(new byte[0])
                : StrictBase64.decode(base64.getBytes(StandardCharsets.ISO_8859_1));
    }
}
