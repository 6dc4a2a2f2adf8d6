package dev.postern.blackbox.ledger;

import dev.postern.blackbox.peers.Ports;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Sessions that send letter after letter as fast as they can, and enter every 250 into the ledger.
///
/// Each session has a thread; what they share is the gate and the ledger. Commands are pipelined;
/// letters with an even number go by DATA, the others by BDAT. A session that is lost because of a
/// kill comes back when the gate opens again; lost without a kill it is a fault.
final class Load {
    /// The reverse-path of every letter.
    static final String SENDER = "load@back.test";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LONGEST_REPLY = 4096;

    private final int port;
    private final Gate gate;
    private final Ledger ledger;
    private final Mixture mixture;
    private final List<Thread> sessions = new ArrayList<>();

    private Load(int port, Gate gate, Ledger ledger, Mixture mixture) {
        this.port = port;
        this.gate = gate;
        this.ledger = ledger;
        this.mixture = mixture;
    }

    /// Starts the sessions; they begin when the gate opens.
    ///
    /// @param port of the server, on 127.0.0.1
    static Load start(int sessions, int port, Gate gate, Ledger ledger, Mixture mixture) {
        Load load = new Load(port, gate, ledger, mixture);
        for (int i = 0; i < sessions; i++) {
            load.sessions.add(Thread.ofVirtual().name("load-" + i).start(load::run));
        }
        return load;
    }

    /// Waits for the end of all sessions, which the gate has told to end.
    void join() throws InterruptedException {
        for (Thread session : sessions) {
            session.join();
        }
    }

    private void run() {
        try {
            for (OptionalInt opening = gate.awaitOpening(0);
                    opening.isPresent();
                    opening = gate.awaitOpening(opening.getAsInt())) {
                converse(opening.getAsInt());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void converse(int opening) {
        try (Session session = new Session(port)) {
            session.greet();
            while (!gate.isEnded()) {
                send(session);
            }
            session.quit();
        } catch (IOException lost) {
            if (gate.isOpenSince(opening)) {
                ledger.fault("a session was lost without a kill: " + lost);
            }
        }
    }

    private void send(Session session) throws IOException {
        long number = ledger.next();
        byte[] octets = mixture.letter(number).octets();
        List<String> recipients = mixture.recipients(number);
        boolean chunked = number % 2 != 0;
        List<String> taken = session.envelope(recipients, octets.length, !chunked);
        if (taken.isEmpty()) {
            return;
        }
        if (chunked) {
            session.chunk(octets);
        } else {
            session.dotted(octets);
        }
        String reply = session.reply();
        if (reply.startsWith("250")) {
            ledger.promised(number, taken);
        } else {
            refused(reply);
        }
    }

    private void refused(String reply) {
        String[] words = reply.split(" ", 3);
        ledger.refused(words.length > 1 ? words[0] + " " + words[1] : reply);
    }

    /// One connection.
    private final class Session implements AutoCloseable {
        private final Socket socket;
        private final BufferedInputStream in;
        private final OutputStream out;

        Session(int port) throws IOException {
            socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(Ports.loopback(), port), (int) PATIENCE.toMillis());
                socket.setSoTimeout((int) PATIENCE.toMillis());
                socket.setTcpNoDelay(true);
                in = new BufferedInputStream(socket.getInputStream());
                out = socket.getOutputStream();
            } catch (IOException failed) {
                socket.close();
                throw failed;
            }
        }

        void greet() throws IOException {
            expect("220", reply());
            say("EHLO load.test\r\n");
            expect("250", reply());
        }

        void quit() throws IOException {
            say("QUIT\r\n");
            expect("221", reply());
        }

        /// Sends the commands before the content as one group (RFC 2920).
        ///
        /// @return the recipients that were taken; none when there is no content to be sent
        List<String> envelope(List<String> recipients, int size, boolean data) throws IOException {
            StringBuilder group = new StringBuilder("MAIL FROM:<" + SENDER + "> SIZE=" + size + "\r\n");
            recipients.forEach(
                    recipient -> group.append("RCPT TO:<").append(recipient).append(">\r\n"));
            say(group + (data ? "DATA\r\n" : ""));
            List<String> taken = new ArrayList<>();
            accepted(reply());
            for (String recipient : recipients) {
                if (accepted(reply())) {
                    taken.add(recipient);
                }
            }
            if (data && !reply().startsWith("354")) {
                taken.clear();
            }
            if (taken.isEmpty()) {
                say("RSET\r\n");
                expect("250", reply());
            }
            return taken;
        }

        private boolean accepted(String reply) {
            if (reply.startsWith("2")) {
                return true;
            }
            refused(reply);
            return false;
        }

        void chunk(byte[] octets) throws IOException {
            byte[] command = ("BDAT " + octets.length + " LAST\r\n").getBytes(StandardCharsets.US_ASCII);
            byte[] whole = new byte[command.length + octets.length];
            System.arraycopy(command, 0, whole, 0, command.length);
            System.arraycopy(octets, 0, whole, command.length, octets.length);
            out.write(whole);
        }

        void dotted(byte[] octets) throws IOException {
            ByteArrayOutputStream stuffed = new ByteArrayOutputStream(octets.length + octets.length / 64);
            boolean lineStart = true;
            for (byte octet : octets) {
                if (lineStart && octet == '.') {
                    stuffed.write('.');
                }
                stuffed.write(octet);
                lineStart = octet == '\n';
            }
            stuffed.writeBytes(new byte[] {'.', '\r', '\n'});
            out.write(stuffed.toByteArray());
        }

        /// The last line of one reply.
        String reply() throws IOException {
            String line = line();
            while (line.length() > 3 && line.charAt(3) == '-') {
                line = line();
            }
            return line;
        }

        private String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int octet = in.read(); octet != '\n'; octet = in.read()) {
                if (octet < 0 || line.size() > LONGEST_REPLY) {
                    throw new EOFException("no whole reply: " + line.toString(StandardCharsets.UTF_8));
                }
                line.write(octet);
            }
            return line.toString(StandardCharsets.UTF_8).stripTrailing();
        }

        private void say(String commands) throws IOException {
            out.write(commands.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static void expect(String code, String reply) throws IOException {
        if (!reply.startsWith(code)) {
            throw new IOException("expected " + code + ", got " + reply);
        }
    }
}
