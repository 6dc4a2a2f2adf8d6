package dev.postern.policy;

import dev.postern.route.Destination;
import dev.postern.route.Directory;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Recipient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The recipients of a message that aliases of ours lead to other servers.
///
/// @param recipients those whose alias has a target elsewhere, as they were named
/// @param everybody whether nobody else gets the message
record LedAway(List<ForwardPath> recipients, boolean everybody) {
    LedAway {
        recipients = List.copyOf(recipients);
    }

    static LedAway of(Envelope envelope, Directory directory) {
        List<ForwardPath> away = new ArrayList<>();
        boolean everybody = true;
        for (Recipient recipient : envelope.recipients()) {
            List<ForwardPath> targets = directory.destination(recipient.path()) instanceof Destination.Alias alias
                    ? alias.targets()
                    : List.of();
            long elsewhere = targets.stream()
                    .map(directory::destination)
                    .filter(Destination.Remote.class::isInstance)
                    .count();
            if (elsewhere > 0) {
                away.add(recipient.path());
            }
            everybody &= elsewhere > 0 && elsewhere == targets.size();
        }
        return new LedAway(away, everybody);
    }

    /// The only recipient that is led away, if it is one.
    Optional<Mailbox> only() {
        return recipients.size() == 1 && recipients.getFirst() instanceof Mailbox mailbox
                ? Optional.of(mailbox)
                : Optional.empty();
    }
}
