package dev.postern.smtp;

import java.util.List;

/// The envelope of a message: who to report to, what was asked for, and who gets it (RFC 5321
/// §2.3.1).
///
/// @param recipients at least one, in the order of the RCPT commands
public record Envelope(ReversePath reversePath, MailParameters parameters, List<Recipient> recipients) {
    /// @throws IllegalArgumentException if there is no recipient
    public Envelope {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("an envelope without a recipient");
        }
    }
}
