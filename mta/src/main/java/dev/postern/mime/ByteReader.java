package dev.postern.mime;

import java.io.IOException;
import java.io.InputStream;

/// A stream whose octets are made one by one from those of another.
abstract class ByteReader extends InputStream {
    private static final int BUFFER = 8192;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int limit;

    ByteReader(InputStream in) {
        this.in = in;
    }

    /// The next octet of the other stream; -1 at its end.
    final int encoded() throws IOException {
        if (at == limit) {
            limit = in.read(buffer);
            at = 0;
            if (limit <= 0) {
                limit = 0;
                return -1;
            }
        }
        return buffer[at++] & 0xFF;
    }

    /// The next octet that is made; -1 at the end.
    abstract int decoded() throws IOException;

    @Override
    public final int read() throws IOException {
        return decoded();
    }

    @Override
    public final int read(byte[] into, int offset, int length) throws IOException {
        int read = 0;
        while (read < length) {
            int octet = decoded();
            if (octet < 0) {
                break;
            }
            into[offset + read++] = (byte) octet;
        }
        return read == 0 && length > 0 ? -1 : read;
    }
}
