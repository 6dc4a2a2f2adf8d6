package dev.postern.transport;

import dev.postern.smtpclient.Connector;
import dev.postern.smtpclient.SocketConnector;
import dev.postern.wire.Connection;
import dev.postern.wire.ConnectionWatch;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Connects to where a server was put, and to nowhere else.
///
/// @param places where servers are, by the addresses that they seem to have
/// @param tried grows by each address that is tried
record PlacedServers(SocketConnector sockets, Map<String, Endpoint.Inet> places, List<String> tried)
        implements Connector {
    static PlacedServers at(Map<String, Endpoint.Inet> places, List<String> tried) {
        return new PlacedServers(
                new SocketConnector(ConnectionWatch.occasional(), Optional.empty(), Optional.empty()), places, tried);
    }

    @Override
    public Connection connect(Endpoint server, Deadline deadline) throws IOException {
        tried.add(server.toString());
        Endpoint.Inet real = places.get(server.toString());
        if (real == null) {
            throw new ConnectException("Connection refused");
        }
        return sockets.connect(real, deadline);
    }

    @Override
    public void disconnect(Connection connection) {
        sockets.disconnect(connection);
    }
}
