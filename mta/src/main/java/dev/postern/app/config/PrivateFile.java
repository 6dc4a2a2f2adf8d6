package dev.postern.app.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A small file with a secret that somebody else has made: for its owner and group only.
final class PrivateFile {
    private static final int MOST_OCTETS = 4096;
    private static final Set<PosixFilePermission> OTHERS =
            Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private PrivateFile() {}

    /// What it holds.
    ///
    /// @throws IOException with a sentence for the administrator, also where everybody on the machine may read it
    static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (view != null) {
                Set<PosixFilePermission> mode = view.readAttributes().permissions();
                if (mode.stream().anyMatch(OTHERS::contains)) {
                    throw new IOException(file + " is open to everybody on this machine ("
                            + PosixFilePermissions.toString(mode) + "); make it the server's alone with 'chmod 600'");
                }
            }
            byte[] octets = in.readNBytes(MOST_OCTETS + 1);
            if (octets.length > MOST_OCTETS) {
                throw new IOException(file + " is longer than any secret");
            }
            return octets;
        } catch (NoSuchFileException absent) {
            throw new IOException("there is no file " + file, absent);
        }
    }
}
