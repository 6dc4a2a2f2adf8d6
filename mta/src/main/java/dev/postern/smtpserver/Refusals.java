package dev.postern.smtpserver;

import dev.postern.event.Decision;
import dev.postern.policy.Policies;
import dev.postern.policy.SessionFacts;
import dev.postern.policy.Verdict;
import dev.postern.smtp.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What a client is refused: each refusal is counted, kept with its reasons, told as an event, and
/// signed with the id under which they are found. Used by one thread.
final class Refusals {
    private final SessionCore core;
    private final Conversation conversation;
    private final SessionServices services;
    private final SessionRecord record;
    private final Tally tally;
    private final Meter meter;

    Refusals(SessionCore core) {
        this.core = core;
        this.conversation = core.conversation();
        this.services = core.services();
        this.record = core.record();
        this.tally = core.tally();
        this.meter = core.meter();
    }

    /// What policy is asked about a client.
    interface Question {
        /// Puts it to them.
        ///
        /// @param log gets the reasons
        Verdict ask(Policies policies, Consumer<Decision> log);
    }

    /// Asks policy about the client itself; what was decided stays with each of its messages.
    ///
    /// @return the reply, where it is refused
    Optional<Reply> judge(SessionFacts facts, String stage, Question question) {
        List<Decision> decided = new ArrayList<>(2);
        Verdict verdict = question.ask(services.policies(), decided::add);
        if (verdict instanceof Verdict.Refusal refusal) {
            record.refused(decided);
            return Optional.of(refused(facts, stage, refusal));
        }
        record.client(decided);
        return Optional.empty();
    }

    /// Policy or the guard does not want it.
    Answer refuse(SessionFacts facts, String stage, Verdict.Refusal refusal) {
        return answer(refused(facts, stage, refusal));
    }

    private Reply refused(SessionFacts facts, String stage, Verdict.Refusal refusal) {
        tally.refusal();
        services.events().emit(new SessionEvent.Refused(facts.session(), stage, refusal));
        return conversation.signed(refusal.reply());
    }

    /// The answer that a reply of refusal makes: after 421 the session is over.
    static Answer answer(Reply reply) {
        return reply.code() == 421 ? new Answer.Close(reply, Ending.REFUSED) : new Answer.Continue(reply);
    }

    /// A command that is wrong, or comes at the wrong time.
    Answer fault(SessionFacts facts, String verb, Reply reply) {
        Optional<Reply> enough = tally.fault() ? Optional.of(Replies.TOO_MANY_FAULTS) : meter.fault(facts);
        core.refused("protocol", "command", reply, Map.of("verb", verb));
        Reply signed = conversation.signed(reply);
        services.events().emit(new SessionEvent.ProtocolFault(facts.session(), verb, signed));
        return enough.<Answer>map(last -> new Answer.Close(conversation.signed(last), Ending.FAULTS))
                .orElseGet(() -> new Answer.Continue(signed));
    }

    /// A command that is right and brings no mail nearer: one that says nothing else for long is told
    /// 421.
    Answer idle(Answer answer) {
        return tally.idleCommand() && answer instanceof Answer.Continue
                ? new Answer.Close(conversation.signed(Replies.TOO_IDLE), Ending.IDLE)
                : answer;
    }

    /// A reply that leaves the session as it is, with the session's id where it refuses.
    Answer answered(Reply reply) {
        return new Answer.Continue(reply.isPositive() ? reply : conversation.signed(reply));
    }

    /// Keeps the reason of a refusal.
    void because(Decision decision) {
        record.refused(List.of(decision));
    }
}
