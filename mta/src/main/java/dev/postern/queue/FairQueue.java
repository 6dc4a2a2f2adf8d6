package dev.postern.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/// What waits for its turn, of many owners. Of what is equally urgent each owner has one out in turn
/// ({@link Round}). Between the levels of urgency, that goes first whose oldest has the earliest {@link
/// Turn}, and of equal ones the more urgent; so no level waits for ever, and within a level no owner
/// does.
///
/// Used under the lock of whoever owns it.
///
/// @param <T> what waits
/// @param <K> its owner
final class FairQueue<T, K> {
    private final Function<T, Turn> turns;
    private final Function<T, K> owners;
    private final Round<T, K> usual;

    /// The levels but the usual one, the most urgent first, those in which something waits.
    private final TreeMap<Integer, Round<T, K>> others = new TreeMap<>((a, b) -> Integer.compare(b, a));

    /// @param turns tells the turn of what waits; always the same
    /// @param owners tells whose it is; always the same
    FairQueue(Function<T, Turn> turns, Function<T, K> owners) {
        this.turns = turns;
        this.owners = owners;
        this.usual = new Round<>(turns);
    }

    void add(T what) {
        Turn turn = turns.apply(what);
        Round<T, K> level =
                turn.isUsual() ? usual : others.computeIfAbsent(turn.priority().value(), _ -> new Round<>(turns));
        level.add(what, owners.apply(what));
    }

    boolean isEmpty() {
        return usual.isEmpty() && others.isEmpty();
    }

    /// What goes next, left where it is.
    Optional<T> peek() {
        return isEmpty() ? Optional.empty() : Optional.of(next().peek());
    }

    /// Takes out what goes next.
    ///
    /// @throws java.util.NoSuchElementException if nothing waits
    T remove() {
        T what = next().remove();
        dropEmpty();
        return what;
    }

    private void dropEmpty() {
        if (!others.isEmpty()) {
            others.values().removeIf(Round::isEmpty);
        }
    }

    /// The level that is served next.
    private Round<T, K> next() {
        if (others.isEmpty()) {
            return usual;
        }
        Round<T, K> first = usual;
        Turn earliest = usual.isEmpty() ? null : usual.oldest();
        for (var other : others.entrySet()) {
            Turn turn = other.getValue().oldest();
            int order = earliest == null ? -1 : turn.compareTo(earliest);
            // The levels come in the order of their urgency, and the usual one was looked at before all.
            if (order < 0 || (order == 0 && first == usual && other.getKey() > 0)) {
                first = other.getValue();
                earliest = turn;
            }
        }
        return first;
    }

    /// Takes out one of an owner for which something holds, if there is one.
    ///
    /// @return whether there was
    boolean removeIf(K owner, Predicate<T> wanted) {
        boolean removed = usual.removeIf(owner, wanted)
                || others.values().stream().anyMatch(level -> level.removeIf(owner, wanted));
        dropEmpty();
        return removed;
    }

    /// Takes out all that waits, in any order.
    List<T> drain() {
        List<T> all = new ArrayList<>();
        usual.drainTo(all);
        others.values().forEach(level -> level.drainTo(all));
        others.clear();
        return all;
    }
}
