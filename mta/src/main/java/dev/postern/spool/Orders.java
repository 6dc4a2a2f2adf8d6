package dev.postern.spool;

import java.time.Instant;
import java.util.Optional;

/// What an operator has ordered for one message, besides holding it.
///
/// @param end when it is given up, in place of the usual time: a deferral from then on is a failure
/// @param via through which host it goes, in place of its usual next hop
public record Orders(Optional<Instant> end, Optional<Via> via) {
    private static final Orders NONE = new Orders(Optional.empty(), Optional.empty());

    /// Nothing.
    public static Orders none() {
        return NONE;
    }

    /// The same with another end, or the usual one.
    public Orders withEnd(Optional<Instant> other) {
        return new Orders(other, via);
    }

    /// The same by another way, or the usual one.
    public Orders withVia(Optional<Via> other) {
        return new Orders(end, other);
    }
}
