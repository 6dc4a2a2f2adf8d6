package dev.postern.spool;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// Hands out queue ids that only grow, also when the clock jumps back; used by any number of
/// threads.
public final class QueueIds {
    private final InstantSource clock;
    private final AtomicLong last;

    /// @param after the greatest value that was ever handed out; -1 where none was
    public QueueIds(InstantSource clock, long after) {
        this.clock = clock;
        this.last = new AtomicLong(after);
    }

    /// The next id: what the clock says, or one more than the last.
    public QueueId next() {
        long now = QueueId.firstOf(clock.instant()).value();
        return new QueueId(last.updateAndGet(before -> Math.max(before + 1, now)));
    }

    /// Hands out none up to this one any more.
    public void pass(QueueId id) {
        last.accumulateAndGet(id.value(), Math::max);
    }

    /// The value of the last id handed out or passed.
    public long last() {
        return last.get();
    }
}
