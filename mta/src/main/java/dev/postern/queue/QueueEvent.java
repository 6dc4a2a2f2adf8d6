package dev.postern.queue;

import dev.postern.event.Event;
import dev.postern.spool.QueueId;
import java.time.Instant;

/// What happened to the queue itself, rather than to one delivery.
public sealed interface QueueEvent extends Event {
    /// A next hop is down: its lane is left alone for a while.
    ///
    /// @param failures how many times in a row
    record LaneRests(String lane, Instant until, int failures, String problem) implements QueueEvent {}

    /// A next hop that was down is up again.
    record LaneReopened(String lane) implements QueueEvent {}

    /// A next hop refuses some of the attempts that are made at once, so that there will be fewer.
    ///
    /// @param limit how many there may be at once now
    record LaneThrottled(String lane, int limit, String problem) implements QueueEvent {}

    /// A next hop bears all that it may get, after it had not.
    ///
    /// @param limit how many attempts there may be at once now
    record LaneUnthrottled(String lane, int limit) implements QueueEvent {}

    /// An operator stopped a lane.
    record LaneHeld(String lane) implements QueueEvent {}

    /// An operator let a lane go on.
    record LaneReleased(String lane) implements QueueEvent {}

    /// An operator keeps mail back from now on.
    ///
    /// @param by `lane`, `domain` or `sender`
    /// @param name what is kept back
    record HoldMade(String by, String name, String why) implements QueueEvent {}

    /// An operator lets mail go that was kept back.
    record HoldLifted(String by, String name) implements QueueEvent {}

    /// The spool refuses; outcomes are kept in memory until it takes them.
    record SpoolRefuses(String why) implements QueueEvent {}

    /// The spool works again, and what had been kept in memory is in it.
    record SpoolWorksAgain() implements QueueEvent {}

    /// A message whose time has come cannot be read; it stays where it is and is tried again at
    /// the next start.
    record Unreadable(QueueId id, String why) implements QueueEvent {}
}
