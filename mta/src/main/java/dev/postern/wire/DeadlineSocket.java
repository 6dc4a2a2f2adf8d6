package dev.postern.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;

/// A connected socket as TLS sees it: each of its reads and writes keeps the deadline of the call
/// above it.
///
/// Used by one thread, {@link #close()} excepted. It has no time-out of its own, so one that is set
/// is not kept.
final class DeadlineSocket extends SocketView {
    private final TcpStream stream;
    private Deadline deadline = new Deadline(System.nanoTime());

    DeadlineSocket(TcpStream stream) throws SocketException {
        super(stream.socket());
        this.stream = stream;
    }

    /// Sets the deadline of the reads and writes to come.
    void until(Deadline next) {
        deadline = next;
    }

    @Override
    public InputStream getInputStream() {
        return new Input();
    }

    @Override
    public OutputStream getOutputStream() {
        return new Output();
    }

    private final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            return length == 0 ? 0 : stream.read(to, offset, length, deadline);
        }

        @Override
        public int available() throws IOException {
            return stream.available();
        }

        @Override
        public void close() {
            DeadlineSocket.this.close();
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            stream.write(octets, offset, length, deadline);
        }

        @Override
        public void close() {
            DeadlineSocket.this.close();
        }
    }

    @Override
    public void close() {
        stream.close();
    }

    @Override
    public void setSoTimeout(int millis) {
        // The deadline of the present call is the only time-out here, and every read has one.
    }

    @Override
    public int getSoTimeout() {
        return 0;
    }
}
