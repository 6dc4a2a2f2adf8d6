package dev.postern.crypto;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/// A file for its owner's eyes only (mode 0600), such as one with a private key.
public final class PrivateFile {
    /// What stands behind the name of one that is being written and does not count yet.
    public static final String UNFINISHED = ".new";

    private static final Set<PosixFilePermission> OTHERS =
            Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private PrivateFile() {}

    /// Makes sure that others than a file's owner and group can neither read nor change it.
    ///
    /// @throws IOException with a sentence for the administrator, if they can
    public static void requirePrivate(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return; // the file system knows no owners
        }
        Set<PosixFilePermission> mode = view.readAttributes().permissions();
        if (mode.stream().anyMatch(OTHERS::contains)) {
            throw new IOException("the secret in " + file + " is open to everybody on this machine ("
                    + PosixFilePermissions.toString(mode)
                    + "); make it the server's alone with 'chmod 600', and think of making a new one");
        }
    }

    /// What a small file with a secret holds that somebody else has made.
    ///
    /// @param most octets that it may have
    /// @throws IOException with a sentence for the administrator, also where everybody on the machine may read it
    public static byte[] read(Path file, int most) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder, and no file with a secret");
        }
        try (InputStream in = Files.newInputStream(file)) {
            requirePrivate(file);
            byte[] octets = in.readNBytes(most + 1);
            if (octets.length > most) {
                throw new IOException(file + " is longer than any secret");
            }
            return octets;
        } catch (NoSuchFileException absent) {
            throw new IOException("there is no file " + file, absent);
        }
    }

    /// Makes this text all that the file holds, and its folder where there is none: after a crash it is the old
    /// text or the new one, and when this returns it is on disk.
    public static void write(Path file, String text) throws IOException {
        Files.createDirectories(folder(file));
        replace(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    /// The same with octets, in a folder that has to be there.
    public static void replace(Path file, byte[] content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + UNFINISHED);
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer octets = ByteBuffer.wrap(content);
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel names = FileChannel.open(folder(file), StandardOpenOption.READ)) {
            names.force(true);
        }
    }
}
