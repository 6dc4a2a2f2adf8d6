package dev.postern.smtpserver;

import dev.postern.intake.Incoming;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpoolException;
import dev.postern.wire.ContentSink;
import java.io.Closeable;

/// One content on its way into the spool, up to the limit: what is beyond it is counted and dropped, and what was kept
/// is forgotten at once. Used by one thread.
final class Reception implements ContentSink, Closeable {
    private final QueueId id;
    private final Origin origin;
    private final Incoming incoming;
    private final long limit;
    private long octets;

    Reception(QueueId id, Origin origin, Incoming incoming, long limit) {
        this.id = id;
        this.origin = origin;
        this.incoming = incoming;
        this.limit = limit;
    }

    /// The name that the message will have.
    QueueId id() {
        return id;
    }

    /// How it comes.
    Origin origin() {
        return origin;
    }

    /// The door that it goes through.
    Incoming incoming() {
        return incoming;
    }

    /// Octets of content so far, those beyond the limit too.
    long octets() {
        return octets;
    }

    /// Whether the content is larger than allowed.
    boolean tooBig() {
        return octets > limit;
    }

    @Override
    public void write(byte[] piece, int offset, int length) throws SpoolException {
        if (tooBig()) {
            octets += length;
            return;
        }
        octets += length;
        if (tooBig()) {
            incoming.close();
        } else {
            incoming.write(piece, offset, length);
        }
    }

    @Override
    public void close() {
        incoming.close();
    }
}
