package dev.postern.delivery;

import dev.postern.delivery.QueueActions.Action;
import dev.postern.dns.DomainName;
import dev.postern.event.Events;
import dev.postern.queue.QueueFilter;
import dev.postern.spool.SpoolException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/// Has the mail that waits for a domain tried when its host asks for it (RFC 1985). The queue is gone through for one
/// domain after the other, and for the same one at most once a minute, however often is asked.
///
/// Touched by any number of threads: `lock` guards all fields that change.
public final class RemoteStarts {
    /// How long the mail of a domain is left alone after it was looked for.
    static final Duration PAUSE = Duration.ofMinutes(1);

    /// Domains that are remembered or wait at once.
    static final int MOST = 1000;

    private final QueueActions actions;
    private final Executor executor;
    private final InstantSource clock;
    private final Events events;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<DomainName, Instant> begun = new HashMap<>();
    private final Queue<DomainName> waiting = new ArrayDeque<>();
    private boolean running;

    /// @param executor runs what takes long, in a thread of its own
    public RemoteStarts(QueueActions actions, Executor executor, InstantSource clock, Events events) {
        this.actions = actions;
        this.executor = executor;
        this.clock = clock;
        this.events = events;
    }

    /// What comes of a wish.
    public enum Answer {
        /// Its mail will be looked for.
        BEGUN,
        /// It was, less than a minute ago, or is about to be.
        BEGUN_ALREADY,
        /// Too many domains wait.
        TOO_MANY
    }

    /// Begins to look for the mail of a domain; returns at once.
    public Answer begin(DomainName domain) {
        lock.lock();
        try {
            Instant now = clock.instant();
            begun.values().removeIf(time -> time.plus(PAUSE).isBefore(now));
            if (begun.containsKey(domain)) {
                return Answer.BEGUN_ALREADY;
            }
            if (begun.size() >= MOST) {
                return Answer.TOO_MANY;
            }
            begun.put(domain, now);
            waiting.add(domain);
            if (!running) {
                running = true;
                executor.execute(this::run);
            }
            return Answer.BEGUN;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        boolean done = false;
        try {
            startAll();
            done = true;
        } finally {
            if (!done) {
                stopped();
            }
        }
    }

    /// After a mistake of ours the next wish begins anew.
    private void stopped() {
        lock.lock();
        try {
            running = false;
        } finally {
            lock.unlock();
        }
    }

    private void startAll() {
        for (Optional<DomainName> next = next(); next.isPresent(); next = next()) {
            DomainName domain = next.get();
            try {
                QueueActions.Tally tally = actions.apply(to(domain), new Action.RetryFor(domain));
                events.emit(new DeliveryEvent.Started(domain, tally.done()));
            } catch (SpoolException e) {
                events.emit(new DeliveryEvent.NotStarted(domain, String.valueOf(e.getMessage())));
            }
        }
    }

    private Optional<DomainName> next() {
        lock.lock();
        try {
            Optional<DomainName> next = Optional.ofNullable(waiting.poll());
            running = next.isPresent();
            return next;
        } finally {
            lock.unlock();
        }
    }

    /// The messages that may have a recipient there.
    private static QueueFilter to(DomainName domain) {
        return new QueueFilter(
                Optional.of("@" + domain),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(false));
    }
}
