package dev.postern.delivery;

import dev.postern.dsn.Action;
import dev.postern.dsn.RecipientReport;
import dev.postern.event.Decision;
import dev.postern.spool.RecipientState;
import java.util.List;
import java.util.Optional;

/// What an outcome means for one recipient: what becomes of it, who is told what, and what is
/// written down.
///
/// @param status what becomes of the recipient
/// @param telling what the sender is told, if anything
/// @param events what is logged once the status is stored
/// @param decision the reason kept for `explain`
record Judgement(
        RecipientState.Status status, Optional<Telling> telling, List<DeliveryEvent> events, Decision decision) {
    /// A line of a report.
    record Telling(Action action, RecipientReport report) {}

    Judgement {
        events = List.copyOf(events);
    }
}
