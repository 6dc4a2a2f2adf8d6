package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.SocketConnection;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The listeners of a world, and the clients at them.
final class Sockets implements Closeable {
    private final World world;
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Connection> clients = new ArrayList<>();

    Sockets(World world) {
        this.world = world;
    }

    /// A listener that tells the world its events.
    Listener listen(ListenerSettings settings, LoadShedder room, Supplier<SessionSetup> setup) throws IOException {
        return add(Listener.open(settings, room, setup, world.events::add));
    }

    /// A listener that was opened elsewhere, and ends with these.
    Listener add(Listener listener) {
        listeners.add(listener);
        return listener;
    }

    /// A client.
    Connection connect(Endpoint to) throws IOException {
        return add(Talk.connect(to));
    }

    /// A client with this address.
    Connection connect(InetAddress from, Endpoint.Inet to) throws IOException {
        return add(SocketConnection.connect(to, Optional.of(from), Talk.soon()));
    }

    private Connection add(Connection client) {
        clients.add(client);
        return client;
    }

    /// A client that came when there was room.
    Connection connectWhenThereIsRoom(Endpoint to) throws IOException {
        Deadline deadline = Talk.soon();
        while (!deadline.passed()) {
            Connection client = connect(to);
            if (Talk.reply(client).startsWith("220 ")) {
                return client;
            }
        }
        throw new AssertionError("no room in time");
    }

    /// Stops the listeners.
    ///
    /// @return how many sessions did not end by themselves
    int drain() {
        return listeners.stream()
                .mapToInt(listener -> listener.drain(Talk.soon()))
                .sum();
    }

    /// Ends the clients, then the listeners; no message is half written then.
    @Override
    public void close() throws IOException {
        for (Connection client : clients) {
            client.close();
        }
        listeners.forEach(Listener::close);
        assertThat(world.spool.open()).as("drafts left open").isEmpty();
    }
}
