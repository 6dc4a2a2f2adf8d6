package dev.postern.spool;

import dev.postern.smtp.DeliverBy;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.ReversePath;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An accepted message as the spool knows it: everything but its content. A value; a change makes a
/// new one.
///
/// @param id its name
/// @param arrived when its 250 was given
/// @param origin how it came
/// @param reversePath whom to tell
/// @param parameters what was asked for with MAIL
/// @param trace the header fields that we put on top, each line ended by CRLF, in ISO 8859-1 chars
///     that are octets of UTF-8
/// @param traits what the next hop must be able to take
/// @param recipients every recipient, after aliases, pending or not
/// @param held whether an operator holds it: no attempt until released
/// @param orders what else an operator has ordered for it
public record SpooledMessage(
        QueueId id,
        Instant arrived,
        Origin origin,
        ReversePath reversePath,
        MailParameters parameters,
        String trace,
        ContentTraits traits,
        List<RecipientState> recipients,
        boolean held,
        Orders orders) {
    /// @throws IllegalArgumentException if there is no recipient
    public SpooledMessage {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("a message without a recipient");
        }
    }

    /// A message for which no operator has ordered anything but to hold it.
    public SpooledMessage(
            QueueId id,
            Instant arrived,
            Origin origin,
            ReversePath reversePath,
            MailParameters parameters,
            String trace,
            ContentTraits traits,
            List<RecipientState> recipients,
            boolean held) {
        this(id, arrived, origin, reversePath, parameters, trace, traits, recipients, held, Orders.none());
    }

    /// The octets of the trace fields.
    public byte[] traceOctets() {
        return trace.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Octets of the message as it is sent: trace fields and content.
    public long size() {
        return trace.length() + traits.octets();
    }

    /// From when on it may leave: since it arrived, or since the time for which its sender has it held back
    /// (RFC 4865 §4.2).
    public Instant released() {
        return parameters
                .handling()
                .release()
                .map(release -> release.after(arrived))
                .orElse(arrived);
    }

    /// By when its sender wants it delivered, if he said so (RFC 2852 §4).
    public Optional<Instant> deliverBy() {
        return parameters.handling().deliverBy().map(by -> arrived.plusSeconds(by.seconds()));
    }

    /// Whether it is to be returned, not delivered, at a moment: the time for it is over (RFC 2852 §4.1.3).
    public boolean isTooLate(Instant now) {
        return parameters
                .handling()
                .deliverBy()
                .filter(by -> by.mode() == DeliverBy.Mode.RETURN)
                .map(by -> !now.isBefore(arrived.plusSeconds(by.seconds())))
                .orElse(false);
    }

    /// When the earliest recipient is due; empty when it is held or nothing is left to do.
    public Optional<Instant> due() {
        Optional<Instant> earliest = Optional.empty();
        if (!held) {
            for (RecipientState recipient : recipients) {
                Optional<Instant> due = recipient.due();
                if (due.isPresent() && (earliest.isEmpty() || due.get().isBefore(earliest.get()))) {
                    earliest = due;
                }
            }
        }
        return earliest;
    }

    /// Whether nothing is left to do for any recipient.
    public boolean isFinished() {
        return recipients.stream().allMatch(one -> one.due().isEmpty());
    }

    /// The same message with other recipient states.
    public SpooledMessage withRecipients(List<RecipientState> states) {
        return new SpooledMessage(id, arrived, origin, reversePath, parameters, trace, traits, states, held, orders);
    }

    /// The same message, held or released.
    public SpooledMessage withHeld(boolean nowHeld) {
        return new SpooledMessage(
                id, arrived, origin, reversePath, parameters, trace, traits, recipients, nowHeld, orders);
    }

    /// The same message with other orders.
    public SpooledMessage withOrders(Orders others) {
        return new SpooledMessage(
                id, arrived, origin, reversePath, parameters, trace, traits, recipients, held, others);
    }
}
