package dev.postern.dsn;

import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.OriginalRecipient;
import dev.postern.spool.Content;
import dev.postern.spool.SpooledMessage;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A report to be written: what became of some recipients of a message, all of them the same.
///
/// @param message the message; its reverse-path is not null
/// @param content its content; empty where it cannot be read
/// @param action what became of the recipients
/// @param recipients at least one; members of one alias of which the same is to be told count as one, since the
///     address that the sender named stands for them
/// @param now the date of the report
public record Report(
        SpooledMessage message,
        Optional<Content> content,
        Action action,
        List<RecipientReport> recipients,
        Instant now) {
    /// @throws IllegalArgumentException if there is nobody to report on, or to
    public Report {
        recipients = List.copyOf(recipients.stream()
                .collect(Collectors.toMap(Line::of, one -> one, (one, _) -> one, LinkedHashMap::new))
                .values());
        if (recipients.isEmpty() || message.reversePath().isNull()) {
            throw new IllegalArgumentException("a report on or to nobody");
        }
    }

    /// What the sender sees of a recipient.
    private record Line(
            String address,
            Optional<OriginalRecipient> original,
            EnhancedStatus status,
            String why,
            Optional<RecipientReport.Remote> remote) {
        static Line of(RecipientReport one) {
            return new Line(
                    one.address(),
                    one.recipient().recipient().parameters().originalRecipient(),
                    one.status(),
                    one.why(),
                    one.remote());
        }
    }
}
