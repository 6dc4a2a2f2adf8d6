package dev.postern.spool;

import dev.postern.event.Decision;
import java.util.List;

/// One change to the spool; several make a transaction that happens as a whole or not at all.
public sealed interface SpoolChange {
    /// A new message with its content.
    record Insert(SpooledMessage message, ContentDraft content) implements SpoolChange {}

    /// A message that has come further: the same id, other recipient states.
    record Update(SpooledMessage before, SpooledMessage after) implements SpoolChange {}

    /// A message that is finished; its content goes too.
    record Remove(SpooledMessage message) implements SpoolChange {}

    /// Decisions added to the record of a message or a session, kept for a bounded time.
    ///
    /// @param key the queue id or session id
    record Explain(QueueId key, List<Decision> decisions) implements SpoolChange {
        public Explain {
            decisions = List.copyOf(decisions);
        }
    }
}
