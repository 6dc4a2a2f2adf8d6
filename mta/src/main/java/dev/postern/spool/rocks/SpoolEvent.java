package dev.postern.spool.rocks;

import dev.postern.event.Event;
import dev.postern.spool.QueueId;
import java.nio.file.Path;
import java.time.Duration;

/// What a spool on disk has to tell beside its answers.
public sealed interface SpoolEvent extends Event {
    /// The spool is open.
    ///
    /// @param messages how many are in it
    record Opened(Path folder, long messages, Duration took) implements SpoolEvent {}

    /// The disk has refused a write; nothing is taken until it works again.
    record OutageBegan(String why) implements SpoolEvent {}

    /// The disk works again.
    ///
    /// @param lasted since the refusal
    record OutageEnded(Duration lasted) implements SpoolEvent {}

    /// A message cannot be read or its content is gone: it is no longer in the schedule, and what
    /// is left of it is kept.
    record SetAside(QueueId id, String why) implements SpoolEvent {}

    /// A change that nobody waited for could not be made, since the record that it was to change
    /// cannot be read.
    record ChangeLost(String why) implements SpoolEvent {}

    /// A content file that a crash left without its message is deleted.
    record LeftoverDeleted(Path file) implements SpoolEvent {}

    /// The disk has back what removed messages took.
    ///
    /// @param removed how many messages were removed since the last time
    record SpaceCollected(long removed) implements SpoolEvent {}
}
