package dev.postern.spool;

import java.io.IOException;
import java.io.InputStream;

/// The octets of a message as they were given, CRLF line ends, no dot-stuffing, without our trace
/// fields; may be read any number of times.
public interface Content {
    /// How many octets.
    long size();

    /// Reads them from the start; the caller closes the stream.
    InputStream open() throws IOException;

    /// Content held in memory.
    static Content of(byte[] octets) {
        return new Content() {
            @Override
            public long size() {
                return octets.length;
            }

            @Override
            public InputStream open() {
                return new java.io.ByteArrayInputStream(octets);
            }
        };
    }
}
