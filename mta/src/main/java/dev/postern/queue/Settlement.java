package dev.postern.queue;

import dev.postern.spool.RecipientState;
import dev.postern.spool.SpoolChange;
import java.util.List;
import java.util.Map;

/// What an attempt came to, to be written as one transaction.
///
/// @param statuses what becomes of each recipient of the work, in the order of {@link
///     Work#recipients}
/// @param with changes that belong to the same transaction: reports that are inserted, decisions
/// @param durable whether it must be on disk on return; otherwise a crash repeats the attempt
/// @param health what the attempt tells of the next hop
/// @param others what becomes of further recipients, by their positions: some of {@link Siblings#free}
public record Settlement(
        List<RecipientState.Status> statuses,
        List<SpoolChange> with,
        boolean durable,
        Health health,
        Map<Integer, RecipientState.Status> others) {
    /// What an attempt tells of its next hop.
    public sealed interface Health {
        /// It talks to us, whatever it says.
        record Alive() implements Health {}

        /// It cannot be reached, or does not want to talk.
        ///
        /// @param problem the enhanced status and words
        /// @param spoke whether it said so itself (421), rather than gave no answer
        record Down(String problem, boolean spoke) implements Health {}

        /// Nothing: it was not asked.
        record Untold() implements Health {}
    }

    public Settlement {
        statuses = List.copyOf(statuses);
        with = List.copyOf(with);
        others = Map.copyOf(others);
    }

    /// One that leaves the other recipients as they are.
    public Settlement(List<RecipientState.Status> statuses, List<SpoolChange> with, boolean durable, Health health) {
        this(statuses, with, durable, health, Map.of());
    }
}
