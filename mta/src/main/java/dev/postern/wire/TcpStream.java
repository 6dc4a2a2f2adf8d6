package dev.postern.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;

/// A plain TCP socket. Its writes are guarded. The system times out its reads, but for those whose
/// deadline is far where a watch looks after the stream: a timer that is set and taken back for each
/// read costs more than the read, and whoever waits a minute may wait a second more.
final class TcpStream implements OctetStream {
    private static final int LAST_DRAIN = 64 * 1024;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final byte[] NONE = {};

    /// How far away the deadline of a read is that is left to a watch.
    static final Duration FAR = Duration.ofMinutes(1);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Overdue guard = new Overdue();
    private final Overdue reading = new Overdue();
    private byte[] ahead = NONE;
    private boolean watched;
    private volatile boolean readEnded;

    TcpStream(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    Socket socket() {
        return socket;
    }

    @Override
    public int read(byte[] to, int offset, int length, Deadline deadline) throws IOException {
        if (ahead.length > 0) {
            return readAhead(to, offset, length);
        }
        long left = deadline.nanos() - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("the deadline has passed");
        }
        if (watched && left >= FAR.toNanos()) {
            return readUnderWatch(to, offset, length, deadline);
        }
        long millis = (left + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
        socket.setSoTimeout((int) Math.min(millis, Integer.MAX_VALUE));
        return in.read(to, offset, length);
    }

    private int readUnderWatch(byte[] to, int offset, int length, Deadline deadline) throws IOException {
        socket.setSoTimeout(0);
        reading.enter(deadline);
        int count;
        try {
            count = in.read(to, offset, length);
        } finally {
            reading.leave();
        }
        if (count < 0 && readEnded) {
            throw new SocketTimeoutException("the watch has ended the read");
        }
        return count;
    }

    @Override
    public void endOverdueRead(long nanoTime) {
        if (reading.isAt(nanoTime)) {
            readEnded = true;
            try {
                socket.shutdownInput();
            } catch (IOException alreadyLost) {
                return; // the read ends by that
            }
        }
    }

    @Override
    public void underWatch() {
        watched = true;
    }

    @Override
    public int readNow(byte[] to, int offset, int length) throws IOException {
        if (ahead.length > 0) {
            return readAhead(to, offset, length);
        }
        int there = in.available();
        return there == 0 ? 0 : in.read(to, offset, Math.min(there, length));
    }

    private int readAhead(byte[] to, int offset, int length) {
        int count = Math.min(length, ahead.length);
        System.arraycopy(ahead, 0, to, offset, count);
        ahead = count == ahead.length ? NONE : Arrays.copyOfRange(ahead, count, ahead.length);
        return count;
    }

    /// Takes back octets that were read, to be read again before all others; once.
    void unread(byte[] octets) {
        ahead = octets;
    }

    /// How many octets are here that nobody has read.
    int available() throws IOException {
        return ahead.length + in.available();
    }

    @Override
    public void write(byte[] octets, int offset, int length, Deadline deadline) throws IOException {
        guard.enter(deadline);
        try {
            out.write(octets, offset, length);
        } finally {
            guard.leave();
        }
    }

    /// Octets that nobody read would make the system reset the connection and take our last words
    /// with it, so those that are here are read first.
    @Override
    public void close() {
        try (socket) {
            if (!socket.isOutputShutdown()) {
                socket.shutdownOutput();
            }
            byte[] dropped = new byte[1024];
            int there = Math.min(in.available(), LAST_DRAIN);
            while (there > 0) {
                there -= in.read(dropped, 0, Math.min(there, dropped.length));
            }
        } catch (IOException alreadyLost) {
            return; // the connection is given up anyway, and the socket is closed
        }
    }

    @Override
    public void abort() {
        try {
            socket.close();
        } catch (IOException alreadyLost) {
            return; // nothing is left to be done with it
        }
    }

    @Override
    public Overdue guard() {
        return guard;
    }
}
