package dev.postern.smtpserver;

import dev.postern.wire.Connection;
import dev.postern.wire.Endpoint;
import dev.postern.wire.SocketConnection;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/// One open address at which clients knock.
interface Door extends Closeable {
    /// Clients that the system lets wait.
    int BACKLOG = 1024;

    /// Where it is, with the port that the system chose.
    Endpoint address();

    /// Waits for the next client.
    ///
    /// @return empty if the client was gone before we looked
    /// @throws IOException if the system does not give us one, or the door was closed
    Optional<Connection> accept() throws IOException;

    /// Opens an address.
    static Door open(Endpoint address) throws IOException {
        return switch (address) {
            case Endpoint.Inet inet -> Tcp.open(inet);
            case Endpoint.Unix unix -> Unix.open(unix.path());
            case Endpoint.Memory memory -> throw new IllegalArgumentException("nobody knocks at " + memory);
        };
    }

    /// An address and a TCP port.
    record Tcp(ServerSocket socket) implements Door {
        private static Tcp open(Endpoint.Inet inet) throws IOException {
            ServerSocket socket = new ServerSocket();
            try {
                socket.setReuseAddress(true);
                socket.bind(inet.socketAddress(), BACKLOG);
                return new Tcp(socket);
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }

        @Override
        public Endpoint address() {
            InetSocketAddress bound = (InetSocketAddress) socket.getLocalSocketAddress();
            return new Endpoint.Inet(bound.getAddress(), bound.getPort());
        }

        @Override
        public Optional<Connection> accept() throws IOException {
            Socket client = socket.accept();
            try {
                return Optional.of(SocketConnection.over(client));
            } catch (IOException gone) {
                client.close();
                return Optional.empty();
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /// A Unix domain socket.
    record Unix(ServerSocketChannel channel, Path path) implements Door {
        /// Its owner and group may connect.
        private static final String PERMISSIONS = "rw-rw----";

        private static Unix open(Path path) throws IOException {
            if (Files.exists(path)) {
                removeLeftover(path);
            }
            ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(PERMISSIONS));
                return new Unix(channel, path);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }

        /// A server that was killed leaves its socket behind; only one at which nobody answers is removed.
        private static void removeLeftover(Path path) throws IOException {
            if (Files.isRegularFile(path) || Files.isDirectory(path)) {
                throw new BindException("there is a file of that name, which is no socket");
            }
            try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                throw new BindException("Address already in use by " + probe.getRemoteAddress());
            } catch (BindException taken) {
                throw taken;
            } catch (IOException nobodyAnswers) {
                Files.delete(path);
            }
        }

        @Override
        public Endpoint address() {
            return new Endpoint.Unix(path);
        }

        @Override
        public Optional<Connection> accept() throws IOException {
            SocketChannel client = channel.accept();
            try {
                return Optional.of(SocketConnection.over(client));
            } catch (IOException gone) {
                client.close();
                return Optional.empty();
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
            Files.deleteIfExists(path);
        }
    }
}
