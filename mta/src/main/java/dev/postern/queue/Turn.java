package dev.postern.queue;

import dev.postern.smtp.Priority;
import java.time.Duration;
import java.time.Instant;

/// When something that waits has its turn beside others: in the order of coming, but each step of priority is worth
/// {@link #WORTH} of waiting.
///
/// So what is urgent goes before what has waited for less than that, and nothing is overtaken for ever: of two that are
/// as far apart as can be, the less urgent one goes before all that come 18 times that long after it.
///
/// @param due since when it waits
/// @param priority how urgent it is
record Turn(Instant due, Priority priority) implements Comparable<Turn> {
    /// How much waiting one step of priority is worth.
    static final Duration WORTH = Duration.ofMinutes(5);

    /// The turn of what has the usual priority.
    static Turn usual(Instant due) {
        return new Turn(due, Priority.USUAL);
    }

    /// The turn of what is as urgent and waits since another moment.
    Turn at(Instant since) {
        return new Turn(since, priority);
    }

    /// Whether it is more urgent than the usual.
    boolean isUrgent() {
        return priority.isUrgent();
    }

    /// Whether it is as urgent as the usual.
    boolean isUsual() {
        return priority.value() == 0;
    }

    /// The order of turns; equal where the times are, whatever makes them up.
    @Override
    public int compareTo(Turn other) {
        return isUsual() && other.isUsual() ? due.compareTo(other.due) : time().compareTo(other.time());
    }

    private Instant time() {
        return due.minus(WORTH.multipliedBy(priority.value()));
    }
}
