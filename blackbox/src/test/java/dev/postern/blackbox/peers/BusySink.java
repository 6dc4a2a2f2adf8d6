package dev.postern.blackbox.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/// An SMTP server on loopback that serves so many sessions at once and greets every further one with 421; it takes
/// each message, but tells so only from a moment on.
///
/// Each session has a virtual thread; what they share is guarded by the monitor of the set of sessions.
public final class BusySink implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int BACKLOG = 200;

    private final ServerSocket server;
    private final int most;
    private final CountDownLatch opened = new CountDownLatch(1);
    private final Set<Socket> sessions = new HashSet<>();
    private Counts counts = new Counts(0, 0, 0, 0);

    private BusySink(ServerSocket server, int most) {
        this.server = server;
        this.most = most;
    }

    /// What it has seen.
    ///
    /// @param served sessions that were not refused
    /// @param refused sessions that were
    /// @param highest sessions at once that were served
    /// @param messages that were taken
    public record Counts(int served, int refused, int highest, int messages) {}

    /// Starts one.
    ///
    /// @param most sessions at once
    public static BusySink start(int port, int most) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(Ports.loopback(), port), BACKLOG);
        BusySink sink = new BusySink(server, most);
        Thread.ofVirtual().name("busy-sink").start(sink::accept);
        return sink;
    }

    /// From now on it answers the ends of messages, also those that came before.
    public void open() {
        opened.countDown();
    }

    /// What it has seen so far.
    public Counts counts() {
        synchronized (sessions) {
            return counts;
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().name("busy-sink").start(() -> serve(socket));
            } catch (IOException closed) {
                return; // by close(): nothing else ends a listening socket here
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.setTcpNoDelay(true);
            if (enter(socket)) {
                converse(socket);
            } else {
                say(socket.getOutputStream(), "421 4.7.0 too many sessions from you");
            }
        } catch (IOException gone) {
            // A client that leaves without QUIT, or the end of the sink: the counts tell what came of it.
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (sessions) {
                sessions.remove(socket);
            }
        }
    }

    private boolean enter(Socket socket) {
        synchronized (sessions) {
            if (sessions.size() == most) {
                counts = new Counts(counts.served(), counts.refused() + 1, counts.highest(), counts.messages());
                return false;
            }
            sessions.add(socket);
            counts = new Counts(
                    counts.served() + 1,
                    counts.refused(),
                    Math.max(counts.highest(), sessions.size()),
                    counts.messages());
            return true;
        }
    }

    private void converse(Socket socket) throws IOException, InterruptedException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        OutputStream out = socket.getOutputStream();
        say(out, "220 busy.test ESMTP");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            switch (line.substring(0, Math.min(4, line.length())).toUpperCase(Locale.ROOT)) {
                case "DATA" -> {
                    say(out, "354 go on");
                    String content = in.readLine();
                    while (content != null && !content.equals(".")) {
                        content = in.readLine();
                    }
                    opened.await();
                    synchronized (sessions) {
                        counts = new Counts(counts.served(), counts.refused(), counts.highest(), counts.messages() + 1);
                    }
                    say(out, "250 2.0.0 taken");
                }
                case "QUIT" -> {
                    synchronized (sessions) {
                        sessions.remove(socket); // its place is free before the client can know that it has left
                    }
                    say(out, "221 2.0.0 bye");
                    return;
                }
                default -> say(out, "250 2.0.0 ok");
            }
        }
    }

    private static void say(OutputStream out, String reply) throws IOException {
        out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /// Ends it with all sessions.
    @Override
    public void close() throws IOException {
        server.close();
        opened.countDown();
        synchronized (sessions) {
            for (Socket session : sessions) {
                session.close();
            }
        }
    }
}
