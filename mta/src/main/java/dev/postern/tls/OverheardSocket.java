package dev.postern.tls;

import dev.postern.wire.SocketView;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.function.Consumer;

/// A connected socket as a TLS engine sees it, whose ClientHello is told on while the engine reads it; used by one
/// thread, {@link #close()} excepted.
///
/// It takes no octet away and waits for none: what is longer than {@link #MOST}, or is no ClientHello, is not told.
final class OverheardSocket extends SocketView {
    /// Octets of a ClientHello at most; that of a browser with post-quantum key shares has about 2,000.
    static final int MOST = 16_384;

    private static final int FIRST = 1024;

    private final Consumer<ClientHello> told;
    private boolean listening = true;
    private byte[] heard = new byte[0];
    private int count;
    private int awaited;
    private int looks;

    /// @param told at most once, in the thread that reads
    OverheardSocket(Socket socket, Consumer<ClientHello> told) throws SocketException {
        super(socket);
        this.told = told;
    }

    private void hear(byte[] octets, int offset, int length) {
        if (!listening || length <= 0) {
            return;
        }
        if (count + length > MOST) {
            forget();
            return;
        }
        if (count + length > heard.length) {
            heard = Arrays.copyOf(heard, Math.max(FIRST, Integer.highestOneBit(count + length) * 2));
        }
        System.arraycopy(octets, offset, heard, count, length);
        count += length;
        if (count < awaited) {
            return; // a client that drips octets is not read anew for each of them
        }
        looks++;
        switch (ClientHello.read(heard, count)) {
            case ClientHello.Reading.Unfinished(int more) -> awaited = count + more;
            case ClientHello.Reading.Other _ -> forget();
            case ClientHello.Reading.Whole whole -> {
                forget();
                told.accept(whole.hello());
            }
        }
    }

    /// How often the octets were looked at.
    int looks() {
        return looks;
    }

    private void forget() {
        listening = false;
        heard = new byte[0];
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                int count = super.read(to, offset, length);
                hear(to, offset, count);
                return count;
            }
        };
    }
}
