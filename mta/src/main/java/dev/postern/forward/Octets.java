package dev.postern.forward;

import dev.postern.message.HeaderField;
import dev.postern.wire.ContentSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// Writes the parts of a copy.
final class Octets {
    private Octets() {}

    /// A field with its final CRLF.
    static void write(HeaderField field, ContentSink to) throws IOException {
        write(field.text() + "\r\n", to);
    }

    /// A text in ISO 8859-1.
    static void write(String text, ContentSink to) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        to.write(octets, 0, octets.length);
    }

    /// All that is left of a stream.
    static void write(InputStream from, ContentSink to) throws IOException {
        byte[] piece = new byte[1 << 16];
        for (int read = from.read(piece); read >= 0; read = from.read(piece)) {
            to.write(piece, 0, read);
        }
    }
}
