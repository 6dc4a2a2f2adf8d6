package dev.postern.guard;

import dev.postern.wire.AddressBlock;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// Clients that have shown their manners once: the latest so many, by IPv4 address or IPv6 network of 64 bits; the one
/// that was met longest ago makes room.
///
/// Touched by all sessions; a lock guards the map.
public final class KnownClients {
    /// So many are remembered: some 10 MiB, when all are there.
    public static final int USUAL = 65_536;

    private final int most;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<AddressBlock, Instant> met = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<AddressBlock, Instant> eldest) {
            return size() > most;
        }
    };

    /// @param most so many are remembered, at least one
    public KnownClients(int most, InstantSource clock) {
        if (most < 1) {
            throw new IllegalArgumentException("room for " + most + " clients");
        }
        this.most = most;
        this.clock = clock;
    }

    /// Whether a client has shown its manners within that time.
    public boolean knows(InetAddress client, Duration within) {
        Instant oldest = clock.instant().minus(within);
        lock.lock();
        try {
            Instant then = met.get(AddressBlock.host(client));
            return then != null && then.isAfter(oldest);
        } finally {
            lock.unlock();
        }
    }

    /// A client has shown its manners now.
    public void met(InetAddress client) {
        Instant now = clock.instant();
        lock.lock();
        try {
            met.put(AddressBlock.host(client), now);
        } finally {
            lock.unlock();
        }
    }

    /// A client has forgotten its manners.
    public void forget(InetAddress client) {
        lock.lock();
        try {
            met.remove(AddressBlock.host(client));
        } finally {
            lock.unlock();
        }
    }

    /// How many are remembered.
    int size() {
        lock.lock();
        try {
            return met.size();
        } finally {
            lock.unlock();
        }
    }
}
