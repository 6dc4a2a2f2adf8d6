package dev.postern.queue;

import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.SpooledMessage;
import java.util.List;

/// Tells in which lane the mail of a sender for a recipient waits; quick, from memory, never
/// throws.
@FunctionalInterface
public interface Sorter {
    /// The name of the lane.
    String lane(ForwardPath recipient, ReversePath sender);

    /// The names of the lanes of all recipients of a message; empty text for those with which
    /// nothing is left to do.
    default List<String> lanes(SpooledMessage message) {
        return message.recipients().stream()
                .map(state -> state.isPending() ? lane(state.recipient().path(), message.reversePath()) : "")
                .toList();
    }
}
