package dev.postern.intake;

import dev.postern.event.Decision;
import dev.postern.message.DeliveredTo;
import dev.postern.route.Destination;
import dev.postern.route.Directory;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Recipient;
import dev.postern.spool.Content;
import dev.postern.spool.SpoolException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds the recipients for which a message has come back: an alias of ours led it away before, and wrote so on top of
/// it (RFC 9228).
///
/// @param directory tells what is an alias
record ForwardLoops(Directory directory) {
    /// Routing loop detected (RFC 3463 §3.5).
    static final EnhancedStatus LOOP = EnhancedStatus.of("5.4.6");

    /// What the sender is told.
    static final String WHY = "this address has forwarded the message before, it has come back: a loop";

    private static final String RULE = "loop";

    /// The recipients of an envelope that its message was led away from before.
    ///
    /// @param content read as far as its header goes, where there is an alias to ask for
    List<Recipient> among(Envelope envelope, Content content) throws SpoolException {
        List<Recipient> leading = envelope.recipients().stream()
                .filter(recipient -> mark(recipient.path()).isPresent())
                .filter(recipient -> directory.destination(recipient.path()) instanceof Destination.Alias alias
                        && alias.targets().stream().anyMatch(directory::leaves))
                .toList();
        if (leading.isEmpty()) {
            return List.of();
        }
        try (InputStream octets = content.open()) {
            Set<String> seen = DeliveredTo.in(octets);
            return leading.stream()
                    .filter(recipient ->
                            mark(recipient.path()).filter(seen::contains).isPresent())
                    .toList();
        } catch (SpoolException e) {
            throw e;
        } catch (IOException e) {
            throw new SpoolException.Broken("the content cannot be read back: " + e.getMessage(), e);
        }
    }

    /// The decision that a recipient gets the message no more.
    static Decision decision(Recipient recipient, Instant now) {
        return new Decision(
                now,
                "intake",
                RULE,
                "failed",
                WHY,
                Map.of("recipient", recipient.path().toString()));
    }

    /// How a forward-path stands in a Delivered-To field, in lower case; empty where it is not written: it belongs
    /// to no domain, or a host that knows ASCII only could not be told.
    static Optional<String> mark(ForwardPath path) {
        return path instanceof Mailbox mailbox && mailbox.toString().chars().allMatch(c -> c < 127)
                ? Optional.of(mailbox.toString().toLowerCase(Locale.ROOT))
                : Optional.empty();
    }
}
