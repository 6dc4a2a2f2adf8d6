package dev.postern.dsn;

import dev.postern.smtp.EnhancedStatus;
import dev.postern.spool.RecipientState;
import java.time.Instant;
import java.util.Optional;

/// What a report says about one recipient.
///
/// @param recipient who it is; where an alias led to him, only the address that the sender named
///     is told (RFC 3464 §4.2)
/// @param status what it came to
/// @param why a sentence for a human
/// @param remote who said so, if it was another host
/// @param lastAttempt when it was tried last; empty where that is not known
/// @param retryUntil until when it will be tried, where it was delayed
public record RecipientReport(
        RecipientState recipient,
        EnhancedStatus status,
        String why,
        Optional<Remote> remote,
        Optional<Instant> lastAttempt,
        Optional<Instant> retryUntil) {
    /// Another host and what it said.
    ///
    /// @param host its name
    /// @param address its address and port, empty where there is none
    /// @param words its reply on one line, empty where it said nothing
    public record Remote(String host, String address, String words) {}

    /// The address as the sender knows it.
    String address() {
        return recipient
                .originally()
                .orElseGet(() -> recipient.recipient().path().toString());
    }
}
