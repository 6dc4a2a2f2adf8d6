package dev.postern.blackbox.peers;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// An SMTP or LMTP client without manners: sends exactly the octets it is given and reads replies.
///
/// Every read ends after thirty seconds without an octet, with an exception. Not for more than one
/// thread.
public final class RawSmtp implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int LONGEST_LINE = 64 * 1024;

    private Line line;

    private RawSmtp(Line line) {
        this.line = line;
    }

    /// One reply.
    ///
    /// @param code three digits as a number
    /// @param texts what follows the code and its separator, a line each
    public record Reply(int code, List<String> texts) {
        public Reply {
            texts = List.copyOf(texts);
        }

        /// As it was on the wire, lines joined by LF.
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < texts.size(); i++) {
                text.append(code).append(i + 1 < texts.size() ? '-' : ' ');
                text.append(texts.get(i)).append(i + 1 < texts.size() ? "\n" : "");
            }
            return text.toString();
        }
    }

    /// Connects to a port of 127.0.0.1; the greeting is not yet read.
    public static RawSmtp connect(int port) throws IOException {
        return connect(new InetSocketAddress(Ports.loopback(), port));
    }

    /// Connects to a port of 127.0.0.1 from this address of ours; the greeting is not yet read.
    public static RawSmtp connect(InetAddress from, int port) throws IOException {
        return connect(new InetSocketAddress(from, 0), new InetSocketAddress(Ports.loopback(), port));
    }

    /// Connects to any address; the greeting is not yet read.
    public static RawSmtp connect(InetSocketAddress address) throws IOException {
        return connect(null, address);
    }

    private static RawSmtp connect(@Nullable InetSocketAddress from, InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        try {
            socket.bind(from);
            socket.connect(address, (int) TIMEOUT.toMillis());
            socket.setTcpNoDelay(true);
            return new RawSmtp(new TcpLine(socket));
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    /// Connects to a Unix socket; the greeting is not yet read.
    public static RawSmtp connect(Path unixSocket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(unixSocket));
            channel.configureBlocking(false);
            return new RawSmtp(new UnixLine(channel));
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
    }

    /// Connects with TLS from the first octet on; the greeting is not yet read.
    public static RawSmtp connectTls(int port) throws IOException {
        RawSmtp smtp = connect(port);
        smtp.handshake();
        return smtp;
    }

    /// Sends these octets and nothing else.
    public void send(byte[] octets) throws IOException {
        line.send(octets);
    }

    /// Sends this text in UTF-8, without adding a line end.
    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Sends one command line with CRLF and reads its reply.
    public Reply command(String text) throws IOException {
        send(text + "\r\n");
        return reply();
    }

    /// Reads one reply, all its lines.
    ///
    /// @throws EOFException when the peer ended the connection
    /// @throws IOException when what came is no reply, or nothing came in time
    public Reply reply() throws IOException {
        List<String> texts = new ArrayList<>();
        while (true) {
            String text = readLine();
            if (text.length() < 3 || !text.substring(0, 3).chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw new IOException("not a reply: " + text);
            }
            texts.add(text.length() > 4 ? text.substring(4) : "");
            if (text.length() == 3 || text.charAt(3) != '-') {
                return new Reply(Integer.parseInt(text.substring(0, 3)), texts);
            }
        }
    }

    /// STARTTLS and the handshake, whatever the certificate. EHLO is to be said again.
    ///
    /// @return the reply to STARTTLS; the handshake is made only after a 220
    public Reply startTls() throws IOException {
        Reply reply = command("STARTTLS");
        if (reply.code() == 220) {
            handshake();
        }
        return reply;
    }

    /// Whether the peer ends the connection now; what it still sends is read and thrown away.
    ///
    /// @throws IOException when it neither sends nor ends within the time-out
    public boolean ended() throws IOException {
        for (int i = 0; i < LONGEST_LINE; i++) {
            if (line.read() < 0) {
                return true;
            }
        }
        return false;
    }

    /// The certificate that the server has shown.
    ///
    /// @throws IllegalStateException before TLS
    public X509Certificate certificate() throws IOException {
        return line.certificate();
    }

    private void handshake() throws IOException {
        line = line.secured();
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int octet = line.read();
        while (octet != '\n') {
            if (octet < 0) {
                throw new EOFException("connection ended after: " + text.toString(StandardCharsets.UTF_8));
            }
            if (text.size() > LONGEST_LINE) {
                throw new IOException("a reply line longer than " + LONGEST_LINE + " octets");
            }
            text.write(octet);
            octet = line.read();
        }
        String whole = text.toString(StandardCharsets.UTF_8);
        return whole.endsWith("\r") ? whole.substring(0, whole.length() - 1) : whole;
    }

    @Override
    public void close() throws IOException {
        line.close();
    }

    /// Octets both ways, with the time-out.
    private interface Line {
        void send(byte[] octets) throws IOException;

        /// The next octet, or -1 at the end.
        int read() throws IOException;

        Line secured() throws IOException;

        X509Certificate certificate() throws IOException;

        void close() throws IOException;
    }

    private static X509Certificate noTls() {
        throw new IllegalStateException("there is no TLS");
    }

    private static final class TcpLine implements Line {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        TcpLine(Socket socket) throws IOException {
            this.socket = socket;
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            // Not buffered: what the peer sends right behind its 220 belongs to the handshake.
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        }

        @Override
        public void send(byte[] octets) throws IOException {
            out.write(octets);
            out.flush();
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public Line secured() throws IOException {
            SSLSocket secured = (SSLSocket) AnyCertificate.context()
                    .getSocketFactory()
                    .createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
            secured.startHandshake();
            return new TcpLine(secured);
        }

        @Override
        public X509Certificate certificate() throws IOException {
            return socket instanceof SSLSocket secured
                    ? (X509Certificate) secured.getSession().getPeerCertificates()[0]
                    : noTls();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static final class UnixLine implements Line {
        private final SocketChannel channel;
        private final Selector selector;
        private final SelectionKey key;
        private final ByteBuffer buffer = ByteBuffer.allocate(4096).flip();

        UnixLine(SocketChannel channel) throws IOException {
            this.channel = channel;
            this.selector = Selector.open();
            this.key = channel.register(selector, 0);
        }

        @Override
        public void send(byte[] octets) throws IOException {
            ByteBuffer rest = ByteBuffer.wrap(octets);
            while (rest.hasRemaining()) {
                if (channel.write(rest) == 0) {
                    await(SelectionKey.OP_WRITE);
                }
            }
        }

        @Override
        public int read() throws IOException {
            while (!buffer.hasRemaining()) {
                buffer.clear();
                int count = channel.read(buffer);
                buffer.flip();
                if (count < 0) {
                    return -1;
                }
                if (count == 0) {
                    await(SelectionKey.OP_READ);
                }
            }
            return buffer.get() & 0xFF;
        }

        private void await(int operation) throws IOException {
            key.interestOps(operation);
            selector.selectedKeys().clear();
            if (selector.select(TIMEOUT.toMillis()) == 0) {
                throw new IOException("nothing within " + TIMEOUT);
            }
        }

        @Override
        public X509Certificate certificate() {
            return noTls();
        }

        @Override
        public Line secured() {
            throw new IllegalStateException("no TLS over a Unix socket");
        }

        @Override
        public void close() throws IOException {
            selector.close();
            channel.close();
        }
    }
}
