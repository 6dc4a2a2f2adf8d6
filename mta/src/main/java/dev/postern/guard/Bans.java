package dev.postern.guard;

import dev.postern.event.Events;
import dev.postern.wire.AddressBlock;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/// Who is banned, and who was lately, so that the next ban is longer.
///
/// Holds {@value #MOST} bans, below 4 MiB; where one more comes, the one that ends first makes room, those that are
/// over before the others. Touched by all sessions: `lock` guards the two orders and `version`; `known` is written
/// under it and read without, and the masks tell readers which lengths of prefixes to look for.
public final class Bans {
    /// Bans that are remembered.
    public static final int MOST = 16_384;

    private static final Comparator<Entry> BY_END =
            Comparator.comparing((Entry entry) -> entry.ban.until()).thenComparing(entry -> entry.ban.network());

    private final InstantSource clock;
    private final Events events;
    private final ReentrantLock lock = new ReentrantLock();
    private final ConcurrentHashMap<AddressBlock, Entry> known = new ConcurrentHashMap<>();
    private final TreeSet<Entry> running = new TreeSet<>(BY_END);
    private final TreeSet<Entry> over = new TreeSet<>(BY_END);
    private long version;

    /// Bit n - 1 is set where there has been a ban of n bits.
    private volatile long ipv4Lengths;

    private volatile long ipv6Lengths;

    private static final class Entry {
        private final Ban ban;
        private final LongAdder turnedAway = new LongAdder();

        Entry(Ban ban) {
            this.ban = ban;
        }
    }

    /// A ban and what it has done.
    ///
    /// @param turnedAway connections since the server started
    public record Running(Ban ban, long turnedAway) {}

    /// Nobody is banned.
    public Bans(InstantSource clock, Events events) {
        this.clock = clock;
        this.events = events;
    }

    /// Takes over what was remembered before a restart; it is no news.
    public void restore(List<Ban> bans) {
        Instant now = clock.instant();
        lock.lock();
        try {
            bans.forEach(ban -> put(ban, now));
        } finally {
            lock.unlock();
        }
    }

    /// The ban that a client is under.
    Optional<Ban> find(InetAddress client) {
        return entry(client).map(entry -> entry.ban);
    }

    /// The same, and one more connection is turned away by it.
    Optional<Ban> turnAway(InetAddress client) {
        Optional<Entry> found = entry(client);
        found.ifPresent(entry -> entry.turnedAway.increment());
        return found.map(entry -> entry.ban);
    }

    private Optional<Entry> entry(InetAddress client) {
        boolean ipv6 = client.getAddress().length > Integer.BYTES;
        long lengths = ipv6 ? ipv6Lengths : ipv4Lengths;
        if (lengths == 0) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        for (long rest = lengths; rest != 0; rest &= rest - 1) {
            Entry entry = known.get(AddressBlock.around(client, Long.numberOfTrailingZeros(rest) + 1));
            if (entry != null && !entry.ban.isOver(now)) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    /// Whether an address was banned so lately that its next ban would be longer.
    boolean wasBanned(AddressBlock host) {
        return known.containsKey(host);
    }

    /// Bans a host for its offences, and its network where that was one too many of it; nothing happens to who is
    /// banned already.
    void offender(InetAddress client, String why, BanTerms terms) {
        lock.lock();
        try {
            if (find(client).isPresent()) {
                return;
            }
            ban(AddressBlock.host(client), Ban.Source.OFFENCES, why, terms);
            AddressBlock site = AddressBlock.site(client);
            long neighbours = running.stream()
                    .filter(entry -> entry.ban.source() == Ban.Source.OFFENCES)
                    .filter(entry -> site.contains(entry.ban.network().first()))
                    .count();
            if (terms.addresses() > 0 && neighbours >= terms.addresses()) {
                ban(site, Ban.Source.NEIGHBOURS, neighbours + " addresses of it are banned", terms);
            }
        } finally {
            lock.unlock();
        }
    }

    private void ban(AddressBlock network, Ban.Source source, String why, BanTerms terms) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Entry before = known.get(network);
        int times = before == null ? 1 : before.ban.times() + 1;
        tell(new Ban(network, now, now.plus(terms.times().of(times)), times, source, why));
    }

    /// Bans a network because an operator says so; what was said of it before is replaced.
    public Ban add(AddressBlock network, Duration time, String why) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Ban ban = new Ban(network, now, now.plus(time), 1, Ban.Source.OPERATOR, why);
        lock.lock();
        try {
            tell(ban);
        } finally {
            lock.unlock();
        }
        return ban;
    }

    private void tell(Ban ban) {
        put(ban, clock.instant());
        events.emit(new GuardEvent.Banned(
                ban.network(), ban.until(), ban.times(), ban.source().label(), ban.why()));
    }

    private void put(Ban ban, Instant now) {
        Entry before = known.get(ban.network());
        if (before != null) {
            if (running.contains(before)) {
                end(before, before.ban.isOver(now) ? "over" : "replaced");
            }
            forget(before);
        }
        while (known.size() >= MOST) {
            if (over.isEmpty()) {
                end(running.first(), "no room");
            }
            forget(over.first());
        }
        Entry entry = new Entry(ban);
        known.put(ban.network(), entry);
        (ban.isOver(now) ? over : running).add(entry);
        long bit = 1L << (ban.network().bits() - 1);
        if (ban.network().ipv6()) {
            ipv6Lengths |= bit;
        } else {
            ipv4Lengths |= bit;
        }
        version++;
    }

    private void forget(Entry entry) {
        known.remove(entry.ban.network());
        running.remove(entry);
        over.remove(entry);
        version++;
    }

    private void end(Entry entry, String why) {
        running.remove(entry);
        over.add(entry);
        version++;
        events.emit(new GuardEvent.BanEnded(entry.ban.network(), entry.turnedAway.sum(), why));
    }

    /// Ends the bans of a network and of all that lies in it, and forgets that they were.
    ///
    /// @return the bans that ended
    List<Ban> remove(AddressBlock network) {
        List<Ban> removed = new ArrayList<>();
        lock.lock();
        try {
            for (Entry entry : List.copyOf(known.values())) {
                AddressBlock banned = entry.ban.network();
                if (banned.ipv6() == network.ipv6()
                        && banned.bits() >= network.bits()
                        && network.contains(banned.first())) {
                    if (running.contains(entry)) {
                        removed.add(entry.ban);
                        end(entry, "removed");
                    }
                    forget(entry);
                }
            }
        } finally {
            lock.unlock();
        }
        return removed;
    }

    /// Tells of the bans that are over now, and forgets those that were over for as long as a ban can be.
    void sweep(Duration memory) {
        Instant now = clock.instant();
        lock.lock();
        try {
            while (!running.isEmpty() && running.first().ban.isOver(now)) {
                end(running.first(), "over");
            }
            while (!over.isEmpty() && over.first().ban.until().plus(memory).isBefore(now)) {
                forget(over.first());
            }
        } finally {
            lock.unlock();
        }
    }

    /// The bans that are in force, the next to end first.
    public List<Running> running() {
        Instant now = clock.instant();
        lock.lock();
        try {
            return running.stream()
                    .filter(entry -> !entry.ban.isOver(now))
                    .map(entry -> new Running(entry.ban, entry.turnedAway.sum()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /// All that is remembered, with the number of its version.
    Remembered remembered() {
        lock.lock();
        try {
            return new Remembered(
                    version,
                    known.values().stream()
                            .map(entry -> entry.ban)
                            .sorted(Comparator.comparing(Ban::network))
                            .toList());
        } finally {
            lock.unlock();
        }
    }

    /// Bans as they were at a time.
    ///
    /// @param version grows with each change
    record Remembered(long version, List<Ban> bans) {}

    /// Grows with each change.
    long version() {
        lock.lock();
        try {
            return version;
        } finally {
            lock.unlock();
        }
    }
}
