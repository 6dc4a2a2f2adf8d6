package dev.postern.smtpserver;

import dev.postern.policy.ListenerRole;
import dev.postern.wire.AddressBlock;
import dev.postern.wire.Endpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Counts the sessions of a server, in all, by listener and by where they come from, and tells when
/// there is no room.
///
/// Shared by the listeners of a server and touched by many threads: the map keeps its counts by
/// atomic updates, and holds an entry only for who is here.
public final class SessionCensus {
    private volatile CensusLimits limits;
    private final AtomicInteger present = new AtomicInteger();
    private final Map<ListenerRole, AtomicInteger> presentAt = new EnumMap<>(ListenerRole.class);
    private final ConcurrentHashMap<AddressBlock, Integer> counts = new ConcurrentHashMap<>();

    /// An address and what is around it, each with the number of sessions that it may have.
    private record Household(AddressBlock block, int limit, Shortage shortage) {}

    private List<Household> households(InetAddress address) {
        CensusLimits.PerOrigin most = limits.perOrigin();
        return List.of(
                new Household(AddressBlock.host(address), most.address(), Shortage.ADDRESS),
                new Household(AddressBlock.site(address), most.network(), Shortage.NETWORK),
                new Household(AddressBlock.region(address), most.region(), Shortage.REGION));
    }

    /// Nobody is here yet.
    public SessionCensus(CensusLimits limits) {
        this.limits = limits;
        for (ListenerRole role : ListenerRole.values()) {
            presentAt.put(role, new AtomicInteger());
        }
    }

    /// Goes by other limits from now on; who is here stays.
    public void use(CensusLimits others) {
        limits = others;
    }

    /// What came of an attempt to be counted in.
    sealed interface Entry {
        /// There is room.
        record Seated(Seat seat) implements Entry {}

        /// There is none.
        record Full(Shortage shortage) implements Entry {}
    }

    /// The room that one session takes, until it is given back; it follows the client when another server
    /// says whom it speaks for.
    final class Seat {
        private final ListenerRole role;

        /// Where it is counted; null when it was given back.
        private final AtomicReference<@Nullable List<AddressBlock>> blocks;

        private Seat(ListenerRole role, List<AddressBlock> blocks) {
            this.role = role;
            this.blocks = new AtomicReference<>(blocks);
        }

        /// Whose listener it is at.
        ListenerRole role() {
            return role;
        }

        /// Gives it back; a second time changes nothing.
        void giveBack() {
            List<AddressBlock> counted = blocks.getAndSet(null);
            if (counted != null) {
                present.decrementAndGet();
                count(role).decrementAndGet();
                leave(counted);
            }
        }

        /// Counts it as another client from now on.
        ///
        /// @return nothing if there is room for that one; else why not, and nothing has changed
        Optional<Shortage> move(Endpoint client) {
            List<AddressBlock> entered = new ArrayList<>();
            Optional<Shortage> shortage = enterHouseholds(client, entered);
            if (shortage.isPresent()) {
                return shortage;
            }
            List<AddressBlock> before = blocks.get();
            if (before == null || !blocks.compareAndSet(before, entered)) {
                leave(entered); // it was given back meanwhile
                return Optional.empty();
            }
            leave(before);
            return Optional.empty();
        }
    }

    private AtomicInteger count(ListenerRole role) {
        return Objects.requireNonNull(presentAt.get(role));
    }

    /// Counts a client in, unless there is no room: then it is not counted. Where it comes from is looked at first, so
    /// that a place that has its share is never the reason why others make room.
    Entry enter(ListenerRole role, Endpoint peer) {
        List<AddressBlock> entered = new ArrayList<>();
        Optional<Shortage> there = enterHouseholds(peer, entered);
        if (there.isPresent()) {
            return new Entry.Full(there.get());
        }
        if (count(role).incrementAndGet() > limits.of(role) && limits.of(role) < limits.inAll()) {
            count(role).decrementAndGet();
            leave(entered);
            return new Entry.Full(Shortage.LISTENER);
        }
        if (present.incrementAndGet() > limits.inAll()) {
            present.decrementAndGet();
            count(role).decrementAndGet();
            leave(entered);
            return new Entry.Full(Shortage.IN_ALL);
        }
        return new Entry.Seated(new Seat(role, entered));
    }

    /// Counts a client at its address and around it; where one of them is full, nowhere.
    private Optional<Shortage> enterHouseholds(Endpoint peer, List<AddressBlock> entered) {
        for (Household household : households(peer)) {
            entered.add(household.block());
            if (counts.merge(household.block(), 1, Integer::sum) > household.limit()) {
                leave(entered);
                return Optional.of(household.shortage());
            }
        }
        return Optional.empty();
    }

    private void leave(List<AddressBlock> blocks) {
        blocks.forEach(block -> counts.computeIfPresent(block, (_, count) -> count == 1 ? null : count - 1));
    }

    private List<Household> households(Endpoint peer) {
        return switch (peer) {
            case Endpoint.Inet(InetAddress address, int _) -> households(address);
            case Endpoint.Unix _, Endpoint.Memory _ -> List.of();
        };
    }

    /// How many sessions there are now.
    public int present() {
        return present.get();
    }

    /// The part that is taken of all the room, or of that for other servers where it is more; 1 where there is no more.
    public double share() {
        CensusLimits now = limits;
        double inAll = (double) present.get() / now.inAll();
        double ofMx = (double) count(ListenerRole.MX).get() / now.of(ListenerRole.MX);
        return Math.max(inAll, ofMx);
    }

    /// Of how many addresses and networks a count is kept.
    int households() {
        return counts.size();
    }
}
