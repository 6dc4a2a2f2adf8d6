package dev.postern.feedback;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Mailbox;
import java.time.Instant;
import java.util.List;

/// What a message that carries a report says on its outside.
///
/// @param submitter the domain of the server that reports
/// @param from the author; his domain must be aligned with what signs the message (RFC 9990 §3.5.2)
/// @param to at least one
/// @param date when it is sent
/// @param messageId without angle brackets
public record ReportLetter(DomainName submitter, Mailbox from, List<Mailbox> to, Instant date, String messageId) {
    /// @throws IllegalArgumentException if nobody gets it, or the id is no `msg-id` (RFC 5322
    ///     §3.6.4)
    public ReportLetter {
        to = List.copyOf(to);
        if (to.isEmpty()) {
            throw new IllegalArgumentException("a report to nobody");
        }
        if (!ReportName.isDotAtoms(messageId) || messageId.indexOf('@') < 0) {
            throw new IllegalArgumentException("not a message id: " + messageId);
        }
    }
}
