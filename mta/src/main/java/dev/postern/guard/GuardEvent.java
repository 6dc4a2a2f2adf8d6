package dev.postern.guard;

import dev.postern.event.Event;
import dev.postern.wire.AddressBlock;
import java.time.Instant;

/// What a guard does and is worth telling.
public sealed interface GuardEvent extends Event {
    /// Addresses are not let in until a time.
    ///
    /// @param times how many bans in a row it is
    /// @param source who has banned
    record Banned(AddressBlock network, Instant until, int times, String source, String why) implements GuardEvent {}

    /// Addresses are let in again.
    ///
    /// @param turnedAway how many connections meanwhile
    /// @param why `over`, `removed`, `replaced` by another, or `no room` for more bans
    record BanEnded(AddressBlock network, long turnedAway, String why) implements GuardEvent {}

    /// Somebody has reached a limit; told once, until it has come down to half of it.
    ///
    /// @param who an address, a network, or a user's name
    /// @param demand what was asked for
    /// @param limit within the demand's period
    record LimitReached(String who, String demand, long limit) implements GuardEvent {}

    /// The bans of before are not known, since their file cannot be read; one that means nothing was put aside.
    record BansUnreadable(String file, String why) implements GuardEvent {}

    /// The bans are not on disk, so that a restart would forget the latest; it is tried again.
    record BansNotSaved(String file, String why) implements GuardEvent {}
}
