package dev.postern.app;

import dev.postern.srs.SrsSecrets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The secrets of return addresses, which a server makes for itself at its first start, and keeps.
final class ReturnSecrets {
    /// Of return addresses for the senders of forwarded mail, in the data folder.
    static final String SRS = "srs.secret";

    /// Of the return paths of our own mail, in the data folder.
    static final String BATV = "batv.secret";

    private ReturnSecrets() {}

    /// The secrets in a file; a first one is made there, for the owner's eyes only, and is on
    /// disk before any address is signed with it.
    ///
    /// @param random one that cannot be foretold
    /// @throws IOException with a sentence, if they can be neither read nor written
    static SrsSecrets in(Path file, RandomGenerator random) throws IOException {
        if (!Files.exists(file)) {
            write(file, SrsSecrets.fresh(random) + "\n");
        }
        return switch (SrsSecrets.parse(Files.readString(file))) {
            case SrsSecrets.Reading.Good(SrsSecrets secrets) -> secrets;
            case SrsSecrets.Reading.Bad(int line, String what) ->
                throw new IOException(file + (line == 0 ? "" : ":" + line) + ": " + what);
        };
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
