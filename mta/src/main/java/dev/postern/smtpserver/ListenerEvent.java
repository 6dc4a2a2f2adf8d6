package dev.postern.smtpserver;

import dev.postern.event.Event;
import dev.postern.policy.ListenerRole;
import dev.postern.smtp.Reply;
import dev.postern.wire.Endpoint;

/// What happens to a listener and is worth telling.
///
/// What may happen a thousand times a second is told at once when it begins, then at most every ten seconds: `times` is
/// how often it has happened since it was told last, `total` since the server was started.
public sealed interface ListenerEvent extends Event {
    /// It listens.
    record Opened(ListenerRole role, Endpoint address) implements ListenerEvent {}

    /// It turned clients away at once, since there is no room.
    ///
    /// @param limit the setting that says how much room there is
    /// @param peer the last of them
    record TurnedAway(ListenerRole role, String limit, long times, long total, Endpoint peer, Reply reply)
            implements ListenerEvent {}

    /// Sessions that were silent for long were ended.
    ///
    /// @param role whose sessions were ended
    /// @param limit the setting that leaves them no room; `pressure` if they were slower than is borne now
    record IdleShed(ListenerRole role, String limit, long times, long total) implements ListenerEvent {}

    /// A balancer has said whom it passes on.
    record PassedOn(ListenerRole role, Endpoint balancer, Endpoint peer) implements ListenerEvent {}

    /// A balancer did not say whom it passes on, or not rightly, and was dropped.
    ///
    /// @param why for the operator
    record HeaderRefused(ListenerRole role, Endpoint balancer, String why) implements ListenerEvent {}

    /// The system did not give it the next client; it goes on trying.
    record AcceptFailed(ListenerRole role, Endpoint address, String why, long times, long total)
            implements ListenerEvent {}

    /// It listens no more.
    ///
    /// @param cutOff sessions that did not end by themselves in time
    record Closed(ListenerRole role, int cutOff) implements ListenerEvent {}
}
