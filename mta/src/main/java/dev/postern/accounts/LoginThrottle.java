package dev.postern.accounts;

import dev.postern.crypto.Sha256;
import dev.postern.sasl.LoginGate;
import dev.postern.wire.AddressBlock;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Counts failed logins, per address, per network, per user name, and per user name and network, and tells when the
/// next
/// one has to wait. Touched by all sessions; `lock` guards the counts.
///
/// A user who has logged in from a network is at home there for 30 days: tries under that name from that network count
/// for the two together only, so that neither strangers who guess at the name nor neighbours who guess at other names
/// lock the user out. All others count four times. A try is counted when it begins and taken back when it succeeds, so
/// that many at once are not more than one after the other.
///
/// Nothing depends on whether a name exists. Names are kept as hashes, so that each costs the same.
public final class LoginThrottle {
    private static final Duration AT_HOME = Duration.ofDays(30);

    private final InstantSource clock;
    private final UnaryOperator<String> canonical;
    private final AtomicReference<Rules> rules;
    private final ReentrantLock lock = new ReentrantLock();
    private final FailureCounts<AddressBlock> addresses = new FailureCounts<>();
    private final FailureCounts<AddressBlock> networks = new FailureCounts<>();
    private final FailureCounts<Name> names = new FailureCounts<>();
    private final FailureCounts<Home> homes = new FailureCounts<>();
    private final Map<Home, Instant> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Home, Instant> eldest) {
            return size() > FailureCounts.CAPACITY;
        }
    };

    private record Rules(LoginThrottleSettings settings, Predicate<InetAddress> exempt) {}

    /// A user name, by 128 bits of its hash.
    private record Name(long high, long low) {
        static Name of(String canonical) {
            ByteBuffer hash = ByteBuffer.wrap(Sha256.of(canonical));
            return new Name(hash.getLong(), hash.getLong());
        }
    }

    /// A user name and a network; no network where the client has no address.
    private record Home(Name name, Optional<AddressBlock> network) {}

    /// @param canonical makes one name of all the ways to write a user's
    public LoginThrottle(LoginThrottleSettings settings, UnaryOperator<String> canonical, InstantSource clock) {
        this.clock = clock;
        this.canonical = canonical;
        this.rules = new AtomicReference<>(new Rules(settings, address -> false));
    }

    /// Goes by other rules from now on; what was counted stays.
    ///
    /// @param exempt addresses that many users share, such as a webmail server's: failures from there count for
    ///     the user names only
    public void use(LoginThrottleSettings settings, Predicate<InetAddress> exempt) {
        rules.set(new Rules(settings, exempt));
    }

    /// One AUTH command of a client, which tries one name at most. Used by one thread.
    ///
    /// @param from the client's address; empty where it has none, on a Unix socket
    public Attempt attempt(Optional<InetAddress> from) {
        return new Attempt(from);
    }

    /// Of how many addresses, networks, names, and pairs of both something is remembered, together.
    int size() {
        lock.lock();
        try {
            return addresses.size() + networks.size() + names.size() + homes.size() + known.size();
        } finally {
            lock.unlock();
        }
    }

    /// A try to log in, counted as failed until it is said to be otherwise.
    public final class Attempt implements LoginGate {
        private final Optional<InetAddress> from;
        private Optional<Tried> tried = Optional.empty();

        /// What was counted.
        ///
        /// @param stranger whether it was counted four times
        private record Tried(Home home, boolean stranger) {}

        Attempt(Optional<InetAddress> from) {
            this.from = from;
        }

        @Override
        public Optional<Closed> ask(String user) {
            Name name = Name.of(canonical.apply(user));
            Home home = new Home(name, from.map(AddressBlock::site));
            Instant now = clock.instant();
            lock.lock();
            try {
                boolean stranger = !isAtHome(home, now);
                Optional<Closed> closed =
                        stranger ? strangerWaits(home, now) : closed("account and network", homes.wait(home, now));
                if (closed.isEmpty()) {
                    count(home, stranger, now);
                    tried = Optional.of(new Tried(home, stranger));
                }
                return closed;
            } finally {
                lock.unlock();
            }
        }

        /// The user has logged in, and is at home in this network from now on.
        public void succeeded() {
            lock.lock();
            try {
                tried.ifPresent(this::takeBack);
                tried.ifPresent(t -> {
                    homes.forget(t.home());
                    known.put(t.home(), clock.instant());
                });
                tried = Optional.empty();
            } finally {
                lock.unlock();
            }
        }

        /// It could not be told whether the user is the one; that counts for nothing.
        public void unjudged() {
            lock.lock();
            try {
                tried.ifPresent(this::takeBack);
                tried = Optional.empty();
            } finally {
                lock.unlock();
            }
        }

        /// The try has failed; where no name could be read, the address and the network count alone.
        public void failed() {
            if (tried.isPresent()) {
                return;
            }
            Instant now = clock.instant();
            lock.lock();
            try {
                countAddress(now);
            } finally {
                lock.unlock();
            }
        }

        private Optional<InetAddress> counted() {
            return from.filter(rules.get().exempt().negate());
        }

        private boolean isAtHome(Home home, Instant now) {
            Instant last = known.get(home);
            return last != null && last.plus(AT_HOME).isAfter(now);
        }

        private Optional<Closed> strangerWaits(Home home, Instant now) {
            Optional<InetAddress> address = counted();
            return longer(
                    longer(
                            closed("account and network", homes.wait(home, now)),
                            closed("account", names.wait(home.name(), now))),
                    longer(
                            address.flatMap(a -> closed("address", addresses.wait(AddressBlock.host(a), now))),
                            address.flatMap(a -> closed("network", networks.wait(AddressBlock.site(a), now)))));
        }

        private void count(Home home, boolean stranger, Instant now) {
            LoginThrottleSettings settings = rules.get().settings();
            homes.add(home, settings.failures().perAccountAndNetwork(), settings.waits(), now);
            if (stranger) {
                names.add(home.name(), settings.failures().perAccount(), settings.waits(), now);
                countAddress(now);
            }
        }

        private void countAddress(Instant now) {
            LoginThrottleSettings settings = rules.get().settings();
            counted().ifPresent(address -> {
                addresses.add(AddressBlock.host(address), settings.failures().perAddress(), settings.waits(), now);
                networks.add(AddressBlock.site(address), settings.failures().perNetwork(), settings.waits(), now);
            });
        }

        private void takeBack(Tried what) {
            LoginThrottleSettings.Failures failures = rules.get().settings().failures();
            homes.takeBack(what.home(), failures.perAccountAndNetwork());
            if (what.stranger()) {
                names.takeBack(what.home().name(), failures.perAccount());
                counted().ifPresent(address -> {
                    addresses.takeBack(AddressBlock.host(address), failures.perAddress());
                    networks.takeBack(AddressBlock.site(address), failures.perNetwork());
                });
            }
        }

        private static Optional<Closed> closed(String by, Duration wait) {
            return wait.isPositive() ? Optional.of(new Closed(by, wait)) : Optional.empty();
        }

        private static Optional<Closed> longer(Optional<Closed> one, Optional<Closed> other) {
            boolean first = one.isPresent()
                    && (other.isEmpty()
                            || one.get().closedFor().compareTo(other.get().closedFor()) >= 0);
            return first ? one : other;
        }
    }
}
