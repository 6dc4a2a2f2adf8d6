package dev.postern.dns.client;

import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/// One message and its answer over a TCP connection of their own.
///
/// @rfc 7766 §8
final class StreamExchange {
    /// The longest message that a length before it can tell.
    static final int MAX_OCTETS = 0xFFFF;

    private static final int LENGTH_OCTETS = 2;

    private StreamExchange() {}

    /// Sends a message and waits for the next one that comes.
    ///
    /// @param socket not connected; whoever made it closes it
    /// @param message at most {@link #MAX_OCTETS}
    /// @throws SocketTimeoutException if the deadline passes first
    static byte[] exchange(Socket socket, Endpoint.Inet server, byte[] message, Deadline deadline) throws IOException {
        socket.connect(server.socketAddress(), millis(deadline));
        byte[] framed = new byte[LENGTH_OCTETS + message.length];
        framed[0] = (byte) (message.length >> 8);
        framed[1] = (byte) message.length;
        System.arraycopy(message, 0, framed, LENGTH_OCTETS, message.length);
        socket.getOutputStream().write(framed);
        byte[] length = read(socket, LENGTH_OCTETS, deadline);
        return read(socket, (length[0] & 0xFF) << 8 | (length[1] & 0xFF), deadline);
    }

    private static byte[] read(Socket socket, int octets, Deadline deadline) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] data = new byte[octets];
        int at = 0;
        while (at < octets) {
            socket.setSoTimeout(millis(deadline));
            int count = in.read(data, at, octets - at);
            if (count < 0) {
                throw new EOFException("the connection ended within the answer");
            }
            at += count;
        }
        return data;
    }

    /// The time left, for a time-out of a socket.
    ///
    /// @throws SocketTimeoutException if there is none
    static int millis(Deadline deadline) throws SocketTimeoutException {
        long millis = deadline.remaining().plusNanos(999_999).toMillis();
        if (millis <= 0) {
            throw new SocketTimeoutException("too late");
        }
        return (int) Math.min(Integer.MAX_VALUE, millis);
    }
}
