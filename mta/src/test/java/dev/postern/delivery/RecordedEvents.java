package dev.postern.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.event.Event;
import dev.postern.event.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Events, kept in their order, that a test can wait for; used by any number of threads.
public final class RecordedEvents implements Events {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final List<Event> all = new ArrayList<>();

    @Override
    public void emit(Event event) {
        lock.lock();
        try {
            all.add(event);
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// All of a kind so far.
    public <E> List<E> of(Class<E> kind) {
        lock.lock();
        try {
            return all.stream().filter(kind::isInstance).map(kind::cast).toList();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until there are so many of a kind, and gives them.
    public <E> List<E> await(int count, Class<E> kind) throws InterruptedException {
        await(events -> events.stream().filter(kind::isInstance).count() >= count);
        return of(kind);
    }

    private Map<String, Long> counts() {
        return all.stream()
                .collect(Collectors.groupingBy(
                        event -> event.getClass().getSimpleName(), TreeMap::new, Collectors.counting()));
    }

    /// Waits until all events together are as wanted.
    public void await(Predicate<List<Event>> wanted) throws InterruptedException {
        long left = PATIENCE.toNanos();
        lock.lock();
        try {
            while (!wanted.test(all)) {
                assertThat(left).as("waited in vain; there were %s", counts()).isPositive();
                left = more.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
