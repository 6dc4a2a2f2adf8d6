package dev.postern.app;

import dev.postern.event.Events;
import dev.postern.event.IoFault;
import dev.postern.wire.Deadline;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/// How what was started ends: in the opposite order. For one thread at a time.
final class Endings {
    private final Deque<Ending> endings = new ArrayDeque<>();
    private final Events events;

    /// @param events told of what did not end as it should have
    Endings(Events events) {
        this.events = events;
    }

    /// How a part ends.
    @FunctionalInterface
    interface Ending {
        /// Ends it within this time.
        void end(Deadline deadline) throws IOException;
    }

    /// Something was started that ends like this.
    void push(Ending ending) {
        endings.push(ending);
    }

    /// A thread was started that ends when it is interrupted.
    void push(Thread thread) {
        push(deadline -> thread.interrupt());
    }

    /// Ends all, each whatever became of the others.
    void end(Deadline deadline) {
        while (!endings.isEmpty()) {
            try {
                endings.pop().end(deadline);
            } catch (IOException e) {
                events.emit(new MtaEvent.EndedBadly(IoFault.sentence(e)));
            }
        }
    }
}
