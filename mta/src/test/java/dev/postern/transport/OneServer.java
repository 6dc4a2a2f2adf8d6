package dev.postern.transport;

import dev.postern.smtpclient.Connector;
import dev.postern.smtpclient.SocketConnector;
import dev.postern.wire.Connection;
import dev.postern.wire.ConnectionWatch;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.util.Optional;

/// Connects to one server, whatever the address.
///
/// @param server where it really is
record OneServer(SocketConnector sockets, Endpoint.Inet server) implements Connector {
    static OneServer at(Endpoint.Inet server) {
        return new OneServer(
                new SocketConnector(ConnectionWatch.occasional(), Optional.empty(), Optional.empty()), server);
    }

    @Override
    public Connection connect(Endpoint any, Deadline deadline) throws IOException {
        return sockets.connect(server, deadline);
    }

    @Override
    public void disconnect(Connection connection) {
        sockets.disconnect(connection);
    }
}
