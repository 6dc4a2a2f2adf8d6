package dev.postern.smtpserver;

import dev.postern.policy.ListenerRole;
import dev.postern.policy.SessionFacts;
import dev.postern.smtp.Command;
import dev.postern.smtp.Reply;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;

/// DATA and BDAT: whether they are legal now, and what is answered to them. Their octets are for
/// {@link ContentPhase}, also where the command is refused: a chunk comes whatever was said before.
///
/// @rfc 5321 §4.1.1.4
/// @rfc 3030 §2
final class ContentCommands {
    private static final String DATA = "DATA";
    private static final String BDAT = "BDAT";

    private final SessionCore core;
    private final ContentPhase content;
    private final EnvelopePhase envelope;
    private final Refusals refusals;

    ContentCommands(SessionCore core, ContentPhase content, EnvelopePhase envelope, Refusals refusals) {
        this.core = core;
        this.content = content;
        this.envelope = envelope;
        this.refusals = refusals;
    }

    /// DATA.
    Answer data(SessionFacts facts) throws IOException {
        Optional<Transaction> transaction = envelope.transaction();
        if (transaction.isEmpty()) {
            return envelope.outOfOrder(facts, DATA);
        }
        Transaction open = transaction.get();
        if (open.hasChunks()) {
            return refusals.fault(facts, DATA, Replies.CHUNKS_BEGUN);
        }
        if (open.isBinary()) {
            return refusals.fault(facts, DATA, Replies.NEEDS_CHUNKS); // RFC 3030 §3
        }
        if (open.recipients() == 0) {
            return envelope.outOfOrder(facts, DATA);
        }
        ContentPhase.Outcome outcome = content.data(facts, open);
        if (outcome instanceof ContentPhase.Outcome.NotBegun(Reply reply)) {
            core.tally().refusal();
            envelope.forget();
            return new Answer.Continue(reply);
        }
        return finish(open, outcome);
    }

    /// BDAT.
    Answer bdat(SessionFacts facts, Command.Bdat bdat) throws IOException {
        Optional<Transaction> transaction = envelope.transaction().filter(open -> open.recipients() > 0);
        if (transaction.isEmpty()) {
            content.swallow(facts, bdat.length());
            return envelope.outOfOrder(facts, BDAT);
        }
        Transaction open = transaction.get();
        if (open.chunkFailed()) {
            content.swallow(facts, bdat.length());
            Answer failed = refusals.fault(facts, BDAT, Replies.CHUNK_FAILED);
            return bdat.last() ? forEach(open, failed) : failed;
        }
        ContentPhase.Outcome outcome = content.chunk(facts, open, bdat);
        if (bdat.last()) {
            return finish(open, outcome);
        }
        if (!(outcome instanceof ContentPhase.Outcome.More)) {
            core.tally().refusal();
            open.failChunk();
        }
        return new Answer.Continue(outcome.reply());
    }

    /// A BDAT that is wrong but for its size.
    Answer malformed(SessionFacts facts, Command.MalformedBdat bdat) throws IOException {
        content.swallow(facts, bdat.length());
        envelope.transaction().ifPresent(Transaction::failChunk);
        return refusals.fault(facts, BDAT, bdat.reply());
    }

    /// A BDAT whose octets cannot be told from commands.
    Answer unreadable(SessionFacts facts, Reply reply) {
        refusals.fault(facts, BDAT, reply);
        return new Answer.Close(core.conversation().signed(reply), Ending.FAULTS);
    }

    /// Drops the octets that come behind a command, where it is a chunk.
    void swallow(SessionFacts facts, Command command) throws IOException {
        if (command instanceof Command.Bdat bdat) {
            content.swallow(facts, bdat.length());
        } else if (command instanceof Command.MalformedBdat malformed) {
            content.swallow(facts, malformed.length());
        }
    }

    /// RFC 5321 §4.1.1.4: after the end of data the buffers are cleared, whatever the reply.
    private Answer finish(Transaction open, ContentPhase.Outcome outcome) {
        switch (outcome) {
            case ContentPhase.Outcome.Taken(Reply reply, long octets) ->
                core.tally().message(open.recipients(), octets);
            case ContentPhase.Outcome.Refused refused -> core.tally().refusal();
            case ContentPhase.Outcome.NotBegun unopened -> core.tally().refusal();
            case ContentPhase.Outcome.More more ->
                throw new IllegalStateException("more content is to come behind its end");
        }
        envelope.forget();
        return forEach(open, new Answer.Continue(outcome.reply()));
    }

    /// RFC 2033 §4.2, §4.3: after the end of the content LMTP answers once for each accepted
    /// recipient.
    private Answer forEach(Transaction open, Answer answer) {
        return core.settings().role() == ListenerRole.LMTP && answer instanceof Answer.Continue(Reply reply)
                ? new Answer.PerRecipient(Collections.nCopies(open.recipients(), reply))
                : answer;
    }
}
