package dev.postern.message;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Something that looks at the body of one message while it passes, in pieces cut anywhere. Used by
/// one thread.
public interface BodySink {
    /// The next octets of the body, which are not kept and not changed.
    void body(byte[] octets, int offset, int length);

    /// Reads a body once, to its end, for all who look at it; the caller closes it.
    static void feed(InputStream body, List<? extends BodySink> sinks) throws IOException {
        byte[] piece = new byte[8192];
        for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
            for (BodySink sink : sinks) {
                sink.body(piece, 0, read);
            }
        }
    }
}
