package dev.postern.smtpserver;

import dev.postern.smtp.Reply;
import dev.postern.wire.Endpoint;
import java.net.InetAddress;
import java.nio.ByteBuffer;
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
    private final ConcurrentHashMap<Household, Integer> households = new ConcurrentHashMap<>();

    /// How far around an address is looked, in bits of the address that are the same.
    private enum Reach {
        ADDRESS(32, 64),
        NETWORK(24, 56),
        REGION(16, 48);

        private final int ipv4;
        private final int ipv6;

        Reach(int ipv4, int ipv6) {
            this.ipv4 = ipv4;
            this.ipv6 = ipv6;
        }

        int limit(CensusLimits limits) {
            return switch (this) {
                case ADDRESS -> limits.perAddress();
                case NETWORK -> limits.perNetwork();
                case REGION -> limits.perRegion();
            };
        }
    }

    /// Addresses that share their first bits.
    private record Household(Reach reach, boolean ipv6, long prefix) {
        static Household of(Reach reach, byte[] address) {
            ByteBuffer octets = ByteBuffer.wrap(address);
            return address.length == Integer.BYTES
                    ? new Household(reach, false, octets.getInt() >>> (Integer.SIZE - reach.ipv4))
                    : new Household(reach, true, octets.getLong() >>> (Long.SIZE - reach.ipv6));
        }
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
        Optional<byte[]> address = address(peer);
        if (address.isEmpty()) {
            return Optional.empty();
        }
        for (Reach reach : Reach.values()) {
            if (households.merge(Household.of(reach, address.get()), 1, Integer::sum) > reach.limit(limits)) {
                leave(address.get(), reach);
                return Optional.of(Replies.TOO_MANY_FROM_THERE);
            }
        }
        return Optional.empty();
    }

    /// Counts a client out.
    void leave(Endpoint peer) {
        Optional<byte[]> address = address(peer);
        if (address.isPresent()) {
            leave(address.get(), Reach.REGION);
        } else {
            present.decrementAndGet();
        }
    }

    /// From its households first, so that whoever finds room in all never finds its household fuller
    /// than it is.
    private void leave(byte[] address, Reach widest) {
        for (Reach reach : Reach.values()) {
            if (reach.compareTo(widest) <= 0) {
                households.computeIfPresent(Household.of(reach, address), (_, count) -> count == 1 ? null : count - 1);
            }
        }
        present.decrementAndGet();
    }

    private static Optional<byte[]> address(Endpoint peer) {
        return switch (peer) {
            case Endpoint.Inet(InetAddress address, int _) -> Optional.of(address.getAddress());
            case Endpoint.Unix _, Endpoint.Memory _ -> Optional.empty();
        };
    }

    /// How many sessions there are now.
    public int present() {
        return present.get();
    }

    /// Of how many addresses and networks a count is kept.
    int households() {
        return households.size();
    }
}
