package dev.postern.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.function.Predicate;

/// What waits for its turn. What has the usual priority goes in the order in which it was added, so that a queue
/// without any other costs what a list does; what has another is put among it by its {@link Turn}.
///
/// Used under the lock of whoever owns it.
final class TurnQueue<T> {
    /// What was added, with how many were before.
    private record Numbered<T>(T what, Turn turn, long number) implements Comparable<Numbered<T>> {
        @Override
        public int compareTo(Numbered<T> other) {
            int byTurn = turn.compareTo(other.turn);
            return byTurn != 0 ? byTurn : Long.compare(number, other.number);
        }
    }

    private final Function<T, Turn> turns;
    private final ArrayDeque<T> usual = new ArrayDeque<>();
    private final PriorityQueue<Numbered<T>> others = new PriorityQueue<>();
    private long added;

    /// @param turns tells the turn of what waits; always the same
    TurnQueue(Function<T, Turn> turns) {
        this.turns = turns;
    }

    void add(T what) {
        Turn turn = turns.apply(what);
        if (turn.isUsual()) {
            usual.add(what);
        } else {
            others.add(new Numbered<>(what, turn, added++));
        }
    }

    boolean isEmpty() {
        return usual.isEmpty() && others.isEmpty();
    }

    /// What has the first turn, left where it is.
    Optional<T> peek() {
        return isEmpty()
                ? Optional.empty()
                : Optional.of(isUsualNext() ? usual.element() : others.element().what());
    }

    /// Takes out what has the first turn.
    ///
    /// @throws java.util.NoSuchElementException if nothing waits
    T remove() {
        return isUsualNext() ? usual.remove() : others.remove().what();
    }

    /// Where turns are equal, what is urgent goes first, and the usual before what is less.
    private boolean isUsualNext() {
        if (others.isEmpty() || usual.isEmpty()) {
            return others.isEmpty();
        }
        Turn other = others.element().turn();
        int order = turns.apply(usual.element()).compareTo(other);
        return order != 0 ? order < 0 : !other.isUrgent();
    }

    /// Takes out one of those that something holds for, if there is one.
    ///
    /// @return whether there was
    boolean removeIf(Predicate<T> wanted) {
        for (T one : usual) {
            if (wanted.test(one)) {
                return usual.remove(one);
            }
        }
        Optional<Numbered<T>> other =
                others.stream().filter(one -> wanted.test(one.what())).findFirst();
        return other.filter(others::remove).isPresent();
    }

    /// Takes out all that waits, in any order.
    List<T> drain() {
        List<T> all = new ArrayList<>(usual);
        others.forEach(one -> all.add(one.what()));
        usual.clear();
        others.clear();
        return all;
    }
}
