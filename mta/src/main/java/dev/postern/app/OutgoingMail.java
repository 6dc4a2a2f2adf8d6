package dev.postern.app;

import dev.postern.message.HeaderScanner;
import dev.postern.spool.Content;
import dev.postern.spool.ContentTraits;
import dev.postern.wire.ContentScan;
import dev.postern.wire.ContentScanner;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// A message that a command sends, kept in a temporary file with CRLF line ends; closing it removes
/// the file.
final class OutgoingMail implements Content, Closeable {
    private final Path file;
    private final long size;
    private final ContentTraits traits;

    private OutgoingMail(Path file, long size, ContentTraits traits) {
        this.file = file;
        this.size = size;
        this.traits = traits;
    }

    /// Takes a message from lines, whatever their ends were.
    static OutgoingMail of(Iterable<byte[]> lines) throws IOException {
        Path file = Files.createTempFile("postern", ".eml");
        ContentScanner octets = new ContentScanner();
        HeaderScanner header = new HeaderScanner();
        byte[] end = {'\r', '\n'};
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (byte[] line : lines) {
                for (byte[] piece : new byte[][] {line, end}) {
                    octets.scan(piece, 0, piece.length);
                    header.scan(piece, 0, piece.length);
                    out.write(piece);
                }
            }
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        ContentScan scan = octets.result();
        return new OutgoingMail(
                file,
                scan.octets(),
                new ContentTraits(scan.octets(), scan.eightBit(), header.eightBit(), scan.longestLine()));
    }

    ContentTraits traits() {
        return traits;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public InputStream open() throws IOException {
        return Files.newInputStream(file);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
