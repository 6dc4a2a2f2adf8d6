package dev.postern.tls;

import dev.postern.wire.TlsUpgrade;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;

/// A server that says one octet to each client after its handshake, and somebody in between who keeps what it says.
final class Handshakes implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ServerSocket server;
    private final ServerSocket between;
    private final TlsUpgrade upgrade;

    Handshakes(TlsUpgrade upgrade) throws IOException {
        this.upgrade = upgrade;
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        between = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    /// Shakes hands once.
    ///
    /// @param set what the client sets before it
    ServerHello with(TlsUpgrade client, Consumer<SSLSocket> set) throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        var answering = threads.submit(() -> {
            answer();
            return null;
        });
        var carrying = threads.submit(() -> {
            carry(said);
            return null;
        });
        try (Socket plain = new Socket(between.getInetAddress(), between.getLocalPort());
                SSLSocket socket = client.layer(plain)) {
            set.accept(socket);
            socket.startHandshake();
            if (socket.getInputStream().read() != 42) {
                throw new AssertionError("the server says something else");
            }
        }
        answering.get();
        carrying.get();
        return ServerHello.in(said.toByteArray());
    }

    private void answer() throws IOException {
        try (Socket plain = server.accept();
                SSLSocket socket = upgrade.layer(plain)) {
            socket.startHandshake();
            socket.getOutputStream().write(42);
            socket.getInputStream().read(); // until the client has gone
        } catch (SocketException clientGone) {
            return; // as it may once it has its octet
        }
    }

    private void carry(ByteArrayOutputStream said) throws Exception {
        try (Socket client = between.accept();
                Socket onward = new Socket(server.getInetAddress(), server.getLocalPort())) {
            var back = threads.submit(() -> {
                copy(onward.getInputStream(), client.getOutputStream(), said);
                client.shutdownOutput();
                return null;
            });
            copy(client.getInputStream(), onward.getOutputStream(), OutputStream.nullOutputStream());
            onward.shutdownOutput();
            back.get();
        } catch (SocketException gone) {
            return; // either side may close first
        }
    }

    private static void copy(InputStream from, OutputStream to, OutputStream kept) throws IOException {
        byte[] octets = new byte[1 << 14];
        try {
            for (int n = from.read(octets); n >= 0; n = from.read(octets)) {
                kept.write(octets, 0, n);
                to.write(octets, 0, n);
            }
        } catch (SocketException gone) {
            return; // either side may close first
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        between.close();
        threads.close();
    }
}
