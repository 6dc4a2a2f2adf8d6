package dev.postern.smtpserver;

import dev.postern.event.Event;
import dev.postern.policy.ListenerRole;
import dev.postern.smtp.Reply;
import dev.postern.wire.Endpoint;

/// What happens to a listener and is worth telling.
public sealed interface ListenerEvent extends Event {
    /// It listens.
    record Opened(ListenerRole role, Endpoint address) implements ListenerEvent {}

    /// It turned a client away at once, since there is no room.
    record TurnedAway(ListenerRole role, Endpoint peer, Reply reply) implements ListenerEvent {}

    /// A balancer has said whom it passes on.
    record PassedOn(ListenerRole role, Endpoint balancer, Endpoint peer) implements ListenerEvent {}

    /// A balancer did not say whom it passes on, or not rightly, and was dropped.
    ///
    /// @param why for the operator
    record HeaderRefused(ListenerRole role, Endpoint balancer, String why) implements ListenerEvent {}

    /// The system did not give it the next client; it goes on trying.
    record AcceptFailed(ListenerRole role, Endpoint address, String why) implements ListenerEvent {}

    /// It listens no more.
    ///
    /// @param cutOff sessions that did not end by themselves in time
    record Closed(ListenerRole role, int cutOff) implements ListenerEvent {}
}
