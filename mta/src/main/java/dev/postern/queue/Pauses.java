package dev.postern.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/// Lanes whose rate lets nothing go for a while and that have no worker who waits for its end, in the order of the
/// ends. Guarded by the queue's lock.
final class Pauses {
    /// The longest that a rate of one a minute makes; what is farther off was said by a clock that was set back since.
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final PriorityQueue<Pause> queue = new PriorityQueue<>(Comparator.comparing(Pause::until));
    private final Set<Lane> lanes = new HashSet<>();

    private record Pause(Lane lane, Instant until) {
        boolean isOver(Instant now) {
            return !until.isAfter(now) || until.isAfter(now.plus(LONGEST));
        }
    }

    /// A lane waits until a moment, if it does not wait already.
    ///
    /// @return whether that is new
    boolean add(Lane lane, Instant until) {
        return lanes.add(lane) && queue.add(new Pause(lane, until));
    }

    /// Takes out the lanes that have waited long enough.
    List<Lane> end(Instant now) {
        List<Lane> over = new ArrayList<>();
        for (Pause next = queue.peek(); next != null && next.isOver(now); next = queue.peek()) {
            queue.remove();
            lanes.remove(next.lane());
            over.add(next.lane());
        }
        return over;
    }

    /// When the first pause ends; empty if there is none.
    Optional<Instant> next() {
        return Optional.ofNullable(queue.peek()).map(Pause::until);
    }
}
