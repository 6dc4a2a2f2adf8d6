package dev.postern.feedback;

import dev.postern.smtp.EnhancedStatus;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A delivery status notification: what became of a message at some recipients.
///
/// Texts are made harmless, as in {@link ReportMetadata}.
///
/// @param reportingMta the name of the server that reports
/// @param envelopeId the message's `ENVID` (RFC 3461)
/// @param arrival when the message came there
/// @param recipients at least one
/// @param returned the header of the message
/// @spec https://www.rfc-editor.org/rfc/rfc3464 RFC 3464
public record DeliveryReport(
        String reportingMta,
        Optional<String> envelopeId,
        Optional<Instant> arrival,
        List<Recipient> recipients,
        ReturnedHeader returned) {
    /// What became of the message at one recipient.
    ///
    /// @param finalRecipient his address where it ended, without its type
    /// @param originalRecipient his address as the sender gave it (`ORCPT`), without its type
    /// @param action what became of it
    /// @param status why
    /// @param remoteMta the server that said so
    /// @param diagnostic what it said, without its type
    /// @param lastAttempt when it was tried last
    public record Recipient(
            String finalRecipient,
            Optional<String> originalRecipient,
            Action action,
            EnhancedStatus status,
            Optional<String> remoteMta,
            Optional<String> diagnostic,
            Optional<Instant> lastAttempt) {
        /// @throws IllegalArgumentException if there is no address
        public Recipient {
            finalRecipient = Words.required(finalRecipient, "final recipient");
            originalRecipient = Words.optional(originalRecipient);
            remoteMta = Words.optional(remoteMta);
            diagnostic = Words.optional(diagnostic);
        }
    }

    /// What became of a message at a recipient.
    ///
    /// @rfc 3464 §2.3.3
    public enum Action {
        /// Never delivered.
        FAILED,
        /// Not delivered yet.
        DELAYED,
        /// In the inbox.
        DELIVERED,
        /// With a next hop that will not report.
        RELAYED,
        /// Sent on to the members of a list.
        EXPANDED;

        /// The word in reports.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @throws IllegalArgumentException if there is no recipient
    public DeliveryReport {
        reportingMta = Words.clean(reportingMta);
        envelopeId = Words.optional(envelopeId);
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("a report on nobody");
        }
    }

    /// The same report with the header of the message.
    DeliveryReport with(ReturnedHeader header) {
        return new DeliveryReport(reportingMta, envelopeId, arrival, recipients, header);
    }
}
