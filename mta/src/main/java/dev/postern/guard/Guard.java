package dev.postern.guard;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/// Watches clients across their sessions. Touched by all of them.
public interface Guard {
    /// A client did what it must not.
    void offended(InetAddress client, Offence offence);

    /// How long each reply to a client is held back for what it did before; zero for most.
    default Duration tarpit(InetAddress client) {
        return Duration.ZERO;
    }

    /// Asks whether a client is let in, and counts its session if it is.
    ///
    /// @return empty: it is
    default Optional<Denial> admit(InetAddress client) {
        return Optional.empty();
    }

    /// Takes one of what there is within a time; whoever is denied has taken nothing.
    ///
    /// @return empty: it was there
    default Optional<Denial> take(Taker who, Demand demand) {
        return Optional.empty();
    }

    /// Asks whether so much is left, and takes nothing. Whoever has taken nothing yet may have more than the limit.
    ///
    /// @return empty: it is there
    default Optional<Denial> wouldTake(Taker who, Demand demand, long amount) {
        return Optional.empty();
    }

    /// Counts what was had already, also beyond the limit.
    default void had(Taker who, Demand demand, long amount) {
        // whoever counts nothing has nothing to do
    }

    /// Remembers nothing.
    static Guard none() {
        return (client, offence) -> {};
    }
}
