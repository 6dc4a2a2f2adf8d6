package dev.postern.app;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// The lines of a stream without their ends, read as they are asked for; LF, CR and CRLF each end
/// one. Can be gone through once.
final class InputLines implements Iterable<byte[]> {
    private final InputStream in;

    InputLines(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    @Override
    public Iterator<byte[]> iterator() {
        return new Iterator<>() {
            private byte @Nullable [] next = read();

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public byte[] next() {
                byte[] line = next;
                if (line == null) {
                    throw new NoSuchElementException();
                }
                next = read();
                return line;
            }
        };
    }

    private byte @Nullable [] read() {
        try {
            ByteArrayOutputStream line = new ByteArrayOutputStream(80);
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b == '\n') {
                    return line.toByteArray();
                }
                if (b == '\r') {
                    in.mark(1);
                    if (in.read() != '\n') {
                        in.reset();
                    }
                    return line.toByteArray();
                }
                if (b != 0) {
                    line.write(b);
                }
            }
            return line.size() > 0 ? line.toByteArray() : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
