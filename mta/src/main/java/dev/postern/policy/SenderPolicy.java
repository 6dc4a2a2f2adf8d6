package dev.postern.policy;

import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Reply;
import java.util.LinkedHashMap;
import java.util.Map;

/// The reverse-path of who has logged in must be one that belongs to that user (RFC 6409 §6.1); says nothing of others.
public final class SenderPolicy implements Policy {
    /// The name of the rule in decisions.
    public static final String RULE = "sender";

    private static final Reply NOT_YOURS =
            Reply.of(550, "5.7.1", "this sender address does not belong to the user you logged in as");
    private static final Reply NO_NULL =
            Reply.of(550, "5.7.1", "the null sender is for reports, which users of this server do not send");

    private final SenderRights rights;
    private final NullSender nullSender;

    /// Whether users may send with the null reverse-path, as the read receipts of mail programs do (RFC 8098 §2.1).
    public enum NullSender {
        /// They may.
        ALLOWED,
        /// They may not: a stolen password cannot send what looks like reports.
        REFUSED
    }

    /// @param rights which addresses belong to whom
    /// @param nullSender whether `<>` belongs to everybody or nobody
    public SenderPolicy(SenderRights rights, NullSender nullSender) {
        this.rights = rights;
        this.nullSender = nullSender;
    }

    @Override
    public Verdict mail(SessionFacts session, MailFacts mail) {
        if (session.role() == ListenerRole.LOCAL && session.user().isPresent()) {
            return new Verdict.Accept(RULE, "programs of this machine may send as anybody", Map.of());
        }
        return session.user().map(user -> judge(user, mail)).orElse(Verdict.noOpinion());
    }

    private Verdict judge(String user, MailFacts mail) {
        Map<String, String> inputs = LinkedHashMap.newLinkedHashMap(2);
        inputs.put("user", user);
        inputs.put("sender", "<" + mail.reversePath() + ">");
        return switch (mail.reversePath()) {
            case NullPath none ->
                switch (nullSender) {
                    case ALLOWED -> new Verdict.Accept(RULE, "users may send with the null sender", inputs);
                    case REFUSED ->
                        new Verdict.Reject(RULE, "users may not send with the null sender", inputs, NO_NULL);
                };
            case Mailbox sender -> {
                for (SenderRights.Right right : rights.of(user)) {
                    if (right.covers(sender)) {
                        yield new Verdict.Accept(RULE, "the sender belongs to the user", inputs);
                    }
                }
                yield new Verdict.Reject(RULE, "the sender does not belong to the user", inputs, NOT_YOURS);
            }
        };
    }
}
