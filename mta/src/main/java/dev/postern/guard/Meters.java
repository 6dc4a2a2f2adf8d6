package dev.postern.guard;

import dev.postern.event.Events;
import dev.postern.wire.AddressBlock;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// What clients and users have had lately, by address, network and user name, and the points of offenders. Touched by
/// all sessions; the buckets guard themselves.
///
/// Remembers {@value #ADDRESSES} addresses, half as many networks and a quarter as many users, 80 octets each: at most
/// 10 MiB together, taken as they come.
final class Meters {
    /// Addresses that are remembered.
    static final int ADDRESSES = 65_536;

    /// Parts of a point by which a sum may be wrong.
    private static final double ROUNDING = 1e-6;

    private static final int POINTS = Demand.values().length;

    private final InstantSource clock;
    private final Events events;
    private final long seed;
    private final Buckets addresses;
    private final Buckets networks;
    private final Buckets users;
    private final Map<Demand, LongAdder> denied = new EnumMap<>(Demand.class);

    /// @param seed a secret number, so that nobody can choose addresses that share a bin
    Meters(long seed, InstantSource clock, Events events) {
        this.seed = seed;
        this.clock = clock;
        this.events = events;
        this.addresses = new Buckets(ADDRESSES / Buckets.WAYS, POINTS + 1);
        this.networks = new Buckets(ADDRESSES / Buckets.WAYS / 2, POINTS + 1);
        this.users = new Buckets(ADDRESSES / Buckets.WAYS / 4, POINTS + 1);
        for (Demand demand : Demand.values()) {
            denied.put(demand, new LongAdder());
        }
    }

    /// Takes one for an address and its network, or nothing.
    Optional<Denial> take(InetAddress client, Demand demand, Rates.Rate rate) {
        long now = now();
        Buckets.Use own = null;
        if (rate.perAddress() > 0) {
            AddressBlock host = AddressBlock.host(client);
            own = use(key(host), demand, 1, rate.perAddress());
            Buckets.Found found = addresses.take(own, now);
            if (found.isFull()) {
                return denied(host, demand, new Full(Denial.Scope.ADDRESS, rate.perAddress(), found));
            }
        }
        if (rate.perNetwork() > 0) {
            AddressBlock site = AddressBlock.site(client);
            Buckets.Found found = networks.take(use(key(site), demand, 1, rate.perNetwork()), now);
            if (found.isFull()) {
                if (own != null) {
                    addresses.giveBack(own, now);
                }
                return denied(site, demand, new Full(Denial.Scope.NETWORK, rate.perNetwork(), found));
            }
        }
        return Optional.empty();
    }

    /// Takes one for a user.
    Optional<Denial> take(String user, Demand demand, long limit) {
        if (limit == 0) {
            return Optional.empty();
        }
        Buckets.Found found = users.take(use(key(user), demand, 1, limit), now());
        return found.isFull() ? denied(user, demand, new Full(Denial.Scope.USER, limit, found)) : Optional.empty();
    }

    /// Asks for an address and its network.
    Optional<Denial> look(InetAddress client, Demand demand, Rates.Rate rate, long amount) {
        long now = now();
        if (rate.perAddress() > 0) {
            AddressBlock host = AddressBlock.host(client);
            Buckets.Found found = addresses.look(use(key(host), demand, amount, rate.perAddress()), now);
            if (found.isFull()) {
                return denied(host, demand, new Full(Denial.Scope.ADDRESS, rate.perAddress(), found));
            }
        }
        if (rate.perNetwork() > 0) {
            AddressBlock site = AddressBlock.site(client);
            Buckets.Found found = networks.look(use(key(site), demand, amount, rate.perNetwork()), now);
            if (found.isFull()) {
                return denied(site, demand, new Full(Denial.Scope.NETWORK, rate.perNetwork(), found));
            }
        }
        return Optional.empty();
    }

    /// Counts for an address and its network what was had already.
    void had(InetAddress client, Demand demand, Rates.Rate rate, long amount) {
        long now = now();
        if (rate.perAddress() > 0) {
            addresses.fill(use(key(AddressBlock.host(client)), demand, amount, rate.perAddress()), now);
        }
        if (rate.perNetwork() > 0) {
            networks.fill(use(key(AddressBlock.site(client)), demand, amount, rate.perNetwork()), now);
        }
    }

    /// Adds points to an address. What has leaked of a point since it was given does not count: of four offences of
    /// five points each, one right after the other, the sum is twenty.
    ///
    /// @return whether they are as many as ban
    boolean score(AddressBlock host, int points, BanTerms.Score score) {
        long room = score.memory().toNanos();
        long cost = share(points, score.points(), room);
        long level = addresses.fill(new Buckets.Use(key(host), POINTS, cost, room), now());
        return Math.ceil((double) level / room * score.points() - ROUNDING) >= score.points();
    }

    /// Takes all points from an address.
    void forgive(AddressBlock host) {
        addresses.empty(key(host), POINTS);
    }

    /// Which part of the points that ban an address has, 1 for all.
    double scored(AddressBlock host, BanTerms.Score score) {
        long room = score.memory().toNanos();
        return Math.min(1, (double) addresses.level(key(host), POINTS, room, now()) / room);
    }

    /// How often each demand was denied.
    Map<Demand, Long> denied() {
        Map<Demand, Long> counts = new EnumMap<>(Demand.class);
        denied.forEach((demand, count) -> counts.put(demand, count.sum()));
        return counts;
    }

    /// Whose bucket was full.
    private record Full(Denial.Scope whose, long limit, Buckets.Found found) {}

    private Optional<Denial> denied(Object who, Demand demand, Full full) {
        Objects.requireNonNull(denied.get(demand)).increment();
        if (full.found().news()) {
            events.emit(new GuardEvent.LimitReached(who.toString(), demand.label(), full.limit()));
        }
        Duration delay = Duration.ofNanos(full.found().delay());
        return Optional.of(new Denial.TooMuch(demand, full.whose(), full.limit(), delay));
    }

    private static Buckets.Use use(long key, Demand demand, long amount, long limit) {
        long room = demand.period().toNanos();
        return new Buckets.Use(key, demand.place(), share(amount, limit, room), room);
    }

    /// How much of a bucket an amount fills; what is beyond all of it is cut, so that no number overflows.
    private static long share(long amount, long limit, long room) {
        return (long) Math.ceil((double) room * Math.min(amount, 2 * limit) / limit);
    }

    private long now() {
        return clock.millis() * 1_000_000;
    }

    private long key(AddressBlock block) {
        return mixed(block.prefix() ^ (block.ipv6() ? seed : Long.rotateLeft(seed, Integer.SIZE)));
    }

    private long key(String user) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(user.getBytes(StandardCharsets.UTF_8));
            return mixed(ByteBuffer.wrap(hash).getLong() ^ seed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Different for different numbers, and each bit depends on all bits of the number (the finalizer of SplitMix64).
    private long mixed(long number) {
        long z = number;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
