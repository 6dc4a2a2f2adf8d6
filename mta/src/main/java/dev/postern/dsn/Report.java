package dev.postern.dsn;

import dev.postern.spool.Content;
import dev.postern.spool.SpooledMessage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A report to be written: what became of some recipients of a message, all of them the same.
///
/// @param message the message; its reverse-path is not null
/// @param content its content; empty where it cannot be read
/// @param action what became of the recipients
/// @param recipients at least one
/// @param now the date of the report
public record Report(
        SpooledMessage message,
        Optional<Content> content,
        Action action,
        List<RecipientReport> recipients,
        Instant now) {
    /// @throws IllegalArgumentException if there is nobody to report on, or to
    public Report {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty() || message.reversePath().isNull()) {
            throw new IllegalArgumentException("a report on or to nobody");
        }
    }
}
