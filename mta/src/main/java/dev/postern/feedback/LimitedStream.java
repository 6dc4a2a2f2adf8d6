package dev.postern.feedback;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A stream that counts its octets, and breaks where there are more than allowed.
final class LimitedStream extends FilterInputStream {
    private final long most;
    private final String what;
    private long count;

    /// @param most how many octets are allowed
    /// @param what the stream, as it is called in a sentence
    LimitedStream(InputStream in, long most, String what) {
        super(in);
        this.most = most;
        this.what = what;
    }

    /// How many octets have been read.
    long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        int octet = super.read();
        count(octet < 0 ? 0 : 1);
        return octet;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = super.read(into, offset, length);
        count(Math.max(read, 0));
        return read;
    }

    @Override
    public long skip(long octets) throws IOException {
        long skipped = super.skip(octets);
        count(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(long read) throws BrokenReportException {
        count += read;
        if (count > most) {
            throw new BrokenReportException(what + " has more than " + most + " octets");
        }
    }
}
