package dev.postern.dns.client;

import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;

/// One name server and the questions it has at the moment; shared by all threads, guarded by its semaphore and its set
/// of sockets.
///
/// Each question has a socket of its own, so that its port is one more thing that a forger has to guess (RFC 5452
/// §9.2).
final class Upstream {
    private static final int MAX_DATAGRAM = 4096;

    private final Endpoint.Inet server;
    private final Semaphore permits;
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private volatile boolean silent;

    Upstream(Endpoint.Inet server, int inFlight) {
        this.server = server;
        this.permits = new Semaphore(inFlight, true);
    }

    /// What came of asking.
    sealed interface Reply {
        /// An answer that belongs to the question and is whole.
        record Answered(Message message) implements Reply {}

        /// None.
        ///
        /// @param why such as `192.0.2.53:53 did not answer within 3 s`
        record Unanswered(String why) implements Reply {}
    }

    /// Asks once: by a datagram, and by TCP where the answer does not fit into one (RFC 7766 §5).
    ///
    /// @param turn by when the question must have its turn among all that are for this server
    /// @param time how long the answer is waited for from then on
    /// @throws InterruptedException if the thread was interrupted
    Reply ask(Query query, Deadline turn, Duration time) throws InterruptedException {
        if (!permits.tryAcquire(turn.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
            return new Reply.Unanswered("too many questions wait for " + server);
        }
        try {
            Deadline deadline = Deadline.after(time);
            Message message = datagram(query, deadline);
            Message whole = message.getHeader().getFlag(Flags.TC) ? stream(query, deadline) : message;
            silent = false;
            return new Reply.Answered(whole);
        } catch (SocketTimeoutException late) {
            silent = true;
            return new Reply.Unanswered(server + " did not answer within " + words(time));
        } catch (PortUnreachableException closed) {
            silent = true;
            return new Reply.Unanswered(server + " cannot be asked: nobody listens there");
        } catch (BadAnswer bad) {
            return new Reply.Unanswered("the answer of " + server + " is of no use: " + bad.getMessage());
        } catch (IOException unreachable) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while asking " + server);
            }
            silent = true;
            return new Reply.Unanswered(server + " cannot be asked: " + unreachable.getMessage());
        } finally {
            permits.release();
        }
    }

    /// Whether it did not answer the last time: others are asked before it.
    boolean isSilent() {
        return silent;
    }

    Endpoint.Inet server() {
        return server;
    }

    /// Ends the questions that it has now.
    void close() {
        for (Closeable socket : open) {
            try {
                socket.close();
            } catch (IOException broken) {
                silent = true; // nobody can use that socket any more, and the thread that waits on it has its time-out
            }
        }
    }

    private Message datagram(Query query, Deadline deadline) throws IOException {
        DatagramSocket socket = new DatagramSocket();
        open.add(socket);
        try (socket) {
            socket.connect(server.socketAddress());
            socket.send(new DatagramPacket(query.octets(), query.octets().length));
            byte[] buffer = new byte[MAX_DATAGRAM];
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.setSoTimeout(StreamExchange.millis(deadline));
                socket.receive(packet);
                Optional<Message> answer = query.answer(Arrays.copyOf(buffer, packet.getLength()));
                if (answer.isPresent()) {
                    return answer.get();
                }
                // not an answer to this question, whoever sent it: go on waiting for ours
            }
        } finally {
            open.remove(socket);
        }
    }

    private Message stream(Query query, Deadline deadline) throws IOException {
        Socket socket = new Socket();
        open.add(socket);
        try (socket) {
            return query.answer(StreamExchange.exchange(socket, server, query.octets(), deadline))
                    .orElseThrow(() -> new BadAnswer("it belongs to another question"));
        } finally {
            open.remove(socket);
        }
    }

    /// A time in words.
    static String words(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
