package dev.postern.smtpclient;

import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.MemoryConnection;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/// Connects to servers within the process, a virtual thread each.
public final class MemoryConnector implements Connector {
    private final Function<Endpoint, Consumer<Connection>> servers;
    private final List<Endpoint> tried = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();

    /// @param servers what serves a connection to an endpoint; it throws IllegalStateException for one that cannot be
    /// connected to
    public MemoryConnector(Function<Endpoint, Consumer<Connection>> servers) {
        this.servers = servers;
    }

    /// Connects everywhere to one server.
    public static MemoryConnector to(FakeServer server) {
        return new MemoryConnector(_ -> server::serve);
    }

    @Override
    public Connection connect(Endpoint server, Deadline deadline) throws IOException {
        tried.add(server);
        Consumer<Connection> serving;
        try {
            serving = servers.apply(server);
        } catch (IllegalStateException unreachable) {
            throw new IOException(unreachable.getMessage(), unreachable);
        }
        MemoryConnection.Pair pair = MemoryConnection.pair();
        threads.add(Thread.ofVirtual().start(() -> serving.accept(pair.server())));
        open.incrementAndGet();
        return pair.client();
    }

    @Override
    public void disconnect(Connection connection) {
        connection.close();
        open.decrementAndGet();
    }

    /// Where connections were tried to, in order.
    public List<Endpoint> tried() {
        return tried;
    }

    /// How many connections are open.
    public int open() {
        return open.get();
    }

    /// Waits until every server has noticed that its connection is over.
    public void await() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
