package dev.postern.reportstore;

import dev.postern.crypto.PrivateFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// What is done with files here, for their owner's eyes only: the place where a test lets a step fail.
interface Disk {
    /// What stands behind the name of a file that is being written and does not count yet.
    String UNFINISHED = PrivateFile.UNFINISHED;

    /// Puts octets at the end of a file, which is made where it is not there, and brings them to the disk.
    void append(Path file, byte[] octets) throws IOException;

    /// Makes these octets all that a file holds: after a crash it is the old one or the new one.
    void replace(Path file, byte[] octets) throws IOException;

    /// Deletes a file if it is there.
    void delete(Path file) throws IOException;

    /// Makes a folder for its owner's eyes only where there is none.
    static void makeFolder(Path folder) throws IOException {
        Path above = folder.toAbsolutePath().getParent();
        if (above != null) {
            Files.createDirectories(above);
        }
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /// The disk as it is.
    static Disk real() {
        return new Disk() {
            @Override
            public void append(Path file, byte[] octets) throws IOException {
                boolean isNew = Files.notExists(file);
                write(file, octets);
                if (isNew) {
                    syncFolder(file);
                }
            }

            @Override
            public void replace(Path file, byte[] octets) throws IOException {
                PrivateFile.replace(file, octets);
            }

            @Override
            public void delete(Path file) throws IOException {
                Files.deleteIfExists(file);
            }

            private void write(Path file, byte[] octets) throws IOException {
                try (FileChannel channel = FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                    ByteBuffer rest = ByteBuffer.wrap(octets);
                    while (rest.hasRemaining()) {
                        channel.write(rest);
                    }
                    channel.force(true);
                }
            }

            private void syncFolder(Path file) throws IOException {
                try (FileChannel names = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                    names.force(true);
                }
            }
        };
    }
}
