package dev.postern.wire;

import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One end of a connection within this process: two bounded pipes, deadlines kept, no TLS but what is agreed on
/// beforehand.
///
/// What one end flushes at a time the other reads at a time, so the cuts of the stream are the
/// writer's choice. Writing to an end that has gone is a [SocketException], as on a socket.
public final class MemoryConnection extends BufferedConnection {
    private Endpoint local;
    private Endpoint peer;
    private final Pipe incoming;
    private final Pipe outgoing;
    private final Optional<TlsState> agreed;
    private boolean secured;

    private MemoryConnection(Endpoint local, Endpoint peer, Pipe incoming, Pipe outgoing, Optional<TlsState> agreed) {
        this.local = local;
        this.peer = peer;
        this.incoming = incoming;
        this.outgoing = outgoing;
        this.agreed = agreed;
    }

    /// Two ends of one connection.
    public record Pair(MemoryConnection client, MemoryConnection server) {}

    /// A new connection, both ends of it.
    public static Pair pair() {
        return pair(new Endpoint.Memory("client"), new Endpoint.Memory("server"), Optional.empty());
    }

    /// A new connection whose ends bear these names.
    ///
    /// @param tls what {@link #startTls} returns at either end, while the octets go on as they are, for
    ///     rehearsals; empty: there is no TLS
    public static Pair pair(Endpoint client, Endpoint server, Optional<TlsState> tls) {
        Pipe up = new Pipe();
        Pipe down = new Pipe();
        return new Pair(
                new MemoryConnection(client, server, down, up, tls),
                new MemoryConnection(server, client, up, down, tls));
    }

    @Override
    public Endpoint local() {
        return local;
    }

    @Override
    public Endpoint peer() {
        return peer;
    }

    @Override
    void passedOn(ProxyHeader.Passed header) {
        peer = header.source();
        local = header.destination();
    }

    @Override
    int receive(byte[] to, int offset, int length, Deadline deadline) throws IOException {
        return incoming.take(to, offset, length, deadline);
    }

    @Override
    int receiveNow(byte[] to, int offset, int length) throws IOException {
        return incoming.takeNow(to, offset, length);
    }

    @Override
    void send(byte[] octets, int offset, int length, Deadline deadline) throws IOException {
        outgoing.put(octets, offset, length, deadline);
    }

    @Override
    public TlsState startTls(TlsUpgrade upgrade, Deadline deadline) {
        if (buffered() > 0) {
            throw new IllegalStateException("octets in the clear are waiting to be read (RFC 3207 section 4.2)");
        }
        TlsState state = agreed.orElseThrow(
                () -> new IllegalStateException("a connection in memory has no TLS: test it over loopback"));
        secured = true;
        return state;
    }

    /// There are no octets of TLS here that could be awaited.
    @Override
    public TlsState acceptTls(TlsUpgrade upgrade, Deadline deadline) {
        return startTls(upgrade, deadline);
    }

    @Override
    public Optional<TlsState> tls() {
        return secured ? agreed : Optional.empty();
    }

    /// Does nothing: every call here keeps its deadline by itself.
    @Override
    public void expire(long nanoTime) {}

    @Override
    public void underWatch() {}

    @Override
    public void close() {
        outgoing.end();
        incoming.abandon();
    }

    /// Octets on their way in one direction; its lock guards all its fields.
    private static final class Pipe {
        private static final int CAPACITY = 64 * 1024;

        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();
        private int taken;
        private int octets;
        private boolean ended;
        private boolean abandoned;

        int take(byte[] to, int offset, int length, Deadline deadline) throws IOException {
            lock.lock();
            try {
                while (pieces.isEmpty() && !ended && !abandoned) {
                    pause(deadline, "octets");
                }
                return takeHere(to, offset, length);
            } finally {
                lock.unlock();
            }
        }

        int takeNow(byte[] to, int offset, int length) throws IOException {
            lock.lock();
            try {
                return pieces.isEmpty() && !ended && !abandoned ? 0 : takeHere(to, offset, length);
            } finally {
                lock.unlock();
            }
        }

        private int takeHere(byte[] to, int offset, int length) throws IOException {
            if (abandoned) {
                throw new IOException("this end is closed");
            }
            byte[] piece = pieces.peek();
            if (piece == null) {
                return -1;
            }
            int count = Math.min(length, piece.length - taken);
            System.arraycopy(piece, taken, to, offset, count);
            taken += count;
            octets -= count;
            if (taken == piece.length) {
                pieces.remove();
                taken = 0;
            }
            changed.signalAll();
            return count;
        }

        void put(byte[] from, int offset, int length, Deadline deadline) throws IOException {
            lock.lock();
            try {
                int rest = length;
                while (rest > 0) {
                    while (octets == CAPACITY && !abandoned && !ended) {
                        pause(deadline, "the peer to take octets");
                    }
                    if (abandoned || ended) {
                        throw new SocketException(ended ? "this end is closed" : "the peer closed the connection");
                    }
                    int count = Math.min(rest, CAPACITY - octets);
                    int at = offset + length - rest;
                    pieces.add(Arrays.copyOfRange(from, at, at + count));
                    octets += count;
                    rest -= count;
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }

        @SuppressWarnings("WaitNotInLoop") // the callers loop
        private void pause(Deadline deadline, String what) throws IOException {
            long left = deadline.nanos() - System.nanoTime();
            if (left <= 0) {
                throw new DeadlineExceeded("waited too long for " + what);
            }
            try {
                changed.awaitNanos(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for " + what, e);
            }
        }

        /// The writer has closed: what is on its way can still be read.
        void end() {
            lock.lock();
            try {
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        /// The reader has closed: what is on its way is lost.
        void abandon() {
            lock.lock();
            try {
                abandoned = true;
                pieces.clear();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
