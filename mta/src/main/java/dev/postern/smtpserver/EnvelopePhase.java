package dev.postern.smtpserver;

import dev.postern.event.Decision;
import dev.postern.policy.ListenerRole;
import dev.postern.policy.MailFacts;
import dev.postern.policy.SessionFacts;
import dev.postern.policy.Verdict;
import dev.postern.smtp.Command;
import dev.postern.smtp.Dialect;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The first two steps of a mail transaction, MAIL and RCPT, and the transaction itself while it is
/// open.
///
/// Used by one thread; only {@link #isOpen} is asked from others.
///
/// @rfc 5321 §3.3, §4.1.1.2, §4.1.1.3
final class EnvelopePhase {
    private static final EnhancedStatus UNKNOWN_MAILBOX = EnhancedStatus.of("5.1.1");

    private final SessionCore core;
    private final Conversation conversation;
    private final ServerSessionSettings settings;
    private final SessionServices services;
    private final ClientClaims claims;
    private final Refusals refusals;
    private final Meter meter;

    private volatile @Nullable Transaction transaction;
    private boolean senderRefused;

    EnvelopePhase(SessionCore core, ClientClaims claims, Refusals refusals) {
        this.core = core;
        this.conversation = core.conversation();
        this.settings = core.settings();
        this.services = core.services();
        this.claims = claims;
        this.refusals = refusals;
        this.meter = core.meter();
    }

    /// Whether a transaction is open.
    boolean isOpen() {
        return transaction != null;
    }

    /// The transaction that is open.
    Optional<Transaction> transaction() {
        return Optional.ofNullable(transaction);
    }

    /// How commands are read now.
    ///
    /// @param outside how they are read where no transaction is open
    Dialect dialect(Dialect outside) {
        Transaction open = transaction;
        return open == null
                ? outside
                : outside.inTransaction(open.mail().parameters().smtpUtf8());
    }

    /// MAIL.
    Answer mail(SessionFacts facts, Command.Mail mail) {
        if (core.tally().transaction() > settings.limits().transactions()) {
            return new Answer.Close(conversation.signed(Replies.TOO_MANY_TRANSACTIONS), Ending.SPENT);
        }
        Optional<Reply> illegal = checkMail(facts, mail);
        if (illegal.isPresent()) {
            return refusals.fault(facts, "MAIL", illegal.get());
        }
        HandlingTerms.Granted granted = settings.handling()
                .grant(
                        mail.reversePath(),
                        mail.parameters(),
                        services.policies().trusts(facts));
        MailFacts sender = new MailFacts(mail.reversePath(), granted.parameters());
        List<Decision> decided = new ArrayList<>(2);
        Verdict verdict = meter.message(facts, sender, decided::add)
                .<Verdict>map(denied -> denied)
                .orElseGet(() -> services.policies().mail(facts, sender, decided::add));
        if (verdict instanceof Verdict.Refusal refusal) {
            core.record().refused(decided);
            senderRefused = true;
            return refusals.refuse(facts, "mail", refusal);
        }
        Transaction opened = new Transaction(sender, core.now());
        granted.decision(core.now()).ifPresent(decided::add);
        opened.decided(decided);
        opened.decided(claims.noted(core.now()));
        transaction = opened;
        conversation.transactionBegins();
        return new Answer.Continue(granted.reply());
    }

    private Optional<Reply> checkMail(SessionFacts facts, Command.Mail mail) {
        senderRefused = true;
        if (facts.greeting().isEmpty()) {
            return Optional.of(Replies.greetFirst(settings.role()));
        }
        if (isOpen()) {
            senderRefused = false;
            return Optional.of(Replies.NESTED_MAIL);
        }
        if (settings.role().isSubmission() && facts.user().isEmpty()) {
            return Optional.of(Replies.LOGIN_FIRST);
        }
        OptionalLong size = mail.parameters().size();
        if (size.isPresent() && size.getAsLong() > settings.limits().messageOctets()) {
            return Optional.of(Replies.TOO_BIG);
        }
        Optional<Reply> refusal = settings.handling().refusal(mail.parameters(), core.now());
        senderRefused = refusal.isPresent();
        return refusal;
    }

    /// RCPT.
    Answer rcpt(SessionFacts facts, Command.Rcpt rcpt) {
        Transaction open = transaction;
        if (open == null) {
            return outOfOrder(facts, "RCPT");
        }
        if (open.hasChunks()) {
            return refusals.fault(facts, "RCPT", Replies.CHUNKS_BEGUN);
        }
        if (open.recipients() >= settings.limits().recipients()) {
            return new Answer.Continue(conversation.signed(Replies.TOO_MANY_RECIPIENTS));
        }
        List<Decision> decided = new ArrayList<>(2);
        Verdict verdict = meter.recipient(facts, decided::add)
                .<Verdict>map(denied -> denied)
                .orElseGet(() -> services.policies().rcpt(facts, open.mail(), rcpt.recipient(), decided::add));
        open.decided(decided);
        if (verdict instanceof Verdict.Refusal refusal) {
            core.record().refused(decided);
            open.refuse();
            core.tally().refusal();
            services.events()
                    .emit(new SessionEvent.RecipientRefused(
                            facts.session(),
                            open.mail().reversePath(),
                            rcpt.recipient().path(),
                            refusal));
            return isUnknown(refusal.reply()) && unknownRecipientIsOneTooMany(facts)
                    ? new Answer.Close(conversation.signed(Replies.TOO_MANY_UNKNOWN), Ending.UNKNOWN)
                    : Refusals.answer(conversation.signed(refusal.reply()));
        }
        open.add(rcpt.recipient());
        return new Answer.Continue(Replies.RECIPIENT_OK);
    }

    private boolean unknownRecipientIsOneTooMany(SessionFacts facts) {
        meter.unknownRecipient(facts);
        return !services.policies().trusts(facts) && core.tally().unknownRecipient();
    }

    /// RFC 3463 §3.2: bad destination mailbox address.
    private static boolean isUnknown(Reply reply) {
        return reply.status().filter(UNKNOWN_MAILBOX::equals).isPresent();
    }

    /// A command that comes before the one it needs. Where that one was refused before, a client
    /// that sends its commands in one go (RFC 2920) could not know, so it is no fault.
    Answer outOfOrder(SessionFacts facts, String verb) {
        Transaction open = transaction;
        if (open == null) {
            Reply reply = facts.greeting().isEmpty() ? Replies.greetFirst(settings.role()) : Replies.MAIL_FIRST;
            return senderRefused ? new Answer.Continue(conversation.signed(reply)) : refusals.fault(facts, verb, reply);
        }
        return open.allRecipientsRefused()
                ? new Answer.Continue(conversation.signed(
                        settings.role() == ListenerRole.LMTP ? Replies.RCPT_FIRST : Replies.NO_VALID_RECIPIENT))
                : refusals.fault(facts, verb, Replies.RCPT_FIRST);
    }

    /// The transaction is over, or given up: the buffers are cleared (RFC 5321 §4.1.1.5).
    void forget() {
        Transaction open = transaction;
        if (open != null) {
            open.close();
            transaction = null;
            conversation.transactionEnds();
        }
        senderRefused = false;
        claims.messageEnds();
    }
}
