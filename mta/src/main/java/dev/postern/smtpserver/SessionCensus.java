package dev.postern.smtpserver;

import dev.postern.smtp.Reply;
import dev.postern.wire.AddressBlock;
import dev.postern.wire.Endpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts the sessions of a server, in all and by where they come from, and tells when there is no
/// room.
///
/// Shared by the listeners of a server and touched by many threads: the map keeps its counts by
/// atomic updates, and holds an entry only for who is here.
public final class SessionCensus {
    private final CensusLimits limits;
    private final AtomicInteger present = new AtomicInteger();
    private final ConcurrentHashMap<AddressBlock, Integer> counts = new ConcurrentHashMap<>();

    /// An address and what is around it, each with the number of sessions that it may have.
    private record Household(AddressBlock block, int limit) {}

    private List<Household> households(InetAddress address) {
        return List.of(
                new Household(AddressBlock.host(address), limits.perAddress()),
                new Household(AddressBlock.site(address), limits.perNetwork()),
                new Household(AddressBlock.region(address), limits.perRegion()));
    }

    /// Nobody is here yet.
    public SessionCensus(CensusLimits limits) {
        this.limits = limits;
    }

    /// Counts a client in.
    ///
    /// @return nothing if there is room; else the reply to turn it away with, and it is not counted
    Optional<Reply> enter(Endpoint peer) {
        if (present.incrementAndGet() > limits.inAll()) {
            present.decrementAndGet();
            return Optional.of(Replies.TOO_MANY_SESSIONS);
        }
        List<AddressBlock> entered = new ArrayList<>();
        for (Household household : households(peer)) {
            entered.add(household.block());
            if (counts.merge(household.block(), 1, Integer::sum) > household.limit()) {
                leave(entered);
                return Optional.of(Replies.TOO_MANY_FROM_THERE);
            }
        }
        return Optional.empty();
    }

    /// Counts a client out.
    void leave(Endpoint peer) {
        leave(households(peer).stream().map(Household::block).toList());
    }

    /// From its households first, so that whoever finds room in all never finds its household fuller
    /// than it is.
    private void leave(List<AddressBlock> blocks) {
        blocks.forEach(block -> counts.computeIfPresent(block, (_, count) -> count == 1 ? null : count - 1));
        present.decrementAndGet();
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

    /// Of how many addresses and networks a count is kept.
    int households() {
        return counts.size();
    }
}
