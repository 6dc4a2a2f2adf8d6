package dev.postern.mailauth.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Changes the folder of the keys so that each change is there as a whole or not at all, and is on disk before the next
/// one begins.
///
/// @param ownership whose new files and folders are; empty where the file system knows no owners
record KeyDisk(Optional<Ownership> ownership) {
    /// Makes a folder, and those above it, unless it is there.
    void folder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path above = above(folder);
        folder(above);
        Files.createDirectory(folder, Ownership.privateFolder(ownership));
        give(folder);
        sync(above);
    }

    /// Writes a file that nobody else may read; one of this name is replaced.
    void write(Path file, String text) throws IOException {
        write(file, text, Optional.empty());
    }

    /// Writes a file like another one, as old as that.
    void copy(Path from, Path to) throws IOException {
        write(to, Files.readString(from), Optional.of(Files.getLastModifiedTime(from)));
    }

    private void write(Path file, String text, Optional<FileTime> made) throws IOException {
        Path fresh = file.resolveSibling(KeyFolder.UNFINISHED + file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = open(fresh, StandardOpenOption.CREATE_NEW)) {
            ByteBuffer octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            if (made.isPresent()) {
                Files.setLastModifiedTime(fresh, made.get());
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        sync(above(file));
    }

    /// Opens a file for writing that nobody else may read.
    ///
    /// @param how whether there may be one
    FileChannel open(Path file, StandardOpenOption how) throws IOException {
        FileChannel channel =
                FileChannel.open(file, Set.of(how, StandardOpenOption.WRITE), Ownership.privateFile(ownership));
        try {
            give(file);
            return channel;
        } catch (IOException notOurs) {
            channel.close();
            throw notOurs;
        }
    }

    /// Moves a file or a folder.
    void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        sync(above(to));
        sync(above(from));
    }

    /// Removes a folder of files, if it is there.
    void remove(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
        sync(above(folder));
    }

    private void give(Path made) throws IOException {
        if (ownership.isPresent()) {
            ownership.get().give(made);
        }
    }

    private static Path above(Path path) {
        return Objects.requireNonNull(path.toAbsolutePath().getParent());
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
