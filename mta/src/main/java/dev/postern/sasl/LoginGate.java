package dev.postern.sasl;

import java.time.Duration;
import java.util.Optional;

/// Whether a client may try to be a user at this moment; asked once an exchange, as soon as the name is known and
/// before
/// anything is looked at that belongs to it, and answers for names that do not exist as for those that do.
@FunctionalInterface
public interface LoginGate {
    /// Why a client may not try this name now; empty if it may.
    ///
    /// @param user the name as the client gave it
    Optional<Closed> ask(String user);

    /// That too many tries have failed.
    ///
    /// @param by what they have in common, such as `address`
    /// @param closedFor how long the gate stays closed
    record Closed(String by, Duration closedFor) {}

    /// The gate that is always open.
    static LoginGate open() {
        return user -> Optional.empty();
    }
}
