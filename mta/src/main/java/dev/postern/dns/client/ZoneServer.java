package dev.postern.dns.client;

import dev.postern.dns.Zone;
import dev.postern.wire.Endpoint;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/// A small name server that answers from a {@link Zone}, by UDP and TCP, for trying things out and for tests.
///
/// It answers as a recursive server would, aliases followed, and as the authority for all that there is where no
/// recursion is asked for; to anybody who can reach it, so it belongs on loopback.
/// Shared by the threads of its executor, guarded by its set of connections.
public final class ZoneServer implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 64;
    private static final int IDLE_MILLIS = 10_000;
    private static final int MAX_DATAGRAM = 4096;
    private static final int PORT_TRIES = 50;

    private final ZoneAnswers answers;
    private final DatagramSocket datagrams;
    private final ServerSocket streams;
    private final Executor executor;
    private final Semaphore permits = new Semaphore(MAX_CONNECTIONS);
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

    private ZoneServer(Zone zone, DatagramSocket datagrams, ServerSocket streams, Executor executor) {
        this.answers = new ZoneAnswers(zone);
        this.datagrams = datagrams;
        this.streams = streams;
        this.executor = executor;
    }

    /// Opens the sockets and begins to answer.
    ///
    /// @param port the port for both, 0 for any that is free
    /// @param executor runs one task for each of the two sockets and one for each connection, all of which block:
    /// threads that are virtual, or as many as are needed
    /// @throws IOException if the port is taken
    public static ZoneServer open(Zone zone, InetAddress address, int port, Executor executor) throws IOException {
        int tries = port == 0 ? PORT_TRIES : 1;
        while (true) {
            ServerSocket streams = new ServerSocket(port, 0, address);
            try {
                DatagramSocket datagrams = new DatagramSocket(new InetSocketAddress(address, streams.getLocalPort()));
                ZoneServer server = new ZoneServer(zone, datagrams, streams, executor);
                executor.execute(server::answerDatagrams);
                executor.execute(server::acceptStreams);
                return server;
            } catch (BindException taken) {
                streams.close();
                if (--tries == 0) {
                    throw taken;
                }
            }
        }
    }

    /// Where it listens.
    public Endpoint.Inet endpoint() {
        return new Endpoint.Inet(streams.getInetAddress(), streams.getLocalPort());
    }

    private void answerDatagrams() {
        byte[] buffer = new byte[MAX_DATAGRAM];
        boolean more = true;
        while (more) {
            try {
                answerDatagram(buffer);
            } catch (IOException lost) {
                more = !datagrams.isClosed(); // where only one asker is gone, the others are still answered
            }
        }
    }

    private void answerDatagram(byte[] buffer) throws IOException {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        datagrams.receive(packet);
        Optional<byte[]> answer = answers.toDatagram(Arrays.copyOf(buffer, packet.getLength()));
        if (answer.isPresent()) {
            datagrams.send(new DatagramPacket(answer.get(), answer.get().length, packet.getSocketAddress()));
        }
    }

    private void acceptStreams() {
        boolean more = true;
        while (more) {
            try {
                acceptStream();
            } catch (IOException lost) {
                more = !streams.isClosed(); // where only one asker is gone, the others are still answered
            }
        }
    }

    private void acceptStream() throws IOException {
        Socket connection = streams.accept();
        if (permits.tryAcquire()) {
            open.add(connection);
            executor.execute(() -> answerStream(connection));
        } else {
            connection.close();
        }
    }

    private void answerStream(Socket connection) {
        try (connection) {
            connection.setSoTimeout(IDLE_MILLIS);
            DataInputStream in = new DataInputStream(connection.getInputStream());
            DataOutputStream out = new DataOutputStream(connection.getOutputStream());
            while (true) {
                byte[] question = new byte[in.readUnsignedShort()];
                in.readFully(question);
                Optional<byte[]> answer = answers.toStream(question);
                if (answer.isPresent()) {
                    byte[] octets = answer.get();
                    byte[] framed = new byte[2 + octets.length];
                    framed[0] = (byte) (octets.length >> 8);
                    framed[1] = (byte) octets.length;
                    System.arraycopy(octets, 0, framed, 2, octets.length);
                    out.write(framed);
                }
            }
        } catch (EOFException done) {
            return; // the asker has all it wanted
        } catch (IOException gone) {
            return; // the asker is gone or idle: there is nobody left to tell
        } finally {
            open.remove(connection);
            permits.release();
        }
    }

    /// Closes the sockets; the tasks of the executor end.
    @Override
    public void close() throws IOException {
        datagrams.close();
        streams.close();
        for (Closeable connection : open) {
            connection.close();
        }
    }
}
