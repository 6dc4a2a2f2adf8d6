package dev.postern.admin;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import tools.jackson.core.JacksonException;

/// Listens on a Unix socket for the administrator's commands: a line of JSON in, lines of JSON out,
/// the last one `{"done":true}` or `{"error":"…"}`. One virtual thread a command.
public final class ControlSocket implements Closeable {
    private final Path path;
    private final ServerSocketChannel server;
    private final ControlHandler handler;

    private ControlSocket(Path path, ServerSocketChannel server, ControlHandler handler) {
        this.path = path;
        this.server = server;
        this.handler = handler;
    }

    /// Opens the socket, mode 0600, in place of one that a killed server left.
    ///
    /// @throws IOException if the path is too long for a socket or its folder cannot be written
    public static ControlSocket open(Path path, ControlHandler handler) throws IOException {
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            server.close();
            throw new IOException("the control socket " + path + " cannot be opened: " + e.getMessage(), e);
        }
        ControlSocket socket = new ControlSocket(path, server, handler);
        Thread.ofVirtual().name("control").start(socket::accept);
        return socket;
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                Thread.ofVirtual().name("control-command").start(() -> serve(client));
            } catch (AsynchronousCloseException e) {
                return; // close() was called: this is how accept() ends
            } catch (ClosedChannelException e) {
                return; // as above, a moment earlier
            } catch (IOException e) {
                throw new UncheckedIOException("the control socket failed", e);
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                BufferedReader in = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8));
                BufferedWriter out = new BufferedWriter(Channels.newWriter(client, StandardCharsets.UTF_8))) {
            String line = in.readLine();
            if (line == null) {
                return;
            }
            try {
                handler.handle(JsonLine.read(line, ControlRequest.class), object -> write(out, object));
                write(out, Map.of("done", true));
            } catch (IllegalArgumentException | JacksonException | IOException e) {
                write(out, Map.of("error", String.valueOf(e.getMessage())));
            } catch (IllegalStateException e) {
                write(out, Map.of("error", "the server made a mistake: " + e.getMessage()));
            }
        } catch (IOException | UncheckedIOException clientGone) {
            return; // the administrator's program went away; there is nobody to tell
        }
    }

    private static void write(BufferedWriter out, Object object) {
        try {
            out.write(JsonLine.of(object));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends listening and removes the socket.
    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(path);
    }
}
