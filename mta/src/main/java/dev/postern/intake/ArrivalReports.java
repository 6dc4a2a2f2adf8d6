package dev.postern.intake;

import dev.postern.dsn.Action;
import dev.postern.dsn.DsnComposer;
import dev.postern.dsn.RecipientReport;
import dev.postern.dsn.Report;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Mailbox;
import dev.postern.spool.Content;
import dev.postern.spool.RecipientState;
import dev.postern.spool.SpooledMessage;
import java.util.List;
import java.util.Optional;

/// Writes the reports that a message gives rise to while it comes in, before any attempt.
///
/// @param composer writes them down
record ArrivalReports(DsnComposer composer) {
    private static final EnhancedStatus EXPANDED = EnhancedStatus.of("2.1.5");

    /// The report that a message was sent on to several addresses.
    ///
    /// @param sent the message as it goes on
    /// @param sender who wrote it: a list's members get its owner as their reverse-path
    byte[] expanded(SpooledMessage sent, Mailbox sender, List<RecipientState> recipients) {
        return composer.compose(report(
                about(sent, sender, recipients),
                Optional.empty(),
                Action.EXPANDED,
                EXPANDED,
                "it was sent on to several addresses"));
    }

    /// The report that a message has come back to addresses that led it away before.
    ///
    /// @param sent the message as it goes on for others
    /// @param sender who wrote it
    byte[] looped(SpooledMessage sent, Mailbox sender, List<RecipientState> recipients, Content content) {
        return composer.compose(report(
                about(sent, sender, recipients),
                Optional.of(content),
                Action.FAILED,
                ForwardLoops.LOOP,
                ForwardLoops.WHY));
    }

    private static Report report(
            SpooledMessage message, Optional<Content> content, Action action, EnhancedStatus status, String why) {
        List<RecipientReport> told = message.recipients().stream()
                .map(recipient -> new RecipientReport(
                        recipient, status, why, Optional.empty(), Optional.of(message.arrived()), Optional.empty()))
                .toList();
        return new Report(message, content, action, told, message.arrived());
    }

    private static SpooledMessage about(SpooledMessage sent, Mailbox sender, List<RecipientState> recipients) {
        return new SpooledMessage(
                sent.id(),
                sent.arrived(),
                sent.origin(),
                sender,
                sent.parameters(),
                sent.trace(),
                sent.traits(),
                recipients,
                false);
    }
}
