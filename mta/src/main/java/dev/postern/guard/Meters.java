package dev.postern.guard;

import dev.postern.crypto.Sha256;
import dev.postern.event.Events;
import dev.postern.wire.AddressBlock;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
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
        Account own = own(client, rate);
        Optional<Denial> denied = ask(Buckets::take, own, new Want(demand, 1, now));
        if (denied.isPresent()) {
            return denied;
        }
        Optional<Denial> around = ask(Buckets::take, around(client, rate), new Want(demand, 1, now));
        if (around.isPresent() && own.limit() > 0) {
            addresses.giveBack(use(own.key(), demand, 1, own.limit()), now);
        }
        return around;
    }

    /// Takes one for a user.
    Optional<Denial> take(String user, Demand demand, long limit) {
        return limit == 0
                ? Optional.empty()
                : ask(
                        Buckets::take,
                        new Account(users, Denial.Scope.USER, user, key(user), limit),
                        new Want(demand, 1, now()));
    }

    /// Asks for an address and its network.
    Optional<Denial> look(InetAddress client, Demand demand, Rates.Rate rate, long amount) {
        Want want = new Want(demand, amount, now());
        return ask(Buckets::look, own(client, rate), want).or(() -> ask(Buckets::look, around(client, rate), want));
    }

    /// Counts for an address and its network what was had already.
    void had(InetAddress client, Demand demand, Rates.Rate rate, long amount) {
        long now = now();
        for (Account account : List.of(own(client, rate), around(client, rate))) {
            if (account.limit() > 0) {
                account.buckets().fill(use(account.key(), demand, amount, account.limit()), now);
            }
        }
    }

    /// For whom something is counted, and how much there may be; no limit where that is 0.
    private record Account(Buckets buckets, Denial.Scope whose, Object who, long key, long limit) {}

    /// What is asked for, and when.
    private record Want(Demand demand, long amount, long now) {}

    /// How a bucket is asked.
    private interface Question {
        Buckets.Found put(Buckets to, Buckets.Use use, long now);
    }

    private Account own(InetAddress client, Rates.Rate rate) {
        AddressBlock host = AddressBlock.host(client);
        return new Account(addresses, Denial.Scope.ADDRESS, host, key(host), rate.perAddress());
    }

    private Account around(InetAddress client, Rates.Rate rate) {
        AddressBlock site = AddressBlock.site(client);
        return new Account(networks, Denial.Scope.NETWORK, site, key(site), rate.perNetwork());
    }

    private Optional<Denial> ask(Question question, Account account, Want want) {
        if (account.limit() == 0) {
            return Optional.empty();
        }
        Buckets.Use use = use(account.key(), want.demand(), want.amount(), account.limit());
        Buckets.Found found = question.put(account.buckets(), use, want.now());
        return found.isFull() ? Optional.of(denied(account, want.demand(), found)) : Optional.empty();
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

    private Denial denied(Account account, Demand demand, Buckets.Found found) {
        Objects.requireNonNull(denied.get(demand)).increment();
        if (found.news()) {
            events.emit(new GuardEvent.LimitReached(account.who().toString(), demand.label(), account.limit()));
        }
        return new Denial.TooMuch(demand, account.whose(), account.limit(), Duration.ofNanos(found.delay()));
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
        return mixed(ByteBuffer.wrap(Sha256.of(user)).getLong() ^ seed);
    }

    /// Different for different numbers, and each bit depends on all bits of the number (the finalizer of SplitMix64).
    private long mixed(long number) {
        long z = number;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
