package dev.postern.spool.rocks;

import dev.postern.spool.DueEntry;
import dev.postern.spool.QueueId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/// The keys of the column families; their octets sort as what they stand for.
final class Keys {
    private static final Instant LAST = ofNanos(Long.MAX_VALUE);

    private Keys() {}

    /// Nanoseconds since 1970; times before 1970 and after 2262 count as those.
    static long nanos(Instant at) {
        if (at.isBefore(Instant.EPOCH)) {
            return 0;
        }
        return at.isAfter(LAST) ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano();
    }

    static Instant ofNanos(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }

    /// `message`, `content`, `file`, `aside`: the id, eight octets.
    static byte[] id(long id) {
        return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    }

    static QueueId id(byte[] key) {
        return new QueueId(ByteBuffer.wrap(key).getLong());
    }

    /// `due`: the time in nanoseconds, eight octets, and the id.
    static byte[] due(long nanos, long id) {
        return pair(nanos, id);
    }

    static DueEntry due(byte[] key) {
        ByteBuffer octets = ByteBuffer.wrap(key);
        return new DueEntry(ofNanos(octets.getLong()), new QueueId(octets.getLong()));
    }

    /// `decision`: the queue or session id, and a serial number that grows with each record.
    static byte[] decision(long id, long serial) {
        return pair(id, serial);
    }

    /// `index`: a kind of value, one octet, and the first id of a segment.
    static byte[] index(int kind, long first) {
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put((byte) kind)
                .putLong(first)
                .array();
    }

    /// The first id in a key of `index`.
    static long indexed(byte[] key) {
        return ByteBuffer.wrap(key).getLong(1);
    }

    private static byte[] pair(long first, long second) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(first)
                .putLong(second)
                .array();
    }
}
