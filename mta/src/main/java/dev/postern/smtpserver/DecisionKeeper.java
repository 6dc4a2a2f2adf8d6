package dev.postern.smtpserver;

import dev.postern.event.Decision;
import dev.postern.spool.QueueId;
import java.util.List;

/// Keeps decisions that led to no message; called by many threads, returns at once and never throws.
@FunctionalInterface
public interface DecisionKeeper {
    /// Keeps the decisions of a session, or of a message that was refused, under its id.
    void keep(QueueId key, List<Decision> decisions);
}
