package dev.postern.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// A Unix domain socket. The system times out nothing here, so reads and writes are guarded.
final class UnixStream implements OctetStream {
    private final SocketChannel channel;
    private final Overdue guard = new Overdue();

    UnixStream(SocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public int read(byte[] to, int offset, int length, Deadline deadline) throws IOException {
        guard.enter(deadline);
        try {
            return channel.read(ByteBuffer.wrap(to, offset, length));
        } finally {
            guard.leave();
        }
    }

    @Override
    public int readNow(byte[] to, int offset, int length) throws IOException {
        channel.configureBlocking(false);
        try {
            return channel.read(ByteBuffer.wrap(to, offset, length));
        } finally {
            channel.configureBlocking(true);
        }
    }

    @Override
    public void write(byte[] octets, int offset, int length, Deadline deadline) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(octets, offset, length);
        guard.enter(deadline);
        try {
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        } finally {
            guard.leave();
        }
    }

    @Override
    public void close() {
        abort();
    }

    @Override
    public void abort() {
        try {
            channel.close();
        } catch (IOException alreadyLost) {
            return; // nothing is left to be done with it
        }
    }

    /// None is left to the watch alone: an overdue one is aborted as a write is.
    @Override
    public void endOverdueRead(long nanoTime) {}

    @Override
    public void underWatch() {}

    @Override
    public Overdue guard() {
        return guard;
    }
}
