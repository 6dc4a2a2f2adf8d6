package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.event.Event;

/// What happens while a certificate waits for its record.
public sealed interface RolloverEvent extends Event {
    /// Its record was published by ourselves, or a server did not take it.
    ///
    /// @param record as a line of a master file
    /// @param answer what the server said
    record RecordSent(DomainName name, String record, boolean done, String answer) implements RolloverEvent {}

    /// A certificate is shown although senders that keep to DANE refuse it, since the one before has ended.
    ///
    /// @param why in words what they find
    record ShownAgainstDane(String why) implements RolloverEvent {}

    /// What has to be remembered could not be written.
    record MemoryLost(String why) implements RolloverEvent {}
}
