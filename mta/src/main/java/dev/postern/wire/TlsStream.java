package dev.postern.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/// TLS over a plain TCP socket. The deadlines hold for the octets below TLS, so a peer that drips a
/// record or a handshake octet by octet does not outlive them.
final class TlsStream implements OctetStream {
    private static final Duration FAREWELL = Duration.ofSeconds(1);
    private static final Duration GLIMPSE = Duration.ofMillis(1);

    /// Octets that are written first: Conscrypt sends the tickets by which a client may come again (RFC 8446 §4.6.1)
    /// with them, and fails where both together are more than one record.
    private static final int FIRST = 2048;

    private final TcpStream plain;
    private final DeadlineSocket below;
    private final TlsUpgrade upgrade;
    private final SSLSocket socket;
    private final InputStream in;
    private final OutputStream out;
    private boolean spoken;

    /// Lays TLS over a plain stream; the handshake is yet to be done.
    TlsStream(TcpStream plain, TlsUpgrade upgrade) throws IOException {
        this.plain = plain;
        this.below = new DeadlineSocket(plain);
        this.upgrade = upgrade;
        this.socket = upgrade.layer(below);
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    TlsState handshake(Deadline deadline) throws IOException {
        below.until(deadline);
        socket.startHandshake();
        refuseAnother();
        SSLSession session = socket.getSession();
        return new TlsState(
                session.getProtocol(),
                session.getCipherSuite(),
                upgrade.group(socket),
                session,
                upgrade.bindings(socket),
                upgrade.check(socket));
    }

    /// Within TLS 1.2 a peer may ask for handshake after handshake (RFC 5246 §7.4.1.1), each of which costs us far
    /// more than the peer. No cipher is left for another one, so it fails; the one that was agreed on stays.
    private void refuseAnother() {
        socket.setEnabledCipherSuites(new String[0]);
    }

    @Override
    public int read(byte[] to, int offset, int length, Deadline deadline) throws IOException {
        below.until(deadline);
        return in.read(to, offset, length);
    }

    /// Octets that have come may be a part of a record only, or none of the peer's words: TLS has
    /// to look, for an instant.
    @Override
    public int readNow(byte[] to, int offset, int length) throws IOException {
        if (in.available() == 0 && plain.available() == 0) {
            return 0;
        }
        below.until(Deadline.after(GLIMPSE));
        try {
            return in.read(to, offset, length);
        } catch (SocketTimeoutException notYet) {
            return 0; // the exception is how the socket says "nothing whole is here"
        }
    }

    @Override
    public void write(byte[] octets, int offset, int length, Deadline deadline) throws IOException {
        below.until(deadline);
        int first = spoken ? 0 : Math.min(length, FIRST);
        if (first > 0) {
            out.write(octets, offset, first);
            spoken = true;
        }
        if (length > first) {
            out.write(octets, offset + first, length - first);
        }
    }

    @Override
    public void close() {
        below.until(Deadline.after(FAREWELL));
        try {
            socket.close();
        } catch (IOException alreadyLost) {
            plain.abort(); // the peer does not hear the farewell
        }
    }

    @Override
    public void abort() {
        plain.abort();
    }

    @Override
    public void endOverdueRead(long nanoTime) {
        plain.endOverdueRead(nanoTime);
    }

    @Override
    public void underWatch() {
        plain.underWatch();
    }

    @Override
    public Overdue guard() {
        return plain.guard();
    }
}
