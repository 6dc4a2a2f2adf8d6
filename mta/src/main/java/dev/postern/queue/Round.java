package dev.postern.queue;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Lines of many owners that are served in turns: one of each, in the order in which the owners came, and within a line
/// in the order of coming. An owner who comes again after his line was empty is the last of the round.
///
/// So whoever comes waits for at most one of each other owner, however long their lines are. All steps cost the same
/// whatever waits, but for the logarithm of the number of owners where there are several.
///
/// @param <T> what waits
/// @param <K> its owner
final class Round<T, K> {
    /// What waits of one owner.
    private static final class Line<T, K> {
        final ArrayDeque<T> waiting = new ArrayDeque<>(2);

        @Nullable
        K owner;

        long number;

        T first() {
            return waiting.element();
        }
    }

    private final Function<T, Turn> turns;
    private final Map<K, Line<T, K>> lines = new HashMap<>(2);
    private final ArrayDeque<Line<T, K>> order = new ArrayDeque<>(2);

    /// The lines by the turn of their first, where there are several.
    private final TreeSet<Line<T, K>> byAge;

    /// The line that ended last, for its owner or the next: so that what comes one by one costs no memory.
    private @Nullable Line<T, K> spare;

    private long opened;

    /// @param turns tells the turn of what waits; always the same
    Round(Function<T, Turn> turns) {
        this.turns = turns;
        this.byAge = new TreeSet<>(Comparator.comparing((Line<T, K> line) -> turns.apply(line.first()))
                .thenComparingLong(line -> line.number));
    }

    boolean isEmpty() {
        return order.isEmpty();
    }

    void add(T what, K owner) {
        Line<T, K> line = lines.get(owner);
        if (line != null && line != spare) {
            line.waiting.add(what);
            return;
        }
        line = open(owner);
        line.number = opened++;
        line.waiting.add(what);
        order.add(line);
        if (order.size() == 2) {
            byAge.add(order.element());
        }
        if (order.size() > 1) {
            byAge.add(line);
        }
    }

    private Line<T, K> open(K owner) {
        Line<T, K> line = spare == null ? new Line<>() : spare;
        spare = null;
        if (!owner.equals(line.owner)) {
            if (line.owner != null) {
                lines.remove(line.owner);
            }
            line.owner = owner;
            lines.put(owner, line);
        }
        return line;
    }

    /// What goes next, left where it is.
    T peek() {
        return order.element().first();
    }

    /// The turn of what is first in its line and has the earliest.
    Turn oldest() {
        return turns.apply((byAge.isEmpty() ? order.element() : byAge.first()).first());
    }

    /// Takes out what goes next.
    ///
    /// @throws java.util.NoSuchElementException if nothing waits
    T remove() {
        Line<T, K> line = order.element();
        if (order.size() == 1) {
            T only = line.waiting.remove();
            if (line.waiting.isEmpty()) {
                order.remove();
                close(line);
            }
            return only;
        }
        order.remove();
        byAge.remove(line);
        T what = line.waiting.remove();
        if (line.waiting.isEmpty()) {
            close(line);
        } else {
            order.add(line);
            byAge.add(line);
        }
        return what;
    }

    private void close(Line<T, K> line) {
        if (spare != null && spare.owner != null) {
            lines.remove(spare.owner);
        }
        spare = line;
        if (order.size() == 1) {
            byAge.clear();
        }
    }

    /// Takes out one of an owner for which something holds, if there is one.
    ///
    /// @return whether there was
    boolean removeIf(K owner, Predicate<T> wanted) {
        Line<T, K> line = lines.get(owner);
        if (line == null || line == spare) {
            return false;
        }
        byAge.remove(line);
        boolean removed = false;
        for (Iterator<T> all = line.waiting.iterator(); all.hasNext() && !removed; ) {
            if (wanted.test(all.next())) {
                all.remove();
                removed = true;
            }
        }
        if (line.waiting.isEmpty()) {
            order.remove(line);
            close(line);
        } else if (order.size() > 1) {
            byAge.add(line);
        }
        return removed;
    }

    /// Takes out all that waits.
    void drainTo(Collection<T> all) {
        order.forEach(line -> all.addAll(line.waiting));
        lines.clear();
        spare = null;
        order.clear();
        byAge.clear();
    }
}
