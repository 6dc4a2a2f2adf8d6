package dev.postern.queue;

import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import java.util.List;
import java.util.Optional;

/// A message in an operator's hands: no attempt of it begins until this is closed. Used by one
/// thread.
public final class Claim implements AutoCloseable {
    private final MailQueue queue;
    private final ActiveMessage message;

    Claim(MailQueue queue, ActiveMessage message) {
        this.queue = queue;
        this.message = message;
    }

    /// The message as it is now.
    public SpooledMessage message() {
        return message.current();
    }

    /// Stores the message changed, on disk on return.
    ///
    /// @param with changes that belong to the same transaction
    public void change(SpooledMessage after, List<SpoolChange> with) throws SpoolException {
        queue.settle(message, Optional.of(after), with);
    }

    /// Removes the message without telling anybody, on disk on return.
    public void remove(List<SpoolChange> with) throws SpoolException {
        queue.settle(message, Optional.empty(), with);
    }

    /// Gives the message back: what is due of it goes on.
    @Override
    public void close() {
        queue.release(message);
    }
}
