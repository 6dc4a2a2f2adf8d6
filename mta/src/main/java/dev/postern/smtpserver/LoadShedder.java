package dev.postern.smtpserver;

import dev.postern.event.Events;
import dev.postern.policy.ListenerRole;
import dev.postern.pressure.Level;
import dev.postern.pressure.Pressure;
import dev.postern.pressure.Resource;
import dev.postern.smtpserver.SessionCensus.Entry;
import dev.postern.smtpserver.SessionCensus.Seat;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Decides who gets in and who has to leave when a server has too much to do; shared by its listeners.
///
/// Three things take the load off. Other servers are turned away at the door when disk, memory or the spool lack.
/// Where the sessions lack, the one that was silent the longest without a transaction goes for the newcomer. And under
/// pressure the times of other servers' sessions shrink, also for those that wait already. Users who have logged in,
/// programs of this machine and whoever brings mail by LMTP are never asked to leave; a transaction is never ended for
/// a newcomer.
///
/// Touched by the accept threads, the sweepers and the sessions' threads. `guests` is a concurrent map; `lock` guards
/// the candidates, which a look at all guests brings, at most ten times a second, so that a flood of newcomers does
/// not cost a look each.
public final class LoadShedder {
    private static final int MOST_CANDIDATES = 64;
    private static final int AT_ONCE_FOR_DESCRIPTORS = 16;
    private static final long LOOK_EVERY = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    /// The word in the log for sessions that were ended by the clock.
    private static final String PRESSURE = "pressure";

    /// Whose sessions may be asked to leave at all.
    private static final Set<ListenerRole> FROM_OUTSIDE =
            EnumSet.of(ListenerRole.MX, ListenerRole.SUBMISSION, ListenerRole.SUBMISSIONS);

    private final SessionCensus census;
    private final Supplier<Pressure> pressure;
    private final Events events;
    private final LongSupplier nanoTime;
    private volatile Shedding settings;
    private final Map<ServerSession, Seat> guests = new ConcurrentHashMap<>();
    private final Map<ListenerRole, Map<String, Recurring<String>>> told = new EnumMap<>(ListenerRole.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Set<ListenerRole>, Candidates> candidates = new HashMap<>();

    /// Sessions that were silent the longest when all were looked at.
    private static final class Candidates {
        private final Deque<Candidate> longest = new ArrayDeque<>();
        private long lookedAt;
    }

    /// A session that might leave.
    ///
    private record Candidate(ServerSession session, Seat seat, Turn.Wait idle) {}

    /// @param census counts the sessions
    /// @param pressure what the server is short of
    public LoadShedder(SessionCensus census, Shedding settings, Supplier<Pressure> pressure, Events events) {
        this(census, settings, pressure, events, System::nanoTime);
    }

    /// Whose clock is `nanoTime`.
    LoadShedder(
            SessionCensus census,
            Shedding settings,
            Supplier<Pressure> pressure,
            Events events,
            LongSupplier nanoTime) {
        this.census = census;
        this.settings = settings;
        this.pressure = pressure;
        this.events = events;
        this.nanoTime = nanoTime;
        for (ListenerRole role : ListenerRole.values()) {
            told.put(role, new ConcurrentHashMap<>());
        }
    }

    /// Goes by other settings from now on.
    public void use(Shedding others) {
        settings = others;
    }

    /// Lets a client in, where there is room or some can be made.
    Entry admit(ListenerRole role, Endpoint peer) {
        if (role == ListenerRole.MX) {
            Optional<Resource> lacking = pressure.get().lacking(Resource.DISK, Resource.MEMORY, Resource.SPOOL);
            if (lacking.isPresent()) {
                return new Entry.Full(Shortage.of(lacking.get()));
            }
        }
        Entry entry = census.enter(role, peer);
        if (!(entry instanceof Entry.Full(Shortage shortage))) {
            return entry;
        }
        Set<ListenerRole> hosts = whoMakesRoom(role, shortage);
        return !hosts.isEmpty() && makeRoom(hosts, shortage) ? census.enter(role, peer) : entry;
    }

    /// At whose listeners a session may end for a newcomer. Other servers never take the room of users.
    private static Set<ListenerRole> whoMakesRoom(ListenerRole newcomer, Shortage shortage) {
        return switch (shortage) {
            case LISTENER -> FROM_OUTSIDE.contains(newcomer) ? EnumSet.of(newcomer) : Set.of();
            case IN_ALL -> newcomer == ListenerRole.MX ? EnumSet.of(ListenerRole.MX) : FROM_OUTSIDE;
            case DESCRIPTORS -> FROM_OUTSIDE;
            case ADDRESS, NETWORK, REGION, DISK, MEMORY, SPOOL -> Set.of();
        };
    }

    /// A client that was let in has its session.
    void settle(ServerSession session, Seat seat) {
        guests.put(session, seat);
    }

    /// How many sessions wait for their client and could be ended for a newcomer.
    long idle() {
        return guests.keySet().stream()
                .filter(session -> session.idleWait().isPresent())
                .count();
    }

    /// A session is over.
    void leave(ServerSession session, Seat seat) {
        guests.remove(session);
        seat.giveBack();
    }

    /// The system gives no more connections: ends idle sessions, some at a time, which gives theirs back.
    void spareDescriptors() {
        Set<ListenerRole> hosts = whoMakesRoom(ListenerRole.MX, Shortage.DESCRIPTORS);
        for (int i = 0; i < AT_ONCE_FOR_DESCRIPTORS; i++) {
            if (!makeRoom(hosts, Shortage.DESCRIPTORS)) {
                return;
            }
        }
    }

    /// Ends the session that was silent the longest, if there is one that may be ended.
    private boolean makeRoom(Set<ListenerRole> hosts, Shortage shortage) {
        lock.lock();
        try {
            Candidates known = candidates.computeIfAbsent(hosts, any -> new Candidates());
            return endOneOf(known, shortage) || (look(known, hosts) && endOneOf(known, shortage));
        } finally {
            lock.unlock();
        }
    }

    private boolean endOneOf(Candidates known, Shortage shortage) {
        for (Candidate one = known.longest.poll(); one != null; one = known.longest.poll()) {
            if (one.session().claim(one.idle())) {
                shed(one.session(), one.seat(), shortage.setting(one.seat().role()));
                return true;
            }
        }
        return false;
    }

    /// Looks at all guests, if that was not done just now.
    private boolean look(Candidates known, Set<ListenerRole> hosts) {
        long now = nanoTime.getAsLong();
        if (known.lookedAt != 0 && now - known.lookedAt < LOOK_EVERY) {
            return false;
        }
        known.lookedAt = now == 0 ? 1 : now;
        long latest = now - settings.silence().toNanos();
        // The one that is to go first is at the end, so that the least silent can be dropped at the head.
        PriorityQueue<Candidate> longest = new PriorityQueue<>(
                Comparator.comparingLong((Candidate one) -> now - one.idle().since()));
        guests.forEach((session, seat) -> {
            Optional<Turn.Wait> wait = hosts.contains(seat.role()) ? session.idleWait() : Optional.empty();
            if (wait.isPresent() && latest - wait.get().since() >= 0) {
                longest.add(new Candidate(session, seat, wait.get()));
                if (longest.size() > MOST_CANDIDATES) {
                    longest.remove();
                }
            }
        });
        while (!longest.isEmpty()) {
            known.longest.addFirst(longest.remove());
        }
        return !known.longest.isEmpty();
    }

    /// The seat is given back at once, so that the newcomer does not wait for the last words.
    private void shed(ServerSession session, Seat seat, String limit) {
        guests.remove(session);
        seat.giveBack();
        Thread.ofVirtual().name("postern-shed").start(() -> session.sayShed(Deadline.after(LAST_WORDS)));
        recurring(seat.role(), limit).happened(limit);
    }

    private Recurring<String> recurring(ListenerRole role, String limit) {
        return Objects.requireNonNull(told.get(role))
                .computeIfAbsent(
                        limit,
                        any -> new Recurring<>(
                                (what, times, total) -> new ListenerEvent.IdleShed(role, what, times, total),
                                events,
                                nanoTime));
    }

    /// Ends the sessions of a listener that are slower than is borne now. Called about once a second by its sweeper.
    void sweep(ListenerRole role) {
        Objects.requireNonNull(told.get(role)).values().forEach(Recurring::sweep);
        Level level = pressure.get().worst(Resource.SESSIONS, Resource.MEMORY);
        if (role != ListenerRole.MX || level == Level.CALM) {
            return;
        }
        Shedding now = settings;
        guests.forEach((session, seat) -> {
            if (seat.role() == role && session.claimOverdue(nanoTime.getAsLong(), now, level)) {
                shed(session, seat, PRESSURE);
            }
        });
    }
}
