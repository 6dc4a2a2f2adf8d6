package dev.postern.smtpclient;

import java.io.FilterInputStream;
import java.io.IOException;

/// The octets of a transmission; tells trouble in reading them apart from trouble with the connection, and that they
/// have come to their end.
final class ContentStream extends FilterInputStream {
    /// The content could not be read, or was not as long as it should have been.
    static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1L;

        Unreadable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final long length;
    private long count;
    private boolean ended;

    private ContentStream(java.io.InputStream octets, long length) {
        super(octets);
        this.length = length;
    }

    static ContentStream open(Transmission transmission) throws Unreadable {
        try {
            return new ContentStream(transmission.open(), transmission.size());
        } catch (IOException e) {
            throw new Unreadable(Words.of(e), e);
        }
    }

    /// Whether the last octet was read.
    boolean ended() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int n = read(one, 0, 1);
        return n < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int offset, int room) throws IOException {
        int n;
        try {
            n = in.read(to, offset, room);
        } catch (IOException e) {
            throw new Unreadable(Words.of(e), e);
        }
        count += Math.max(n, 0);
        boolean over = n < 0;
        if (count > length || (over && count < length)) {
            String what = "it has " + (over ? "only " : "more than ") + (over ? count : length) + " octets";
            throw new Unreadable(what, new IllegalStateException("stored with " + length + " octets"));
        }
        ended |= over;
        return n;
    }
}
