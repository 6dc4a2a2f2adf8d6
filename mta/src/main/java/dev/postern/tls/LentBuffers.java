package dev.postern.tls;

import java.nio.ByteBuffer;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.conscrypt.AllocatedBuffer;
import org.conscrypt.BufferAllocator;

/// Memory outside the heap that Conscrypt reads and decrypts in, lent to one connection after the other.
///
/// Left to itself it takes two new buffers for each connection, and only a collection of garbage gives them back: a
/// server that sees a thousand connections between two collections has 32 MiB of them. Used by all threads.
final class LentBuffers extends BufferAllocator {
    /// What a TLS record has at most, with all that Conscrypt grants it (RFC 8446 §5.2 allows 16,645 octets).
    static final int OCTETS = 16_709;

    /// How many are kept while nobody uses them; 4 MiB.
    static final int KEPT = 256;

    /// The last one that came back goes out first.
    private final BlockingDeque<ByteBuffer> free = new LinkedBlockingDeque<>(KEPT);

    /// One that is in use until it is released.
    private final class Lent extends AllocatedBuffer {
        private final ByteBuffer buffer;
        private final AtomicBoolean released = new AtomicBoolean();

        Lent(ByteBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public ByteBuffer nioBuffer() {
            return buffer;
        }

        @Override
        public AllocatedBuffer release() {
            if (released.compareAndSet(false, true)) {
                // A view of its own for the next one: whoever had it still has the old one.
                var _ = free.offerFirst(buffer.duplicate().clear()); // where enough are kept it is forgotten
            }
            return this;
        }
    }

    /// @param octets of room that it has at least
    @Override
    public AllocatedBuffer allocateDirectBuffer(int octets) {
        if (octets > OCTETS) {
            return unpooled().allocateDirectBuffer(octets);
        }
        ByteBuffer known = free.pollFirst();
        return new Lent(known == null ? ByteBuffer.allocateDirect(OCTETS) : known);
    }
}
