package dev.postern.app;

import dev.postern.event.Event;
import dev.postern.spool.QueueId;

/// What happened to the server as a whole.
sealed interface MtaEvent extends Event {
    /// It is ready: every listener is open.
    ///
    /// @param startedIn milliseconds from the start of the process
    record Ready(String hostname, long startedIn) implements MtaEvent {}

    /// A new configuration is in force.
    record Reloaded(String file) implements MtaEvent {}

    /// A new configuration was refused; the old one is in force.
    record ReloadRefused(String why) implements MtaEvent {}

    /// The reasons of a refusal could not be kept.
    record DecisionsLost(QueueId id, String why) implements MtaEvent {}

    /// It begins to end.
    record Ending() implements MtaEvent {}

    /// A part did not end as it should have.
    record EndedBadly(String why) implements MtaEvent {}
}
