package dev.postern.feedback;

import dev.postern.feedback.DeliveryReport.Action;
import dev.postern.feedback.DeliveryReport.Recipient;
import dev.postern.message.MessageHeader;
import dev.postern.smtp.EnhancedStatus;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/// Reads the part of a delivery status notification that is for programs, `message/delivery-status`.
///
/// @rfc 3464 §2
final class DeliveryReader {
    private DeliveryReader() {}

    /// The report, without the message that it is about.
    ///
    /// @throws BrokenReportException if it is none
    static DeliveryReport read(InputStream part) throws IOException {
        List<Fields> groups = FieldGroups.read(part).stream().map(Fields::new).toList();
        // some programs leave the empty line behind the first group out, and some the group
        Fields message = groups.isEmpty()
                ? new Fields(new MessageHeader(List.of(), MessageHeader.Ending.END))
                : groups.getFirst();
        List<Recipient> recipients = groups.stream()
                .map(DeliveryReader::recipient)
                .flatMap(Optional::stream)
                .toList();
        if (recipients.isEmpty()) {
            throw new BrokenReportException("the notification names no recipient with an action");
        }
        return new DeliveryReport(
                message.typed("Reporting-MTA").orElse(""),
                message.text("Original-Envelope-Id"),
                message.date("Arrival-Date"),
                recipients,
                ReturnedHeader.NONE);
    }

    private static Optional<Recipient> recipient(Fields fields) {
        Optional<String> original = fields.typed("Original-Recipient").map(Fields::bare);
        Optional<String> address =
                fields.typed("Final-Recipient").map(Fields::bare).or(() -> original);
        Optional<EnhancedStatus> status = fields.word("Status").flatMap(EnhancedStatus::parse);
        Optional<Action> action = fields.word("Action")
                .flatMap(word -> Vocabulary.word(Action.values(), word))
                .or(() -> status.map(DeliveryReader::action));
        if (address.filter(there -> !there.isEmpty()).isEmpty() || action.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Recipient(
                address.get(),
                original,
                action.get(),
                status.orElse(status(action.get())),
                fields.typed("Remote-MTA"),
                fields.typed("Diagnostic-Code"),
                fields.date("Last-Attempt-Date")));
    }

    /// What an action without a status means.
    private static EnhancedStatus status(Action action) {
        return switch (action) {
            case FAILED -> new EnhancedStatus(5, 0, 0);
            case DELAYED -> new EnhancedStatus(4, 0, 0);
            case DELIVERED, RELAYED, EXPANDED -> new EnhancedStatus(2, 0, 0);
        };
    }

    /// What a status without an action means.
    private static Action action(EnhancedStatus status) {
        return switch (status.kind()) {
            case 2 -> Action.DELIVERED;
            case 4 -> Action.DELAYED;
            default -> Action.FAILED;
        };
    }
}
