package dev.postern.intake;

import dev.postern.spool.Content;
import dev.postern.spool.SpooledMessage;

/// Told of each message that is in the spool to stay, with its content still at hand.
@FunctionalInterface
public interface Accepted {
    /// One message; returns at once.
    void accepted(SpooledMessage message, Content content);
}
