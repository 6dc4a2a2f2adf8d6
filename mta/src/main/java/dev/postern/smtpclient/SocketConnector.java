package dev.postern.smtpclient;

import dev.postern.wire.Connection;
import dev.postern.wire.ConnectionWatch;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.SocketConnection;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/// Connects over TCP and Unix domain sockets, from given addresses; every connection is under watch while it is open.
public final class SocketConnector implements Connector {
    private final ConnectionWatch watch;
    private final Optional<Inet4Address> from4;
    private final Optional<Inet6Address> from6;

    /// @param watch ends the calls that the system cannot time out
    /// @param from4 the address to come from over IPv4; empty for the system's choice
    /// @param from6 the address to come from over IPv6; empty for the system's choice
    public SocketConnector(ConnectionWatch watch, Optional<Inet4Address> from4, Optional<Inet6Address> from6) {
        this.watch = watch;
        this.from4 = from4;
        this.from6 = from6;
    }

    @Override
    public Connection connect(Endpoint server, Deadline deadline) throws IOException {
        Connection connection = switch (server) {
            case Endpoint.Inet inet -> SocketConnection.connect(inet, source(inet.address()), deadline);
            case Endpoint.Unix unix -> SocketConnection.connect(unix);
            case Endpoint.Memory memory -> throw new IOException("no socket leads to " + memory);
        };
        watch.add(connection);
        return connection;
    }

    private Optional<InetAddress> source(InetAddress server) {
        return server instanceof Inet6Address ? from6.map(a -> a) : from4.map(a -> a);
    }

    @Override
    public void disconnect(Connection connection) {
        connection.close();
        watch.remove(connection);
    }
}
