package dev.postern.bench.beside;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// The message of 4 KiB that clients of our own send, waiting for each reply before they say more.
final class Letter {
    private static final int OCTETS = 4096;
    private static final int PATIENCE_MILLIS = 60_000;
    private static final String LINE = "Words of no meaning, in lines of some seventy characters, as mail has.\r\n";
    private static final byte[] CONTENT = ("From: <joe@sender.bench.example>\r\nTo: <sink@bench.test>\r\n"
                    + "Date: Mon, 1 Jun 2026 12:00:00 +0000\r\nMessage-ID: <1@sender.bench.example>\r\nSubject: one\r\n\r\n"
                    + LINE.repeat(OCTETS / LINE.length()))
            .getBytes(StandardCharsets.US_ASCII);

    private Letter() {}

    /// Connects to a server on loopback and says EHLO.
    static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            Handshaker.expect("220", socket, "");
            Handshaker.expect("250", socket, "EHLO client.test\r\n");
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    /// Sends it once.
    ///
    /// @return nanoseconds from the dot to the 250 after it
    static long send(Socket socket) throws IOException {
        Handshaker.expect("250", socket, "MAIL FROM:<joe@sender.bench.example>\r\n");
        Handshaker.expect("250", socket, "RCPT TO:<sink@bench.test>\r\n");
        Handshaker.expect("354", socket, "DATA\r\n");
        socket.getOutputStream().write(CONTENT);
        long dot = System.nanoTime();
        Handshaker.expect("250", socket, ".\r\n");
        return System.nanoTime() - dot;
    }
}
