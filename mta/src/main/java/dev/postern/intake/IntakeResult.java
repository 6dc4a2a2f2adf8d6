package dev.postern.intake;

import dev.postern.smtp.Reply;
import dev.postern.spool.QueueId;

/// What became of a message at the door.
public sealed interface IntakeResult {
    /// It is in the spool to stay.
    record Taken(QueueId id) implements IntakeResult {}

    /// It is not taken: a loop, an unclean content.
    record Refused(Reply reply) implements IntakeResult {}
}
