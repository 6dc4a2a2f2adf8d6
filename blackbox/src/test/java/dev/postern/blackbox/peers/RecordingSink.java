package dev.postern.blackbox.peers;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// An SMTP server of the tests' own on loopback: takes every message, keeps its octets, and
/// complains about every breach of the protocol.
///
/// Each session has a virtual thread; what they share are lists made for that.
public final class RecordingSink implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LONGEST_COMMAND = 4096;

    private final ServerSocket server;
    private final Set<String> keywords;
    private final List<Taken> taken = new CopyOnWriteArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final Set<Socket> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();

    private RecordingSink(ServerSocket server, Set<String> keywords) {
        this.server = server;
        this.keywords = keywords;
    }

    /// One message that was taken.
    public static final class Taken {
        private final String mail;
        private final List<String> recipients;
        private final byte[] content;
        private final boolean chunked;

        private Taken(String mail, List<String> recipients, byte[] content, boolean chunked) {
            this.mail = mail;
            this.recipients = List.copyOf(recipients);
            this.content = content;
            this.chunked = chunked;
        }

        /// The argument of MAIL: `FROM:<a@b.test> BODY=8BITMIME`.
        public String mail() {
            return mail;
        }

        /// The arguments of RCPT: `TO:<a@b.test>`.
        public List<String> recipients() {
            return recipients;
        }

        /// The content, dot-stuffing undone.
        public byte[] content() {
            return content.clone();
        }

        /// Whether it came by BDAT.
        public boolean chunked() {
            return chunked;
        }
    }

    /// Starts one on a free port that announces these extensions.
    public static RecordingSink start(String... keywords) throws IOException {
        return start(Ports.free(), keywords);
    }

    /// Starts one on a given port of 127.0.0.1.
    public static RecordingSink start(int port, String... keywords) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(Ports.loopback(), port));
        RecordingSink sink = new RecordingSink(server, Set.of(keywords));
        Thread.ofVirtual().start(sink::accept);
        return sink;
    }

    /// Its port on 127.0.0.1.
    public int port() {
        return server.getLocalPort();
    }

    /// All messages so far, in the order of their ends.
    public List<Taken> messages() {
        return List.copyOf(taken);
    }

    /// Waits for as many messages at least.
    ///
    /// @throws AssertionError after the bound
    public List<Taken> awaitMessages(int count, Duration bound) throws IOException, InterruptedException {
        Await.until(
                bound,
                () -> taken.size() >= count,
                () -> count + " messages in the sink, it has " + taken.size() + "; complaints: " + complaints);
        return messages();
    }

    /// Waits for a message to this address and returns it.
    ///
    /// @throws AssertionError after the bound
    public Taken awaitMessageTo(String address, Duration bound) throws IOException, InterruptedException {
        Await.until(
                bound,
                () -> to(address).size() > 0,
                () -> "a message to " + address + " in the sink; complaints: " + complaints);
        return to(address).getFirst();
    }

    private List<Taken> to(String address) {
        return taken.stream()
                .filter(message -> message.recipients().stream().anyMatch(to -> to.contains("<" + address + ">")))
                .toList();
    }

    /// How many connections were made to it.
    public int connections() {
        return connections.get();
    }

    /// The most connections that it had at once.
    public int mostAtOnce() {
        return mostAtOnce.get();
    }

    /// Every breach of the protocol that it saw.
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sessions.add(socket);
                connections.incrementAndGet();
                mostAtOnce.accumulateAndGet(sessions.size(), Math::max);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException failed) {
                if (!server.isClosed()) {
                    complaints.add("accept: " + failed);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.setTcpNoDelay(true);
            new Session(socket).converse();
        } catch (EOFException gone) {
            // A client that leaves without QUIT is none of our business.
        } catch (IOException failed) {
            if (!server.isClosed()) {
                complaints.add("session: " + failed);
            }
        } finally {
            sessions.remove(socket);
        }
    }

    /// The life of one connection.
    private final class Session {
        private final InputStream in;
        private final OutputStream out;
        private String mail = "";
        private final List<String> recipients = new ArrayList<>();
        private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();

        Session(Socket socket) throws IOException {
            in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
            out = socket.getOutputStream();
        }

        void converse() throws IOException {
            say("220 sink.test ESMTP");
            while (true) {
                String line = command();
                String[] words = line.split(" ", 2);
                String argument = words.length == 2 ? words[1] : "";
                switch (words[0].toUpperCase(Locale.ROOT)) {
                    case "EHLO" -> hello();
                    case "HELO", "NOOP" -> say("250 sink.test");
                    case "MAIL" -> {
                        forget();
                        mail = argument;
                        say("250 2.1.0 ok");
                    }
                    case "RCPT" -> recipient(argument);
                    case "DATA" -> data();
                    case "BDAT" -> chunk(argument);
                    case "RSET" -> {
                        forget();
                        say("250 2.0.0 ok");
                    }
                    case "QUIT" -> {
                        say("221 2.0.0 bye");
                        return;
                    }
                    default -> {
                        complaints.add("unknown command: " + line);
                        say("500 5.5.1 unknown");
                    }
                }
            }
        }

        private void hello() throws IOException {
            StringBuilder reply = new StringBuilder();
            for (String keyword : keywords) {
                reply.append("250-").append(keyword).append("\r\n");
            }
            say(reply.isEmpty() ? "250 sink.test" : "250-sink.test\r\n" + reply + "250 HELP");
        }

        private void recipient(String argument) throws IOException {
            if (mail.isEmpty()) {
                complaints.add("RCPT before MAIL");
                say("503 5.5.1 MAIL first");
                return;
            }
            recipients.add(argument);
            say("250 2.1.5 ok");
        }

        private void data() throws IOException {
            if (recipients.isEmpty()) {
                say("554 5.5.1 no valid recipients");
                return;
            }
            say("354 go on");
            byte[] content = dotted();
            keep(content, false);
            say("250 2.0.0 taken");
        }

        private void chunk(String argument) throws IOException {
            String[] words = argument.split(" ", -1);
            int size = Integer.parseInt(words[0]);
            byte[] octets = in.readNBytes(size);
            if (octets.length < size) {
                throw new EOFException("within a chunk");
            }
            if (!keywords.contains("CHUNKING")) {
                complaints.add("BDAT without CHUNKING");
            }
            if (recipients.isEmpty()) {
                say("554 5.5.1 no valid recipients");
                return;
            }
            chunks.write(octets);
            if (words.length == 2 && words[1].equalsIgnoreCase("LAST")) {
                keep(chunks.toByteArray(), true);
            }
            say("250 2.0.0 taken");
        }

        private void keep(byte[] content, boolean chunked) {
            complainAboutLineEnds(content);
            taken.add(new Taken(mail, recipients, content, chunked));
            forget();
        }

        private void forget() {
            mail = "";
            recipients.clear();
            chunks.reset();
        }

        private void complainAboutLineEnds(byte[] content) {
            for (int i = 0; i < content.length; i++) {
                boolean crlf = content[i] == '\r' && i + 1 < content.length && content[i + 1] == '\n';
                if (crlf) {
                    i++;
                } else if (content[i] == '\r' || content[i] == '\n' || content[i] == 0) {
                    complaints.add("octet " + content[i] + " alone at " + i + " of " + recipients);
                    return;
                }
            }
        }

        /// Reads to CRLF.CRLF; the last CRLF before the dot belongs to the content.
        private byte[] dotted() throws IOException {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            boolean lineStart = true;
            while (true) {
                int octet = next();
                if (lineStart && octet == '.') {
                    octet = next();
                    if (octet == '\r') {
                        octet = next();
                        if (octet == '\n') {
                            return content.toByteArray();
                        }
                        content.write('\r');
                    }
                }
                content.write(octet);
                lineStart = false;
                if (octet == '\r') {
                    octet = next();
                    content.write(octet);
                    lineStart = octet == '\n';
                }
            }
        }

        private String command() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int octet = next(); octet != '\n'; octet = next()) {
                line.write(octet);
                if (line.size() > LONGEST_COMMAND) {
                    throw new IOException("a command longer than " + LONGEST_COMMAND + " octets");
                }
            }
            String text = line.toString(StandardCharsets.UTF_8);
            if (!text.endsWith("\r")) {
                complaints.add("a command that ends with a bare LF: " + text);
                return text;
            }
            return text.substring(0, text.length() - 1);
        }

        private int next() throws IOException {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException("the client has left");
            }
            return octet;
        }

        private void say(String reply) throws IOException {
            out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sessions) {
            socket.close();
        }
    }
}
