package dev.postern.spool;

import java.io.Closeable;

/// Content that is coming in: kept in memory up to the spool's threshold, beyond it in a file of
/// its own. Used by one thread.
///
/// Closing it without having committed it forgets it.
public interface ContentDraft extends Closeable {
    /// The id that the message will have.
    QueueId id();

    /// Takes octets; the array belongs to the caller again after the call.
    void write(byte[] octets, int offset, int length) throws SpoolException;

    /// Octets written so far.
    long size();

    /// What was written, readable from now on without the spool; writing is over.
    Content content() throws SpoolException;

    @Override
    void close();
}
