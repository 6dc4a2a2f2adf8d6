package dev.postern.wire;

import java.io.IOException;

/// Takes the octets of a message as they come; the array belongs to the caller again after the
/// call.
@FunctionalInterface
public interface ContentSink {
    /// Takes `length` octets from `offset`.
    void write(byte[] octets, int offset, int length) throws IOException;
}
