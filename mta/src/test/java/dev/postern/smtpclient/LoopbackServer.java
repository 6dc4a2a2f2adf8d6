package dev.postern.smtpclient;

import dev.postern.wire.Connection;
import dev.postern.wire.Endpoint;
import dev.postern.wire.SocketConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Listens on a port of the loopback interface and serves each connection in a virtual thread.
public final class LoopbackServer implements AutoCloseable {
    private final ServerSocket listening;
    private final Consumer<Connection> serving;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    public LoopbackServer(Consumer<Connection> serving) throws IOException {
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.serving = serving;
        threads.add(Thread.ofVirtual().start(this::listen));
    }

    /// Where it listens.
    public Endpoint.Inet endpoint() {
        return new Endpoint.Inet(listening.getInetAddress(), listening.getLocalPort());
    }

    private void listen() {
        while (!listening.isClosed()) {
            try {
                Connection connection = SocketConnection.over(listening.accept());
                threads.add(Thread.ofVirtual().start(() -> serving.accept(connection)));
            } catch (IOException closed) {
                return; // the test is over
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
