package dev.postern.tls;

import java.nio.ByteBuffer;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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

    private final Deque<ByteBuffer> free = new ConcurrentLinkedDeque<>();
    private final AtomicInteger kept = new AtomicInteger();

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
                takeBack(buffer);
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
        if (known == null) {
            return new Lent(ByteBuffer.allocateDirect(OCTETS));
        }
        kept.decrementAndGet();
        return new Lent(known);
    }

    /// A view of its own for the next one: whoever had it still has the old one.
    private void takeBack(ByteBuffer buffer) {
        if (kept.incrementAndGet() <= KEPT) {
            free.addFirst(buffer.duplicate().clear());
        } else {
            kept.decrementAndGet();
        }
    }
}
