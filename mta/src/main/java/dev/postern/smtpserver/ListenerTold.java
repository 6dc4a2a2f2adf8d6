package dev.postern.smtpserver;

import dev.postern.event.Events;
import dev.postern.policy.ListenerRole;
import dev.postern.wire.Endpoint;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// What a listener tells of a flood: that it began, and then how much there was of it.
///
/// Touched by the accept threads and the sweeper; its maps are concurrent and hold an entry for each kind of thing
/// only.
final class ListenerTold {
    private final ListenerRole role;
    private final Events events;
    private final LongSupplier nanoTime;
    private final Map<Shortage, Recurring<Endpoint>> turnedAway = new ConcurrentHashMap<>();
    private final Map<Endpoint, Recurring<String>> failures = new ConcurrentHashMap<>();

    ListenerTold(ListenerRole role, Events events, LongSupplier nanoTime) {
        this.role = role;
        this.events = events;
        this.nanoTime = nanoTime;
    }

    /// A client was turned away.
    void turnedAway(Shortage shortage, Endpoint peer) {
        turnedAway
                .computeIfAbsent(
                        shortage,
                        any -> new Recurring<>(
                                (last, times, total) -> new ListenerEvent.TurnedAway(
                                        role, shortage.setting(role), times, total, last, shortage.reply()),
                                events,
                                nanoTime))
                .happened(peer);
    }

    /// The system gave no connection.
    ///
    /// @param address where it was asked for
    void acceptFailed(Endpoint address, String why) {
        failures.computeIfAbsent(
                        address,
                        any -> new Recurring<>(
                                (last, times, total) ->
                                        new ListenerEvent.AcceptFailed(role, address, last, times, total),
                                events,
                                nanoTime))
                .happened(why);
    }

    /// Tells what has not been told, where it is time.
    void sweep() {
        turnedAway.values().forEach(Recurring::sweep);
        failures.values().forEach(Recurring::sweep);
    }
}
