package dev.postern.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Octets for tests, written as ISO 8859-1 text; and a sink that keeps what it is given.
final class Octets implements ContentSink {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    static byte[] of(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) {
        taken.write(octets, offset, length);
    }

    String text() {
        return taken.toString(StandardCharsets.ISO_8859_1);
    }
}
