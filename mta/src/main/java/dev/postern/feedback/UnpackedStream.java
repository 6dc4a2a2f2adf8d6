package dev.postern.feedback;

import java.io.IOException;
import java.io.InputStream;

/// What comes out of an archive, as far as it is in proportion to what went in.
///
/// Small archives may hold whatever they like: the proportion counts from a megabyte on.
final class UnpackedStream extends InputStream {
    private static final int SMALL = 1 << 20;

    private final InputStream unpacked;
    private final LimitedStream packed;
    private final int ratio;
    private long count;

    /// @param unpacked what comes out
    /// @param packed what goes in, shared with the stream that unpacks it
    /// @param ratio how many octets may come out for each that went in
    UnpackedStream(InputStream unpacked, LimitedStream packed, int ratio) {
        this.unpacked = unpacked;
        this.packed = packed;
        this.ratio = ratio;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = unpacked.read(into, offset, length);
        count += Math.max(read, 0);
        if (count > SMALL && count / ratio > packed.count()) {
            throw new BrokenReportException("the archive holds more than " + ratio + " times its size");
        }
        return read;
    }
}
