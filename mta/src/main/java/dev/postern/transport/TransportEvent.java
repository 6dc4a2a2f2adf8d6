package dev.postern.transport;

import dev.postern.event.Event;
import dev.postern.smtp.Mailbox;
import java.nio.file.Path;
import java.time.Duration;

/// What the transports tell the operator beyond the outcomes, which the sender of a message may read.
public sealed interface TransportEvent extends Event {
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
