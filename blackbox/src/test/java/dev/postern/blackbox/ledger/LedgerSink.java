package dev.postern.blackbox.ledger;

import dev.postern.blackbox.peers.Ports;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// The next hop: an SMTP server that enters every message into the ledger at the moment of its 250, and forgets it.
///
/// Every second session is offered CHUNKING, and now and then a message is put off with 451. Each session has a thread;
/// what they share are the ledger and the set of open sessions, guarded by its own monitor.
final class LedgerSink implements AutoCloseable {
    private static final int BACKLOG = 200;
    private static final int LONGEST_COMMAND = 4096;
    private static final int PUT_OFF = 97;

    private final ServerSocket server;
    private final Ledger ledger;
    private final AtomicInteger ends = new AtomicInteger();
    private final Set<Socket> sessions = new HashSet<>();

    private LedgerSink(ServerSocket server, Ledger ledger) {
        this.server = server;
        this.ledger = ledger;
    }

    /// Starts one on this port of 127.0.0.1.
    static LedgerSink start(int port, Ledger ledger) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(Ports.loopback(), port), BACKLOG);
        LedgerSink sink = new LedgerSink(server, ledger);
        Thread.ofVirtual().name("sink").start(sink::accept);
        return sink;
    }

    /// Its port on 127.0.0.1.
    int port() {
        return server.getLocalPort();
    }

    /// Returns when every session has ended that was opened before this call; their clients must be gone.
    void awaitQuiet() throws IOException, InterruptedException {
        try (Socket probe = new Socket()) {
            // Connections are accepted in the order in which they were made: greeted, we are the last.
            probe.connect(server.getLocalSocketAddress());
            new Input(probe).line();
        }
        synchronized (sessions) {
            while (!sessions.isEmpty()) {
                sessions.wait();
            }
        }
    }

    private void accept() {
        for (int i = 0; ; i++) {
            boolean chunking = i % 2 == 0;
            try {
                Socket socket = server.accept();
                synchronized (sessions) {
                    sessions.add(socket);
                }
                Thread.ofVirtual().name("sink-" + i).start(() -> serve(socket, chunking));
            } catch (SocketException closed) {
                if (server.isClosed()) {
                    return;
                }
                ledger.fault("the sink cannot accept: " + closed);
            } catch (IOException failed) {
                ledger.fault("the sink cannot accept: " + failed);
            }
        }
    }

    private void serve(Socket socket, boolean chunking) {
        try (socket) {
            socket.setTcpNoDelay(true);
            new Session(socket, chunking).converse();
        } catch (EOFException | SocketException gone) {
            // A client that is killed leaves its sessions as they are.
        } catch (IOException failed) {
            ledger.fault("a session of the sink failed: " + failed);
        } finally {
            synchronized (sessions) {
                sessions.remove(socket);
                sessions.notifyAll();
            }
        }
    }

    /// Ends it with all sessions.
    @Override
    public void close() throws IOException {
        server.close();
        synchronized (sessions) {
            for (Socket session : sessions) {
                session.close();
            }
        }
    }

    /// The life of one connection.
    private final class Session {
        private final Input in;
        private final OutputStream out;
        private final boolean chunking;
        private final List<String> recipients = new ArrayList<>();
        private final Octets content = new Octets();

        Session(Socket socket, boolean chunking) throws IOException {
            this.in = new Input(socket);
            this.out = new BufferedOutputStream(socket.getOutputStream(), 1024);
            this.chunking = chunking;
        }

        void converse() throws IOException {
            say("220 sink.test ESMTP");
            out.flush();
            while (true) {
                String line = in.line();
                String[] words = line.split(" ", 3);
                switch (words[0].toUpperCase(Locale.ROOT)) {
                    case "EHLO" -> {
                        say("250-sink.test");
                        say("250-PIPELINING");
                        say("250-8BITMIME");
                        say(chunking ? "250 CHUNKING" : "250 SIZE");
                    }
                    case "MAIL" -> {
                        forget();
                        say("250 2.1.0 ok");
                    }
                    case "RCPT" -> {
                        recipients.add(address(line));
                        say("250 2.1.5 ok");
                    }
                    case "DATA" -> {
                        say("354 go on");
                        out.flush();
                        in.dotted(content);
                        taken();
                    }
                    case "BDAT" -> {
                        in.exactly(Integer.parseInt(words[1]), content);
                        if (words.length == 3) {
                            taken();
                        } else {
                            say("250 2.0.0 more");
                        }
                    }
                    case "RSET", "NOOP" -> say("250 2.0.0 ok");
                    case "QUIT" -> {
                        say("221 2.0.0 bye");
                        out.flush();
                        return;
                    }
                    default -> {
                        ledger.fault("the sink was told " + line);
                        say("500 5.5.1 unknown");
                    }
                }
                if (in.isDry()) {
                    out.flush();
                }
            }
        }

        private void taken() throws IOException {
            if (ends.incrementAndGet() % PUT_OFF == 0) {
                say("451 4.3.0 not now");
            } else {
                Optional<Copy> copy = Copy.read(content.toByteArray());
                recipients.forEach(recipient -> ledger.arrived(copy, recipient));
                say("250 2.0.0 taken");
            }
            forget();
        }

        private void forget() {
            recipients.clear();
            content.clear();
        }

        private void say(String reply) throws IOException {
            out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static String address(String line) {
        return line.substring(line.indexOf('<') + 1, line.indexOf('>')).toLowerCase(Locale.ROOT);
    }

    /// A buffer that grows.
    private static final class Octets {
        private byte[] octets = new byte[8192];
        private int size;

        void write(int octet) {
            if (size == octets.length) {
                octets = Arrays.copyOf(octets, 2 * size);
            }
            octets[size++] = (byte) octet;
        }

        void clear() {
            size = 0;
        }

        byte[] toByteArray() {
            return Arrays.copyOf(octets, size);
        }
    }

    /// What a client sends. Every read ends with an {@link EOFException} where the client has gone.
    private static final class Input {
        private final BufferedInputStream in;

        Input(Socket socket) throws IOException {
            in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        }

        /// Whether nothing more has come yet.
        boolean isDry() throws IOException {
            return in.available() == 0;
        }

        String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int octet = next(); octet != '\n'; octet = next()) {
                line.append((char) octet);
                if (line.length() > LONGEST_COMMAND) {
                    throw new IOException("a command longer than " + LONGEST_COMMAND + " octets");
                }
            }
            return line.toString().stripTrailing();
        }

        void exactly(int count, Octets into) throws IOException {
            for (int i = 0; i < count; i++) {
                into.write(next());
            }
        }

        /// Reads to CRLF.CRLF and undoes the stuffing; the CRLF before the dot belongs to the content.
        void dotted(Octets into) throws IOException {
            while (true) {
                int octet = next();
                if (octet == '.') {
                    octet = next();
                    if (octet == '\r') {
                        next();
                        return;
                    }
                }
                while (octet != '\n') {
                    into.write(octet);
                    octet = next();
                }
                into.write('\n');
            }
        }

        private int next() throws IOException {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException("the client has gone");
            }
            return octet;
        }
    }
}
