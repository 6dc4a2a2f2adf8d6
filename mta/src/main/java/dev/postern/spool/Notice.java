package dev.postern.spool;

import dev.postern.smtp.EnhancedStatus;
import java.time.Instant;
import java.util.Optional;

/// What the sender of a message is still to be told of one recipient.
///
/// @param action what became of it, as a report says it (RFC 3464 §2.3.3): `failed`, `delivered`, `relayed`
/// @param status what it came to
/// @param why a sentence for a human
/// @param remote who said so, if it was another host
/// @param lastAttempt when it was tried last
public record Notice(String action, EnhancedStatus status, String why, Optional<Remote> remote, Instant lastAttempt) {
    /// Another host and what it said.
    ///
    /// @param host its name
    /// @param address its address and port, empty where there is none
    /// @param words its reply on one line, empty where it said nothing
    public record Remote(String host, String address, String words) {}
}
