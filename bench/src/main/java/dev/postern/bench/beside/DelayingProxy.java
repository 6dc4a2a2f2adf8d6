package dev.postern.bench.beside;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A path with a delay: a port of loopback behind which a server is, so far away that every octet is under way for a
/// while in either direction. A connection opens at once, and its greeting comes late by one way.
///
/// For each connection two threads read and two write; the counters may be read by any thread.
final class DelayingProxy implements AutoCloseable {
    private static final int CHUNK = 16 * 1024;
    private static final int CHUNKS_UNDER_WAY = 1024;
    private static final int BACKLOG = 100;

    private final ServerSocket listener;
    private final int to;
    private final long delayNanos;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger present = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    /// Octets that are under way; none: the end.
    private static final class Chunk {
        private final byte[] octets;
        // When they arrive, by the clock of System.nanoTime.
        private final long due;

        Chunk(byte[] octets, long due) {
            this.octets = octets;
            this.due = due;
        }
    }

    private DelayingProxy(ServerSocket listener, int to, long delayNanos) {
        this.listener = listener;
        this.to = to;
        this.delayNanos = delayNanos;
    }

    /// Opens a path.
    ///
    /// @param to the port of the server on 127.0.0.1
    /// @param delay of each way
    static DelayingProxy start(int to, Duration delay) throws IOException {
        ServerSocket listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        DelayingProxy proxy = new DelayingProxy(listener, to, delay.toNanos());
        Thread.ofVirtual().start(proxy::accept);
        return proxy;
    }

    /// Its port on 127.0.0.1.
    int port() {
        return listener.getLocalPort();
    }

    /// How many connections there were.
    int connections() {
        return connections.get();
    }

    /// How many there were at once, at most.
    int mostAtOnce() {
        return most.get();
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                Socket near = listener.accept();
                open.add(near);
                connect(near);
            }
        } catch (IOException closed) {
            // How the path is ended.
            return;
        }
    }

    private void connect(Socket near) throws IOException {
        try {
            Socket far = new Socket(InetAddress.getLoopbackAddress(), to);
            open.add(far);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            connections.incrementAndGet();
            most.accumulateAndGet(present.incrementAndGet(), Math::max);
            carry(near, far, present::decrementAndGet);
            carry(far, near, () -> {});
        } catch (IOException refused) {
            // Nobody is at the other end: the client sees its connection end.
            near.close();
        }
    }

    /// @param ended is told when the one end has said its last
    private void carry(Socket from, Socket into, Runnable ended) {
        BlockingQueue<Chunk> underWay = new ArrayBlockingQueue<>(CHUNKS_UNDER_WAY);
        Thread.ofVirtual().start(() -> read(from, underWay, ended));
        Thread.ofVirtual().start(() -> write(underWay, into));
    }

    private void read(Socket from, BlockingQueue<Chunk> underWay, Runnable ended) {
        byte[] octets = new byte[CHUNK];
        try {
            int count;
            do {
                try {
                    count = from.getInputStream().read(octets);
                } catch (IOException gone) {
                    count = -1; // a connection that broke ends at the other end as well
                }
                if (count < 0) {
                    ended.run();
                }
                byte[] read = Arrays.copyOf(octets, Math.max(0, count));
                underWay.put(new Chunk(read, System.nanoTime() + delayNanos));
            } while (count >= 0);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(BlockingQueue<Chunk> underWay, Socket into) {
        try (into) {
            while (true) {
                Chunk chunk = underWay.take();
                long early = chunk.due - System.nanoTime();
                if (early > 0) {
                    TimeUnit.NANOSECONDS.sleep(early);
                }
                if (chunk.octets.length == 0) {
                    return;
                }
                into.getOutputStream().write(chunk.octets);
            }
        } catch (IOException gone) {
            // The other end has left; closing this end tells the reader of it.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(into);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
