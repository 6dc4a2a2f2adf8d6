package dev.postern.wire;

import org.jspecify.annotations.Nullable;

/// The deadline of a blocking call that the system cannot time out, held for a watch to see.
/// Written by the thread that blocks and read by the watch, through one volatile field.
final class Overdue {
    private volatile @Nullable Deadline deadline;

    /// A blocking call begins.
    void enter(Deadline until) {
        deadline = until;
    }

    /// The blocking call is over.
    void leave() {
        deadline = null;
    }

    /// Whether a call is under way that should have ended at `nanoTime`.
    boolean isAt(long nanoTime) {
        Deadline present = deadline;
        return present != null && present.nanos() - nanoTime <= 0;
    }
}
