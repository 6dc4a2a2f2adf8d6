package dev.postern.transport;

import dev.postern.event.Event;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Mailbox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the transports tell the operator beyond the outcomes, which the sender of a message may read.
public sealed interface TransportEvent extends Event {
    /// The hosts of a lane were looked up.
    ///
    /// @param answers what was asked, and what was answered, in order; then which addresses are tried last, and why
    record LookedUp(String lane, Map<String, String> answers) implements TransportEvent {
        public LookedUp {
            answers = Collections.unmodifiableMap(new LinkedHashMap<>(answers));
        }
    }

    /// A host was passed over, since it is not protected as it must be, or nobody knows whether it is.
    ///
    /// @param status as mail is told of it that finds no other host
    /// @param why a sentence
    /// @param because what was asked and found, in order
    record HostPassedOver(String lane, String host, EnhancedStatus status, String why, String because)
            implements TransportEvent {}

    /// A session that was opened for one mail domain carries a message of another.
    ///
    /// @param lane in which both wait
    /// @param host with which it is
    /// @param openedFor the route for which it was opened
    /// @param usedFor the route of the message
    /// @param tlsDemand what a session for that must have
    record SessionReused(String lane, String host, String openedFor, String usedFor, String tlsDemand)
            implements TransportEvent {}

    /// An inbox could not be written to.
    ///
    /// @param inbox whose it is
    /// @param maildir where it lies
    /// @param problem what the system said
    record InboxTrouble(Mailbox inbox, Path maildir, String problem) implements TransportEvent {}

    /// A program could not be started, was killed, or did not end well.
    ///
    /// @param program its name, the first of its arguments
    /// @param inbox whom it was to deliver to
    /// @param problem what happened
    /// @param output the beginning of what it wrote, on one line
    /// @param took how long it ran
    record ProgramTrouble(String program, Mailbox inbox, String problem, String output, Duration took)
            implements TransportEvent {}
}
