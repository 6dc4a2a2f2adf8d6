package dev.postern.policy;

import dev.postern.wire.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A name server, by datagrams and by TCP, that does to each question what a label of its name says: see {@link Kind}.
/// Names without such a label do not exist. It writes octets itself, since no library writes such answers.
final class HostileNameServer implements AutoCloseable {
    /// What can be done to a question.
    enum Kind {
        SILENT,
        SERVFAIL,
        GARBAGE,
        WRONGID,
        OTHERQUESTION,
        FOREIGN,
        TRUNCATED,
        LOOP,
        CHAIN,
        HUGE,
        MANY,
        DRIP;

        /// Whether a datagram only says that TCP is to be used.
        private boolean byTcp() {
            return switch (this) {
                case TRUNCATED, HUGE, MANY, DRIP -> true;
                case SILENT, SERVFAIL, GARBAGE, WRONGID, OTHERQUESTION, FOREIGN, LOOP, CHAIN -> false;
            };
        }
    }

    private static final int HEADER = 12;
    private static final int TXT = 16;
    private static final int CNAME = 5;
    private static final int SERVFAIL = 2;
    private static final int NXDOMAIN = 3;
    private static final int TRUNCATED = 0x0200;
    private static final int LONGEST = 65_000;

    private final ServerSocket streams;
    private final DatagramSocket datagrams;
    private final AtomicInteger questions = new AtomicInteger();

    HostileNameServer() throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        ServerSocket first = new ServerSocket(0, 50, here);
        DatagramSocket same;
        try {
            same = new DatagramSocket(new InetSocketAddress(here, first.getLocalPort()));
        } catch (SocketException taken) {
            first.close();
            first = new ServerSocket(0, 50, here);
            same = new DatagramSocket(new InetSocketAddress(here, first.getLocalPort()));
        }
        streams = first;
        datagrams = same;
        Thread.startVirtualThread(this::datagrams);
        Thread.startVirtualThread(this::streams);
    }

    Endpoint.Inet endpoint() {
        return new Endpoint.Inet(streams.getInetAddress(), streams.getLocalPort());
    }

    /// How many questions came by datagram so far.
    int questions() {
        return questions.get();
    }

    private void datagrams() {
        byte[] buffer = new byte[4096];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                datagrams.receive(packet);
                questions.incrementAndGet();
                byte[] answer = datagram(Arrays.copyOf(buffer, packet.getLength()));
                if (answer.length > 0) {
                    datagrams.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException over) {
            datagrams.close(); // the test is over
        }
    }

    private void streams() {
        try {
            while (true) {
                Socket socket = streams.accept();
                Thread.startVirtualThread(() -> stream(socket));
            }
        } catch (IOException over) {
            datagrams.close(); // the test is over
        }
    }

    private void stream(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] question = in.readNBytes(in.readUnsignedShort());
            Kind kind = kind(question).orElse(Kind.TRUNCATED);
            if (kind == Kind.TRUNCATED) {
                return;
            }
            byte[] answer = whole(question, kind);
            OutputStream out = socket.getOutputStream();
            out.write(new byte[] {(byte) (answer.length >> 8), (byte) answer.length});
            if (kind == Kind.DRIP) {
                out.write(answer, 0, 1);
                in.read(); // the rest never comes: it goes on only when the other side ends
                return;
            }
            out.write(answer);
        } catch (IOException over) {
            datagrams.isClosed(); // the asking side went away, which is what is tested
        }
    }

    private static byte[] datagram(byte[] question) throws IOException {
        Optional<Kind> kind = kind(question);
        if (kind.isEmpty()) {
            return answer(question, NXDOMAIN, List.of());
        }
        if (kind.get().byTcp()) {
            return answer(question, TRUNCATED, List.of());
        }
        return switch (kind.get()) {
            case SILENT -> new byte[0];
            case SERVFAIL -> answer(question, SERVFAIL, List.of());
            case GARBAGE -> {
                byte[] answer = answer(question, 0, List.of());
                answer[7] = 9; // answers that are not there
                yield answer;
            }
            case WRONGID -> {
                byte[] answer = answer(question, 0, List.of());
                answer[0] ^= 1;
                yield answer;
            }
            case OTHERQUESTION -> {
                byte[] answer = answer(question, 0, List.of());
                answer[HEADER + 1] ^= 1;
                yield answer;
            }
            case FOREIGN ->
                answer(
                        question,
                        0,
                        List.of(
                                record(name("_dmarc.other.test"), TXT, text("v=DMARC1; p=none")),
                                record(name("_dmarc.test"), TXT, text("v=DMARC1; p=none"))));
            case LOOP ->
                answer(
                        question,
                        0,
                        List.of(
                                record(pointer(), CNAME, name("a.loop.test")),
                                record(name("a.loop.test"), CNAME, name("b.loop.test")),
                                record(name("b.loop.test"), CNAME, name("a.loop.test"))));
            case CHAIN -> {
                int length = question[HEADER] & 0xFF;
                String label = new String(question, HEADER + 1, length, StandardCharsets.US_ASCII);
                int number = label.startsWith("n") && label.length() > 1 ? Integer.parseInt(label.substring(1)) : 0;
                yield answer(question, 0, List.of(record(pointer(), CNAME, name("n" + (number + 1) + ".chain.test"))));
            }
            case TRUNCATED, HUGE, MANY, DRIP -> throw new IllegalStateException("by TCP");
        };
    }

    private static byte[] whole(byte[] question, Kind kind) throws IOException {
        String name = new String(question, HEADER, question.length - HEADER, StandardCharsets.ISO_8859_1);
        String begin = name.contains("_dmarc")
                ? "v=DMARC1; p=reject;"
                : name.contains("_domainkey") ? "v=DKIM1; p=AAAA" : "v=spf1 -all";
        if (kind == Kind.MANY) {
            byte[] one = record(pointer(), TXT, text(begin));
            return answer(question, 0, java.util.Collections.nCopies(Math.min(3000, LONGEST / one.length), one));
        }
        String more = name.contains("_dmarc") ? " x=y;" : name.contains("_domainkey") ? "A" : " a mx include:x.test";
        String first = name.contains("_dmarc") || name.contains("_domainkey") ? begin : "v=spf1";
        return answer(question, 0, List.of(record(pointer(), TXT, text(first + more.repeat(60_000 / more.length())))));
    }

    private static Optional<Kind> kind(byte[] question) {
        String name = new String(question, StandardCharsets.ISO_8859_1).toUpperCase(java.util.Locale.ROOT);
        return Arrays.stream(Kind.values())
                .filter(kind -> name.contains((char) kind.name().length() + kind.name()))
                .findFirst();
    }

    /// The answer with records, whose octets are given, to a question that is repeated.
    private static byte[] answer(byte[] question, int flags, List<byte[]> records) throws IOException {
        int end = HEADER;
        while (question[end] != 0) {
            end += question[end] + 1;
        }
        end += 5; // the root, the type and the class
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int word = 0x8180 | flags;
        out.write(question, 0, 2);
        out.write(new byte[] {(byte) (word >> 8), (byte) word, 0, 1});
        out.write(new byte[] {(byte) (records.size() >> 8), (byte) records.size(), 0, 0, 0, 0});
        out.write(question, HEADER, end - HEADER);
        for (byte[] record : records) {
            out.write(record);
        }
        return out.toByteArray();
    }

    /// The name of the question.
    private static byte[] pointer() {
        return new byte[] {(byte) 0xC0, HEADER};
    }

    private static byte[] name(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : text.split("\\.", -1)) {
            out.write(label.length());
            out.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        return out.toByteArray();
    }

    private static byte[] text(String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < octets.length; at += 255) {
            int length = Math.min(255, octets.length - at);
            out.write(length);
            out.write(octets, at, length);
        }
        return out.toByteArray();
    }

    private static byte[] record(byte[] owner, int type, byte[] data) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(owner);
        out.write(new byte[] {0, (byte) type, 0, 1, 0, 0, 0, 60, (byte) (data.length >> 8), (byte) data.length});
        out.write(data);
        return out.toByteArray();
    }

    @Override
    public void close() throws IOException {
        streams.close();
        datagrams.close();
    }
}
