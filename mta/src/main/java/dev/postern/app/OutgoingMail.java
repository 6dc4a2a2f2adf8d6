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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A message that a command sends, kept in a temporary file with CRLF line ends; closing it removes
/// the file.
final class OutgoingMail implements Content, Closeable {
    private static final byte[] CRLF = {'\r', '\n'};
    private static final int PIECE = 8192;

    private final Path file;
    private final ContentScan scan;
    private final HeaderScanner header;

    private OutgoingMail(Path file, ContentScan scan, HeaderScanner header) {
        this.file = file;
        this.scan = scan;
        this.header = header;
    }

    /// Takes octets of a message.
    private interface Octets {
        void write(byte[] octets, int length) throws IOException;
    }

    /// Gives a message octet by octet.
    private interface Source {
        void to(Octets taker) throws IOException;
    }

    /// Takes a message from lines, whatever their ends were.
    static OutgoingMail of(Iterable<byte[]> lines) throws IOException {
        return made(taker -> {
            for (byte[] line : lines) {
                taker.write(line, line.length);
                taker.write(CRLF, CRLF.length);
            }
        });
    }

    /// Takes a message as it is, octet for octet.
    static OutgoingMail of(InputStream in) throws IOException {
        return made(taker -> {
            byte[] piece = new byte[PIECE];
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                taker.write(piece, length);
            }
        });
    }

    private static OutgoingMail made(Source source) throws IOException {
        Path file = Files.createTempFile("postern", ".eml");
        ContentScanner octets = new ContentScanner();
        HeaderScanner header = new HeaderScanner();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            source.to((piece, length) -> {
                octets.scan(piece, 0, length);
                header.scan(piece, 0, length);
                out.write(piece, 0, length);
            });
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        } catch (UncheckedIOException e) {
            Files.deleteIfExists(file);
            throw e.getCause(); // of the lines, which are read while they are gone through
        }
        return new OutgoingMail(file, octets.result(), header);
    }

    /// Why no server takes such content, in words.
    Optional<String> unfit() {
        if (!scan.clean()) {
            return Optional.of("the content holds a NUL, or a CR or LF that ends no line (RFC 5321 section 2.3.8)");
        }
        return header.beginsAsContinuation()
                ? Optional.of("the first line begins with white space (RFC 5322 section 2.2.3)")
                : Optional.empty();
    }

    ContentTraits traits() {
        return new ContentTraits(scan.octets(), scan.eightBit(), header.eightBit(), scan.longestLine());
    }

    @Override
    public long size() {
        return scan.octets();
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
