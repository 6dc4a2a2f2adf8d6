package dev.postern.queue;

import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Host;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.RecipientState;
import dev.postern.spool.SpooledMessage;
import java.util.List;
import java.util.Optional;

/// Tells in which lane the mail of a sender for a recipient waits; quick, from memory, never
/// throws.
@FunctionalInterface
public interface Sorter {
    /// The lane of recipients with which nothing is left to do but to tell their sender.
    String REPORTS = "reports";

    /// The name of the lane.
    String lane(ForwardPath recipient, ReversePath sender);

    /// The names of the lanes of all recipients of a message; empty text for those with which
    /// nothing is left to do.
    default List<String> lanes(SpooledMessage message) {
        return message.recipients().stream()
                .map(state -> switch (state.status()) {
                    case RecipientState.Status.Pending _ ->
                        lane(state.recipient().path(), message.reversePath());
                    case RecipientState.Status.Untold _ -> REPORTS;
                    case RecipientState.Status.Done _, RecipientState.Status.Failed _ -> "";
                })
                .toList();
    }

    /// The lane of all recipients of a host, for mail of a sender's host; empty if the single address decides.
    default Optional<String> laneOf(Host recipient, Optional<Host> sender) {
        return Optional.empty();
    }
}
