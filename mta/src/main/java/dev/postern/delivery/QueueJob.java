package dev.postern.delivery;

import dev.postern.queue.QueueFilter;
import dev.postern.spool.QueueId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Something an operator wants of all messages of some kind, and how far it has come. A value; a step makes a new one.
///
/// @param number its name, 1 or more
/// @param began when it was ordered
/// @param order what is wanted
/// @param through the last message that may be meant: what comes in after the order is not
/// @param after the last message that was looked at; empty at first
/// @param again messages that were being delivered when their turn came, to be tried once more at the end
/// @param tally what came of it so far; messages of the last moments before a crash may be missing
/// @param state whether it goes on
public record QueueJob(
        long number,
        Instant began,
        Order order,
        QueueId through,
        Optional<QueueId> after,
        List<QueueId> again,
        QueueActions.Tally tally,
        State state) {
    /// How many messages are tried once more at most; those beyond count as busy.
    static final int MOST_AGAIN = 1000;

    /// What is wanted.
    public record Order(QueueFilter filter, QueueActions.Action action) {}

    /// Whether a job goes on.
    public enum State {
        /// It has messages left to look at.
        RUNNING,
        /// It has come to its end.
        DONE,
        /// An operator has ended it.
        CANCELLED,
        /// A mistake of ours has ended it.
        FAILED
    }

    public QueueJob {
        again = List.copyOf(again);
    }

    /// A job at its beginning.
    static QueueJob begun(long number, Instant began, Order order, QueueId through) {
        return new QueueJob(
                number, began, order, through, Optional.empty(), List.of(), QueueActions.Tally.NONE, State.RUNNING);
    }

    /// The same, further on.
    QueueJob reached(Optional<QueueId> last, List<QueueId> busy, QueueActions.Tally so) {
        return new QueueJob(number, began, order, through, last, busy, so, state);
    }

    /// The same in another state.
    QueueJob in(State next) {
        return new QueueJob(number, began, order, through, after, again, tally, next);
    }
}
