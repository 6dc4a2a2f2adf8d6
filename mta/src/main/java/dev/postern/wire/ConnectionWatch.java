package dev.postern.wire;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The open connections of a server or a client, so that one thread can end the calls that the
/// system cannot time out.
///
/// Used by any number of threads without a lock; it starts none: whoever owns it calls {@link
/// #sweep} about once a second.
public final class ConnectionWatch {
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

    /// Takes a connection under watch.
    public void add(Connection connection) {
        connections.add(connection);
    }

    /// Lets a connection go, before or after it was closed.
    public void remove(Connection connection) {
        connections.remove(connection);
    }

    /// How many connections are watched.
    public int size() {
        return connections.size();
    }

    /// Closes the connections whose present blocking call is overdue.
    ///
    /// @param nanoTime a reading of `System.nanoTime()`
    public void sweep(long nanoTime) {
        connections.forEach(connection -> connection.expire(nanoTime));
    }

    /// Closes all connections, those in the midst of something too.
    public void closeAll() {
        connections.forEach(Connection::close);
    }
}
