package dev.postern.bench.beside;

import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.SmtpSink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;

/// Where the servers relay to.
sealed interface NextHop extends AutoCloseable {
    /// Its port on 127.0.0.1.
    int port();

    /// How many messages it has.
    int messages();

    /// Waits until it has so many, and no more, where it takes any.
    ///
    /// @return whether it takes any
    boolean await(int messages) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;

    /// `smtp-sink`: takes everything and throws it away.
    final class Sink implements NextHop {
        private static final Duration BOUND = Duration.ofMinutes(10);

        private final SmtpSink sink;

        Sink(Path folder) throws IOException, InterruptedException {
            sink = SmtpSink.start(folder);
        }

        @Override
        public int port() {
            return sink.port();
        }

        @Override
        public int messages() {
            return sink.messages();
        }

        @Override
        public boolean await(int messages) throws IOException, InterruptedException {
            sink.awaitMessages(messages, BOUND);
            if (sink.messages() != messages) {
                throw new IOException("relayed " + sink.messages() + " messages instead of " + messages);
            }
            return true;
        }

        @Override
        public void close() {
            sink.close();
        }
    }

    /// Connections to it are open, and it says nothing: whoever waits for its greeting keeps his mail.
    final class Mute implements NextHop {
        private static final int BACKLOG = 1024;

        private final ServerSocket socket;

        Mute() throws IOException {
            socket = new ServerSocket(Ports.free(), BACKLOG, InetAddress.getLoopbackAddress());
        }

        @Override
        public int port() {
            return socket.getLocalPort();
        }

        @Override
        public int messages() {
            return 0;
        }

        @Override
        public boolean await(int messages) {
            return false;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
