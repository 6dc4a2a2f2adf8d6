package dev.postern.smtpclient;

import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import java.io.IOException;

/// Makes the connections of a client: directly, or one day through a proxy; shared by all threads.
public interface Connector {
    /// A connection to a server.
    ///
    /// @throws IOException if there is none by the deadline
    Connection connect(Endpoint server, Deadline deadline) throws IOException;

    /// Closes a connection that came from here.
    void disconnect(Connection connection);
}
