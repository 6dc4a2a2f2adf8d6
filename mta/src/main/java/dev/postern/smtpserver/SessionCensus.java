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
    /// Sessions in all, unless configured.
    public static final int DEFAULT_MOST = 5000;

    /// Sessions from one address, unless configured.
    public static final int DEFAULT_MOST_FROM_ONE = 100;

    private final int most;
    private final int mostFromOne;
    private final AtomicInteger present = new AtomicInteger();
    private final ConcurrentHashMap<Household, Integer> households = new ConcurrentHashMap<>();

    /// Addresses that belong to one client as far as can be told: an IPv4 address, or an IPv6
    /// network of 64 bits, whose addresses any host in it may take at will (RFC 4291 §2.5.4).
    private record Household(boolean ipv6, long prefix) {
        static Optional<Household> of(Endpoint peer) {
            return switch (peer) {
                case Endpoint.Inet(InetAddress address, int port) -> Optional.of(of(address.getAddress()));
                case Endpoint.Unix unix -> Optional.empty();
                case Endpoint.Memory memory -> Optional.empty();
            };
        }

        private static Household of(byte[] address) {
            ByteBuffer octets = ByteBuffer.wrap(address);
            return address.length == Integer.BYTES
                    ? new Household(false, octets.getInt())
                    : new Household(true, octets.getLong());
        }
    }

    /// @param most sessions in all
    /// @param mostFromOne sessions from one IPv4 address or one IPv6 network of 64 bits
    /// @throws IllegalArgumentException if one is below 1
    public SessionCensus(int most, int mostFromOne) {
        if (most < 1 || mostFromOne < 1) {
            throw new IllegalArgumentException("a limit below 1");
        }
        this.most = most;
        this.mostFromOne = mostFromOne;
    }

    /// Counts a client in.
    ///
    /// @return nothing if there is room; else the reply to turn it away with, and it is not counted
    Optional<Reply> enter(Endpoint peer) {
        if (present.incrementAndGet() > most) {
            present.decrementAndGet();
            return Optional.of(Replies.TOO_MANY_SESSIONS);
        }
        Optional<Household> household = Household.of(peer);
        if (household.isPresent() && households.merge(household.get(), 1, Integer::sum) > mostFromOne) {
            leave(peer);
            return Optional.of(Replies.TOO_MANY_FROM_THERE);
        }
        return Optional.empty();
    }

    /// Counts a client out: from its household first, so that whoever finds room in all never finds
    /// its household fuller than it is.
    void leave(Endpoint peer) {
        Household.of(peer)
                .ifPresent(household ->
                        households.computeIfPresent(household, (_, count) -> count == 1 ? null : count - 1));
        present.decrementAndGet();
    }

    /// How many sessions there are now.
    public int present() {
        return present.get();
    }

    /// From how many addresses they come.
    int households() {
        return households.size();
    }
}
