package dev.postern.wire;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The buffers and the forms of reading that every connection has; only the way to the octets
/// differs.
///
/// A connection that waits in {@link #awaitReadable} for a silent peer holds no buffer, one that is spoken to a line
/// buffer. A larger one lives while content passes, and goes as soon as a line is awaited with nothing left in it; the
/// output buffer goes with the flush once it has grown.
abstract sealed class BufferedConnection implements Connection permits SocketConnection, MemoryConnection {
    private static final int LINE_BUFFER = 1024;
    private static final int WAITING_BUFFER = 128; // has room for nearly all command lines
    private static final int CONTENT_BUFFER = 16 * 1024;
    private static final int BULK_BUFFER = 64 * 1024;
    private static final int SMALL_OUTPUT = 512;
    private static final int LARGEST_OUTPUT = 16 * 1024;

    /// Octets of an overlong line that are dropped before the connection is given up.
    static final int ENDLESS_LINE = 128 * 1024;

    private static final byte CR = '\r';
    private static final byte LF = '\n';
    private static final byte[] NONE = {};

    private byte[] in = NONE;
    private int start;
    private int end;

    private byte[] out = NONE;
    private int pending;

    /// Waits for octets and takes what is there, at least one.
    ///
    /// @return how many, or -1 where the peer has closed
    abstract int receive(byte[] to, int offset, int length, Deadline deadline) throws IOException;

    /// Takes what is there without waiting.
    ///
    /// @return how many, 0 for none, or -1 where the peer has closed
    abstract int receiveNow(byte[] to, int offset, int length) throws IOException;

    /// Hands all these octets to the system.
    abstract void send(byte[] octets, int offset, int length, Deadline deadline) throws IOException;

    /// The ends are others from now on.
    abstract void passedOn(ProxyHeader.Passed header);

    @Override
    public final ProxyHeader.Reading readProxyHeader(Deadline deadline) throws IOException {
        if (end > 0) {
            throw new IllegalStateException("a PROXY header comes before anything else");
        }
        byte[] header = NONE;
        ProxyHeader.Reading reading = ProxyHeaderReader.read(header);
        while (reading instanceof ProxyHeader.Unfinished(int octets)) {
            byte[] more = new byte[octets];
            int count = receive(more, 0, octets, deadline);
            if (count < 0) {
                throw new EOFException("the peer closed the connection within its PROXY header");
            }
            header = Arrays.copyOf(header, header.length + count);
            System.arraycopy(more, 0, header, header.length - count, count);
            reading = ProxyHeaderReader.read(header);
        }
        if (reading instanceof ProxyHeader.Whole(ProxyHeader.Passed passed)) {
            passedOn(passed);
        }
        return reading;
    }

    @Override
    public final Line readLine(int maxOctets, Deadline deadline) throws IOException {
        int scanned = 0;
        while (true) {
            int lf = indexOfLf(start + scanned);
            if (lf >= 0) {
                return takeLine(lf, maxOctets);
            }
            scanned = end - start;
            if (scanned > maxOctets + 1) {
                return dropOverlong(maxOctets, deadline);
            }
            makeRoomForLine(maxOctets);
            fill(deadline);
        }
    }

    private int indexOfLf(int from) {
        for (int i = from; i < end; i++) {
            if (in[i] == LF) {
                return i;
            }
        }
        return -1;
    }

    private Line takeLine(int lf, int maxOctets) {
        boolean crLf = lf > start && in[lf - 1] == CR;
        int length = (crLf ? lf - 1 : lf) - start;
        byte[] octets = Arrays.copyOfRange(in, start, start + Math.min(length, maxOctets));
        start = lf + 1;
        if (length > maxOctets) {
            return new Line(octets, Line.Ending.TOO_LONG);
        }
        if (!crLf) {
            return new Line(octets, Line.Ending.BARE_LF);
        }
        for (byte b : octets) {
            if (b == CR || b == 0) {
                return new Line(octets, Line.Ending.CONTROL);
            }
        }
        return new Line(octets, Line.Ending.CRLF);
    }

    private Line dropOverlong(int maxOctets, Deadline deadline) throws IOException {
        byte[] beginning = Arrays.copyOfRange(in, start, start + maxOctets);
        long dropped = 0;
        while (true) {
            int lf = indexOfLf(start);
            if (lf >= 0) {
                start = lf + 1;
                return new Line(beginning, Line.Ending.TOO_LONG);
            }
            dropped += end - start;
            if (dropped > ENDLESS_LINE) {
                throw new IOException("the peer sends a line without end");
            }
            start = 0;
            end = 0;
            fill(deadline);
        }
    }

    private void makeRoomForLine(int maxOctets) {
        if (start == end) {
            start = 0;
            end = 0;
            if (in.length != LINE_BUFFER) {
                in = new byte[LINE_BUFFER];
            }
        } else if (end == in.length) {
            int used = end - start;
            int wanted = Math.max(2 * in.length, LINE_BUFFER);
            byte[] roomier = start > 0 ? in : new byte[Math.min(wanted, maxOctets + 2)];
            System.arraycopy(in, start, roomier, 0, used);
            in = roomier;
            start = 0;
            end = used;
        }
    }

    /// Puts at least one more octet behind those in the input buffer, which must have room.
    private void fill(Deadline deadline) throws IOException {
        int count = receive(in, end, in.length - end, deadline);
        if (count < 0) {
            throw new EOFException("the peer closed the connection");
        }
        end += count;
    }

    /// Refills the empty input buffer with content; one that was filled to the brim is exchanged
    /// for a larger one, so that a content that drips never has more than a line buffer.
    private void fillWithContent(Waiting waiting, Deadline deadline) throws IOException {
        boolean brimful = end == in.length;
        if (in.length < LINE_BUFFER) {
            in = new byte[LINE_BUFFER];
        } else if (brimful && in.length < BULK_BUFFER) {
            in = new byte[in.length < CONTENT_BUFFER ? CONTENT_BUFFER : BULK_BUFFER];
        }
        start = 0;
        end = 0;
        long now = System.nanoTime();
        fill(new Deadline(now + waiting.left()).orSooner(deadline));
        waiting.over(System.nanoTime() - now, end);
    }

    /// What a peer has sent of a content, and how long we waited for it.
    private static final class Waiting {
        private final Pace pace;
        private long octets;
        private long nanos;

        Waiting(Pace pace) {
            this.pace = pace;
        }

        long left() {
            return pace.left(octets, nanos);
        }

        void over(long time, long got) {
            nanos += time;
            octets += got;
        }
    }

    @Override
    public final ContentScan readContent(ContentSink sink, Pace pace, Deadline deadline) throws IOException {
        ContentScanner scanner = new ContentScanner();
        RememberingSink remembering = new RememberingSink(sink, scanner);
        DotReader dots = new DotReader();
        Waiting waiting = new Waiting(pace);
        while (!dots.ended()) {
            if (start == end) {
                fillWithContent(waiting, deadline);
            }
            start = dots.accept(in, start, end, remembering);
        }
        remembering.throwWhatWasThrown();
        return scanner.result();
    }

    @Override
    public final void readChunk(long length, ContentSink sink, Pace pace, Deadline deadline) throws IOException {
        RememberingSink remembering = new RememberingSink(sink, null);
        Waiting waiting = new Waiting(pace);
        long missing = length;
        while (missing > 0) {
            if (start == end) {
                fillWithContent(waiting, deadline);
            }
            int piece = (int) Math.min(end - start, missing);
            remembering.write(in, start, piece);
            start += piece;
            missing -= piece;
        }
        remembering.throwWhatWasThrown();
    }

    @Override
    public final int buffered() {
        return end - start;
    }

    @Override
    public final boolean lineBuffered() {
        return indexOfLf(start) >= 0;
    }

    @Override
    public final boolean readable() throws IOException {
        if (start < end) {
            return true;
        }
        makeRoomForLine(LINE_BUFFER);
        int count = receiveNow(in, 0, in.length);
        end = Math.max(count, 0);
        return count > 0;
    }

    @Override
    public final void awaitOctets(Deadline deadline) throws IOException {
        if (start < end) {
            return;
        }
        if (pending == 0) {
            out = NONE;
        }
        in = new byte[in.length == 0 ? 1 : WAITING_BUFFER]; // whoever is silent needs little, and room is made later
        start = 0;
        end = 0;
        fill(deadline);
        if (end == in.length) {
            takeWhatElseIsHere();
        }
    }

    @Override
    public final boolean awaitReadable(Deadline deadline) throws IOException {
        Deadline near = deadline.orSooner(Deadline.after(TcpStream.FAR));
        try {
            awaitOctets(near);
            return true;
        } catch (DeadlineExceeded silent) {
            if (!near.passed()) {
                throw silent; // the connection was ended meanwhile
            }
            in = NONE;
            start = 0;
            end = 0;
            return false;
        }
    }

    private void takeWhatElseIsHere() throws IOException {
        makeRoomForLine(LINE_BUFFER);
        end += Math.max(0, receiveNow(in, end, in.length - end));
    }

    @Override
    public final byte[] peek(int most) {
        return Arrays.copyOfRange(in, start, Math.min(end, start + most));
    }

    /// All octets that have arrived and were not yet read, which are taken.
    final byte[] takeBuffered() {
        byte[] taken = Arrays.copyOfRange(in, start, end);
        start = end;
        return taken;
    }

    @Override
    public final void write(byte[] octets, int offset, int length, Deadline deadline) throws IOException {
        if (length > LARGEST_OUTPUT - pending) {
            sendPending(deadline);
        }
        if (length > LARGEST_OUTPUT) {
            send(octets, offset, length, deadline);
            return;
        }
        if (length > out.length - pending) {
            int wanted = Math.max(SMALL_OUTPUT, Integer.highestOneBit(pending + length - 1) << 1);
            out = Arrays.copyOf(out, Math.min(wanted, LARGEST_OUTPUT));
        }
        System.arraycopy(octets, offset, out, pending, length);
        pending += length;
    }

    @Override
    public final void flush(Deadline deadline) throws IOException {
        sendPending(deadline);
        if (out.length > SMALL_OUTPUT) {
            out = NONE;
        }
    }

    private void sendPending(Deadline deadline) throws IOException {
        int count = pending;
        pending = 0;
        if (count > 0) {
            send(out, 0, count, deadline);
        }
    }

    /// Passes content on until the sink throws, and drops the rest.
    private static final class RememberingSink implements ContentSink {
        private final ContentSink sink;
        private final @Nullable ContentScanner scanner;
        private @Nullable Exception thrown;

        RememberingSink(ContentSink sink, @Nullable ContentScanner scanner) {
            this.sink = sink;
            this.scanner = scanner;
        }

        @Override
        public void write(byte[] octets, int offset, int length) {
            if (thrown != null) {
                return;
            }
            if (scanner != null) {
                scanner.scan(octets, offset, length);
            }
            try {
                sink.write(octets, offset, length);
            } catch (IOException | RuntimeException e) {
                thrown = e;
            }
        }

        void throwWhatWasThrown() throws IOException {
            switch (thrown) {
                case null -> {}
                case IOException e -> throw e;
                case RuntimeException e -> throw e;
                case Exception e -> throw new IllegalStateException(e);
            }
        }
    }
}
