package dev.postern.smtpserver;

import dev.postern.event.Decision;
import dev.postern.intake.Arrival;
import dev.postern.intake.Incoming;
import dev.postern.intake.IntakeResult;
import dev.postern.policy.ContentFacts;
import dev.postern.policy.Findings;
import dev.postern.policy.SessionFacts;
import dev.postern.policy.Verdict;
import dev.postern.smtp.Command;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.Reply;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpoolException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The third step of a transaction: takes the content by DATA or BDAT, asks policy about it, and has it stored
/// (RFC 5321 §3.3, §4.1.1.4, RFC 3030 §2).
///
/// Whatever goes wrong, the octets that belong to the content are read to their end, so that no octet of it is ever
/// taken for a command.
final class ContentPhase {
    private final Conversation conversation;
    private final SessionSetup setup;
    private final SessionRecord record;
    private final Meter meter;

    ContentPhase(SessionCore core) {
        this.conversation = core.conversation();
        this.setup = core.setup();
        this.record = core.record();
        this.meter = core.meter();
    }

    /// What became of a content, or of one chunk.
    sealed interface Outcome {
        /// What the client is told, signed where it is a refusal.
        Reply reply();

        /// It is stored to stay, or thrown away as a policy said.
        record Taken(Reply reply, long octets) implements Outcome {}

        /// It is not taken.
        record Refused(Reply reply) implements Outcome {}

        /// It could not even begin; of DATA nothing was read.
        record NotBegun(Reply reply) implements Outcome {}

        /// A chunk is here; more are to come.
        record More(Reply reply) implements Outcome {}
    }

    /// DATA.
    Outcome data(SessionFacts facts, Transaction transaction) throws IOException {
        try (Reception reception = open(facts, transaction)) {
            try {
                conversation.readContent(Replies.START_INPUT, meter.counting(facts, reception));
                return conclude(facts, transaction, reception);
            } catch (SpoolException e) {
                return refused(facts, transaction, reception, Replies.of(e), e.toString());
            }
        } catch (SpoolException e) {
            return unopened(facts, transaction, e);
        }
    }

    /// One BDAT that is legal now.
    Outcome chunk(SessionFacts facts, Transaction transaction, Command.Bdat bdat) throws IOException {
        if (transaction.reception().isEmpty()) {
            try {
                transaction.begin(open(facts, transaction));
            } catch (SpoolException e) {
                swallow(facts, bdat.length());
                return unopened(facts, transaction, e);
            }
        }
        Reception reception = transaction.reception().orElseThrow();
        try {
            conversation.readChunk(bdat.length(), meter.counting(facts, reception));
            if (bdat.last()) {
                return conclude(facts, transaction, reception);
            }
            return reception.tooBig()
                    ? tooBig(facts, transaction, reception)
                    : new Outcome.More(Replies.chunkTaken(bdat.length()));
        } catch (SpoolException e) {
            return refused(facts, transaction, reception, Replies.of(e), e.toString());
        }
    }

    /// Reads the octets of a chunk that was refused, and drops them.
    void swallow(SessionFacts facts, long length) throws IOException {
        conversation.readChunk(length, meter.counting(facts, (octets, offset, count) -> {}));
    }

    private Reception open(SessionFacts facts, Transaction transaction) throws SpoolException {
        ServerSessionSettings settings = setup.settings();
        QueueId id = setup.services().intake().nextId();
        boolean ours = facts.user().isPresent();
        Origin origin = Origins.of(facts, transaction.mail().parameters().smtpUtf8());
        Arrival.Sender sender =
                setup.services().policies().trusts(facts) ? Arrival.Sender.OURS : Arrival.Sender.STRANGER;
        boolean repaired = ours && settings.repairLineEnds() && !transaction.isBinary();
        Arrival.Treatment treatment = new Arrival.Treatment(ours, repaired, sender);
        Arrival arrival = new Arrival(
                id, origin, transaction.envelopeAt(setup.services().clock().instant()), treatment);
        return new Reception(
                id,
                origin,
                setup.services().intake().open(arrival),
                settings.limits().messageOctets());
    }

    private Outcome conclude(SessionFacts facts, Transaction transaction, Reception reception) throws SpoolException {
        if (reception.tooBig()) {
            return tooBig(facts, transaction, reception);
        }
        Incoming incoming = reception.incoming();
        Optional<Reply> unfit = incoming.end();
        if (unfit.isPresent()) {
            return refused(
                    facts,
                    transaction,
                    reception,
                    unfit.get(),
                    String.join(" ", unfit.get().text()));
        }
        ContentFacts content = new ContentFacts(
                reception.id(),
                transaction.envelope(),
                incoming.content(),
                incoming.stamps(),
                incoming.onward(),
                new Findings());
        List<Decision> decided = new ArrayList<>(2);
        Verdict verdict = setup.services().policies().content(facts, content, decided::add);
        transaction.decided(decided);
        return switch (verdict) {
            case Verdict.Accept accept -> store(facts, transaction, reception);
            case Verdict.Quarantine quarantine -> {
                reception.incoming().hold();
                yield store(facts, transaction, reception);
            }
            case Verdict.Discard discard -> discarded(facts, transaction, reception, discard);
            case Verdict.Refusal refusal -> refusedByPolicy(facts, transaction, reception, refusal);
        };
    }

    private Outcome store(SessionFacts facts, Transaction transaction, Reception reception) throws SpoolException {
        List<Decision> decisions = new ArrayList<>(record.client());
        decisions.addAll(transaction.decisions());
        return switch (reception.incoming().complete(decisions)) {
            case IntakeResult.Taken(QueueId id) -> {
                List<ForwardPath> recipients = transaction.envelope().recipients().stream()
                        .map(Recipient::path)
                        .toList();
                setup.services()
                        .events()
                        .emit(new SessionEvent.MessageTaken(
                                facts.session(),
                                id,
                                reception.origin(),
                                transaction.mail().reversePath(),
                                recipients,
                                reception.octets()));
                yield new Outcome.Taken(Replies.queued(id), reception.octets());
            }
            case IntakeResult.Refused(Reply reply) ->
                refused(facts, transaction, reception, reply, String.join(" ", reply.text()));
        };
    }

    private Outcome tooBig(SessionFacts facts, Transaction transaction, Reception reception) {
        String why = reception.octets() + " octets, allowed are "
                + setup.settings().limits().messageOctets();
        return refused(facts, transaction, reception, Replies.TOO_BIG, why);
    }

    private Outcome discarded(
            SessionFacts facts, Transaction transaction, Reception reception, Verdict.Discard verdict) {
        keep(reception.id(), transaction);
        setup.services()
                .events()
                .emit(new SessionEvent.MessageDiscarded(
                        facts.session(), reception.id(), transaction.mail().reversePath(), verdict));
        return new Outcome.Taken(Replies.queued(reception.id()), reception.octets());
    }

    private Outcome refusedByPolicy(
            SessionFacts facts, Transaction transaction, Reception reception, Verdict.Refusal verdict) {
        keep(reception.id(), transaction);
        return told(facts, transaction, reception, verdict.reply(), verdict.why());
    }

    private Outcome refused(SessionFacts facts, Transaction transaction, Reception reception, Reply reply, String why) {
        transaction.decided(List.of(new Decision(
                setup.services().clock().instant(),
                "content",
                "intake",
                reply.isTransient() ? "defer" : "reject",
                why,
                Map.of("octets", Long.toString(reception.octets())))));
        keep(reception.id(), transaction);
        return told(facts, transaction, reception, reply, why);
    }

    private Outcome told(SessionFacts facts, Transaction transaction, Reception reception, Reply reply, String why) {
        Reply signed = Conversation.signed(reply, reception.id());
        setup.services()
                .events()
                .emit(new SessionEvent.MessageRefused(
                        facts.session(),
                        reception.id(),
                        transaction.mail().reversePath(),
                        reception.octets(),
                        signed,
                        why));
        return new Outcome.Refused(signed);
    }

    /// There was no room to begin with, so there is no id but the session's.
    private Outcome unopened(SessionFacts facts, Transaction transaction, SpoolException failure) {
        Reply reply = conversation.signed(Replies.of(failure));
        record.refused(List.of(new Decision(
                setup.services().clock().instant(), "content", "spool", "defer", failure.toString(), Map.of())));
        setup.services()
                .events()
                .emit(new SessionEvent.MessageRefused(
                        facts.session(),
                        facts.session(),
                        transaction.mail().reversePath(),
                        0,
                        reply,
                        failure.toString()));
        return new Outcome.NotBegun(reply);
    }

    private void keep(QueueId message, Transaction transaction) {
        List<Decision> all = new ArrayList<>(record.client());
        all.addAll(transaction.decisions());
        setup.services().decisions().keep(message, all);
    }
}
