package dev.postern.wire;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The open connections of a server or a client, so that one thread can end the calls that the
/// system cannot time out.
///
/// Used by any number of threads without a lock; it starts none: whoever owns it calls {@link
/// #sweep}.
public final class ConnectionWatch {
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final boolean regular;

    private ConnectionWatch(boolean regular) {
        this.regular = regular;
    }

    /// A watch whose owner sweeps about once a second: its connections leave far deadlines to it.
    public static ConnectionWatch everySecond() {
        return new ConnectionWatch(true);
    }

    /// A watch whose owner sweeps when it likes, or never.
    public static ConnectionWatch occasional() {
        return new ConnectionWatch(false);
    }

    /// Takes a connection under watch, before anybody else has it.
    public void add(Connection connection) {
        if (regular) {
            connection.underWatch();
        }
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

    /// Ends the blocking calls that are overdue; where it is not a read that was left to the watch, the connection is
    /// closed.
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
