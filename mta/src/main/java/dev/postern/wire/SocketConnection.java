package dev.postern.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A connection over TCP, where TLS may be laid over it, or over a Unix domain socket.
///
/// One thread reads and writes. {@link #close()} and {@link #expire} may come from another, which needs
/// no lock: they see the present call through volatile fields and close the socket below, whereupon that
/// call fails. A read on TCP keeps its deadline, be it by a {@link ConnectionWatch}. A write, and any
/// call on a Unix socket, does so only under such a watch, and the connection is closed by it.
public final class SocketConnection extends BufferedConnection {
    /// The content type of the record that a handshake begins with (RFC 8446 §5.1).
    private static final byte TLS_HANDSHAKE = 22;

    private volatile Endpoint local;
    private volatile Endpoint peer;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile OctetStream stream;
    private volatile boolean busy;
    private volatile boolean expired;
    private @Nullable TlsState tls;

    private SocketConnection(OctetStream stream, Endpoint local, Endpoint peer) {
        this.stream = stream;
        this.local = local;
        this.peer = peer;
    }

    /// The connection over a connected TCP socket, which belongs to it from now on.
    public static SocketConnection over(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        return new SocketConnection(
                new TcpStream(socket),
                new Endpoint.Inet(socket.getLocalAddress(), socket.getLocalPort()),
                new Endpoint.Inet(socket.getInetAddress(), socket.getPort()));
    }

    /// The connection over a connected, blocking channel of a Unix domain socket, which belongs to
    /// it from now on.
    ///
    /// @throws IllegalArgumentException if it is the channel of another kind of socket
    public static SocketConnection over(SocketChannel channel) throws IOException {
        return new SocketConnection(
                new UnixStream(channel), unixEnd(channel.getLocalAddress()), unixEnd(channel.getRemoteAddress()));
    }

    private static Endpoint unixEnd(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress unix) {
            return new Endpoint.Unix(unix.getPath());
        }
        throw new IllegalArgumentException("not the address of a Unix domain socket: " + address);
    }

    /// Connects to an address and port.
    ///
    /// @param from the local address to come from; empty for the system's choice
    /// @throws DeadlineExceeded if the peer has not answered by the deadline
    public static SocketConnection connect(Endpoint.Inet to, Optional<InetAddress> from, Deadline deadline)
            throws IOException {
        Socket socket = new Socket();
        try {
            if (from.isPresent()) {
                socket.bind(new InetSocketAddress(from.get(), 0));
            }
            long millis = Math.clamp(deadline.remaining().toMillis(), 1, Integer.MAX_VALUE);
            socket.connect(to.socketAddress(), (int) millis);
            return over(socket);
        } catch (SocketTimeoutException e) {
            socket.close();
            throw exceeded("the connection to " + to, e);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// Connects to a Unix domain socket, which is done or refused at once: from a virtual thread
    /// even where the peer's backlog is full (EAGAIN).
    public static SocketConnection connect(Endpoint.Unix to) throws IOException {
        return over(SocketChannel.open(UnixDomainSocketAddress.of(to.path())));
    }

    @Override
    public Endpoint local() {
        return local;
    }

    @Override
    public Endpoint peer() {
        return peer;
    }

    @Override
    void passedOn(ProxyHeader.Passed header) {
        peer = header.source();
        local = header.destination();
    }

    @Override
    int receive(byte[] to, int offset, int length, Deadline deadline) throws IOException {
        busy = true;
        try {
            return stream.read(to, offset, length, deadline);
        } catch (SocketTimeoutException e) {
            throw exceeded("octets from " + peer, e);
        } catch (IOException e) {
            throw expired ? exceeded("octets from " + peer, e) : e;
        } finally {
            busy = false;
        }
    }

    @Override
    int receiveNow(byte[] to, int offset, int length) throws IOException {
        busy = true;
        try {
            return stream.readNow(to, offset, length);
        } finally {
            busy = false;
        }
    }

    @Override
    void send(byte[] octets, int offset, int length, Deadline deadline) throws IOException {
        busy = true;
        try {
            stream.write(octets, offset, length, deadline);
        } catch (IOException e) {
            throw expired ? exceeded(peer + " to take octets", e) : e;
        } finally {
            busy = false;
        }
    }

    @Override
    public TlsState startTls(TlsUpgrade upgrade, Deadline deadline) throws IOException {
        TcpStream plain = plain();
        if (buffered() > 0) {
            throw new IllegalStateException(buffered() + " octets came in the clear behind the start of TLS");
        }
        return layTls(plain, upgrade, deadline);
    }

    @Override
    public TlsState acceptTls(TlsUpgrade upgrade, Deadline deadline) throws IOException {
        TcpStream plain = plain();
        if (!awaitReadable(deadline)) {
            throw new TlsMissingException("the client says nothing, where it has to begin with TLS");
        }
        if (peek(1)[0] != TLS_HANDSHAKE) {
            throw new TlsMissingException("the client speaks in the clear, where it has to begin with TLS");
        }
        plain.unread(takeBuffered());
        return layTls(plain, upgrade, deadline);
    }

    private TcpStream plain() {
        if (stream instanceof TcpStream plain) {
            return plain;
        }
        throw new IllegalStateException("TLS is laid over a plain TCP connection only, once");
    }

    private TlsState layTls(TcpStream plain, TlsUpgrade upgrade, Deadline deadline) throws IOException {
        flush(deadline);
        busy = true;
        try {
            TlsStream layered = new TlsStream(plain, upgrade);
            TlsState agreed = layered.handshake(deadline);
            stream = layered;
            tls = agreed;
            return agreed;
        } catch (IOException e) {
            throw expired || deadline.passed() ? exceeded("the TLS handshake with " + peer, e) : e;
        } finally {
            busy = false;
        }
    }

    @Override
    public Optional<TlsState> tls() {
        return Optional.ofNullable(tls);
    }

    @Override
    public void expire(long nanoTime) {
        if (stream.guard().isAt(nanoTime)) {
            expired = true;
            closed.set(true);
            stream.abort();
        } else {
            stream.endOverdueRead(nanoTime);
        }
    }

    @Override
    public void underWatch() {
        stream.underWatch();
    }

    /// Closes the connection: politely where no call is under way, else at once.
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        if (busy) {
            stream.abort();
        } else {
            stream.close();
        }
    }

    private static DeadlineExceeded exceeded(String awaited, IOException cause) {
        DeadlineExceeded exceeded = new DeadlineExceeded("waited too long for " + awaited);
        exceeded.initCause(cause);
        return exceeded;
    }
}
