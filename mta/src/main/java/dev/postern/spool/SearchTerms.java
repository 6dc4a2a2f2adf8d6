package dev.postern.spool;

import dev.postern.smtp.Host;
import java.time.Instant;
import java.util.Optional;

/// What holds for each message that is looked for, as far as a spool may know it of many messages without reading them.
/// Texts are meant in upper or lower case.
///
/// @param recipient occurs in the address of a recipient, or in the one that the sender named
/// @param sender occurs in the reverse-path; `<>` is the null path
/// @param problem occurs in what the last attempt of a recipient met
/// @param arrivedBefore when it was accepted
/// @param held whether only held messages are looked for
/// @param hosts the hosts of a recipient and the sender
public record SearchTerms(
        Optional<String> recipient,
        Optional<String> sender,
        Optional<String> problem,
        Optional<Instant> arrivedBefore,
        boolean held,
        Optional<Hosts> hosts) {
    /// Tells which messages may be looked for by their hosts; always the same within one search.
    @FunctionalInterface
    public interface Hosts {
        /// Whether a message with a recipient and a sender of these hosts may be meant.
        ///
        /// @param recipient the host of a recipient
        /// @param sender that of the reverse-path, empty for the null path
        boolean mayBeMeant(Host recipient, Optional<Host> sender);
    }

    /// Every message.
    public static SearchTerms none() {
        return new SearchTerms(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false, Optional.empty());
    }
}
