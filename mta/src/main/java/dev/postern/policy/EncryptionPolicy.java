package dev.postern.policy;

import dev.postern.route.DomainPattern;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Reply;
import dev.postern.wire.Endpoint;
import java.util.Map;
import java.util.Optional;

/// Requires TLS of the clients of a listener and of a network before anything else is done for them, and for the mail
/// of a sender's domain; what comes over a Unix socket crosses no network and needs none.
///
/// @rfc 3207 §4
public final class EncryptionPolicy implements Policy {
    /// The name of the rule in decisions.
    public static final String RULE = "encryption";

    static final Reply STARTTLS_FIRST = Reply.of(530, "5.7.0", "must issue a STARTTLS command first");

    // RFC 3463 §3.8 as registered by RFC 5248 and used by RFC 8689 §5: encryption needed
    private static final Reply SENDER_NEEDS_TLS = Reply.of(
            530, "5.7.10", "mail of this sender's domain is taken under TLS only, issue a STARTTLS command first");

    private final EncryptionSettings settings;

    /// @param settings where TLS is required
    public EncryptionPolicy(EncryptionSettings settings) {
        this.settings = settings;
    }

    @Override
    public Verdict clear(SessionFacts session) {
        if (!couldEncrypt(session)) {
            return Verdict.noOpinion();
        }
        if (settings.listeners().contains(session.role())) {
            return new Verdict.Reject(
                    RULE,
                    "this listener requires TLS",
                    Map.of("listener", session.role().label()),
                    STARTTLS_FIRST);
        }
        Optional<Network> network = session.address().flatMap(settings.networks()::find);
        return network.<Verdict>map(one -> new Verdict.Reject(
                        RULE,
                        "clients of this network must use TLS",
                        Map.of("network", one.toString()),
                        STARTTLS_FIRST))
                .orElseGet(Verdict::noOpinion);
    }

    @Override
    public Verdict mail(SessionFacts session, MailFacts mail) {
        return switch (mail.reversePath()) {
            case Mailbox sender when couldEncrypt(session) -> judge(sender);
            case Mailbox _, NullPath _ -> Verdict.noOpinion();
        };
    }

    private Verdict judge(Mailbox sender) {
        Optional<DomainPattern> required = sender.host() instanceof Host.Domain(var name)
                ? settings.senders().stream()
                        .filter(pattern -> pattern.covers(name))
                        .findFirst()
                : Optional.empty();
        return required.<Verdict>map(pattern -> new Verdict.Reject(
                        RULE,
                        "mail of this sender's domain is taken under TLS only",
                        Map.of("sender", "<" + sender + ">", "required-for", pattern.toString()),
                        SENDER_NEEDS_TLS))
                .orElseGet(Verdict::noOpinion);
    }

    /// Whether the session is in the clear over a network.
    private static boolean couldEncrypt(SessionFacts session) {
        return session.tls().isEmpty()
                && switch (session.peer()) {
                    case Endpoint.Inet _, Endpoint.Memory _ -> true;
                    case Endpoint.Unix _ -> false;
                };
    }
}
