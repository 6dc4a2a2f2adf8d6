package dev.postern.dns.client;

import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;

/// A name server of datagrams that does what a test tells it, on a virtual thread of its own.
final class ScriptedServer implements AutoCloseable {
    /// What is done with one question.
    interface Script {
        /// Told of each question.
        ///
        /// @param number which question it is, from 1
        /// @param server to reply with
        void question(int number, Asked asked, ScriptedServer server) throws IOException;
    }

    /// A question and who asked it.
    record Asked(Message message, SocketAddress from) {
        /// The empty answer to it.
        Message answer() {
            Message answer = new Message(message.getHeader().getID());
            answer.getHeader().setFlag(Flags.QR);
            answer.getHeader().setFlag(Flags.RA);
            answer.addRecord(message.getQuestion(), Section.QUESTION);
            return answer;
        }
    }

    private final DatagramSocket socket;
    private final Script script;
    private final List<String> questions = new ArrayList<>();

    ScriptedServer(Script script) throws IOException {
        this.socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        this.script = script;
        Thread.startVirtualThread(this::run);
    }

    Endpoint.Inet endpoint() {
        return new Endpoint.Inet(socket.getLocalAddress(), socket.getLocalPort());
    }

    /// Our resolver, which asks this server alone and validates from these anchors on.
    ///
    /// @param now the time that it is for it
    DnsClient resolver(TrustAnchors anchors, Instant now) {
        return new DnsClient(
                DnsSettings.of(List.of(endpoint()))
                        .patient(Duration.ofSeconds(20), 1)
                        .validating(new Validation.Self(anchors)),
                InstantSource.fixed(now),
                System::nanoTime);
    }

    /// The names asked for so far, in order; waits until there are that many.
    synchronized List<String> questions(int atLeast) throws InterruptedException {
        while (questions.size() < atLeast) {
            wait();
        }
        return List.copyOf(questions);
    }

    private synchronized void note(String question) {
        questions.add(question);
        notifyAll();
    }

    void reply(Asked asked, Message answer) throws IOException {
        reply(asked, answer.toWire());
    }

    void reply(Asked asked, byte[] octets) throws IOException {
        socket.send(new DatagramPacket(octets, octets.length, asked.from()));
    }

    private void run() {
        byte[] buffer = new byte[4096];
        int number = 0;
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                Message message = new Message(Arrays.copyOf(buffer, packet.getLength()));
                note(message.getQuestion().getName().toString(true));
                script.question(++number, new Asked(message, packet.getSocketAddress()), this);
            } catch (IOException over) {
                if (!socket.isClosed()) {
                    throw new IllegalStateException(over);
                }
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
