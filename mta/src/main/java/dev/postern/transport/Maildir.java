package dev.postern.transport;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// One Maildir: the directories `tmp`, `new` and `cur` side by side, one file a message.
///
/// A message is written to `tmp`, synced, moved to `new`, and the directory synced; so a reader
/// never sees half a message, and a message that {@link #add} returned for survives a crash.
/// Directories are made with the mode 0700, files with 0600.
final class Maildir {
    /// Writes a message.
    interface Writing {
        /// Writes it; the stream is closed by the caller.
        void to(OutputStream out) throws IOException;
    }

    /// Opens the file of a message to be; the product has one, a test has a disk that is full.
    interface Opening {
        /// A channel to a file that did not exist before.
        FileChannel create(Path file) throws IOException;
    }

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<?> PRIVATE_DIRECTORY = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
    private static final FileAttribute<?> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final List<String> PARTS = List.of("tmp", "new", "cur");
    private static final int BUFFER = 32 * 1024;

    private final Path root;
    private final Path directory;
    private final Opening opening;

    /// The Maildir at a directory, which may not exist yet, somewhere below the root.
    Maildir(Path root, Path directory, Opening opening) {
        this.root = root;
        this.directory = directory;
        this.opening = opening;
    }

    /// How files are opened on a real disk.
    static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), PRIVATE_FILE);
    }

    /// Adds a message under a name that is unique; on an exception nothing is left of it.
    ///
    /// @throws FileAlreadyExistsException if the name is taken
    void add(String name, Writing writing) throws IOException {
        prepare();
        Path draft = directory.resolve("tmp").resolve(name);
        try (FileChannel file = opening.create(draft)) {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER);
            writing.to(out);
            out.flush();
            file.force(true);
        } catch (FileAlreadyExistsException taken) {
            throw taken; // the file there is not ours to remove
        } catch (IOException | RuntimeException e) {
            remove(draft, e);
            throw e;
        }
        Path arrived = directory.resolve("new");
        try {
            Files.move(draft, arrived.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            remove(draft, e);
            throw e;
        }
        sync(arrived);
    }

    private static void remove(Path draft, Exception because) {
        try {
            Files.deleteIfExists(draft);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    /// Makes what is missing of the Maildir, and sees that no link leads out of the root.
    private void prepare() throws IOException {
        makeDirectory(root);
        Path existing = directory;
        for (Path p = directory; !Files.isDirectory(existing) && p != null; p = p.getParent()) {
            existing = p;
        }
        Path real = existing.toRealPath();
        if (!real.startsWith(root.toRealPath())) {
            throw new FileSystemException(existing.toString(), real.toString(), "a link leads out of the root");
        }
        if (!complete()) {
            makeDirectory(directory);
            for (String part : PARTS) {
                makeDirectory(directory.resolve(part));
            }
        }
        if (!complete()) {
            throw new FileSystemException(directory.toString(), null, "tmp, new or cur is not a directory");
        }
    }

    private boolean complete() {
        return PARTS.stream().allMatch(part -> Files.isDirectory(directory.resolve(part), LinkOption.NOFOLLOW_LINKS));
    }

    private static void makeDirectory(Path wanted) throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path p = wanted; p != null && !Files.isDirectory(p); p = p.getParent()) {
            missing.addFirst(p);
        }
        for (Path next : missing) {
            try {
                Files.createDirectory(next, PRIVATE_DIRECTORY);
            } catch (FileAlreadyExistsException another) {
                if (!Files.isDirectory(next)) { // a file or a dangling link, not another delivery that was faster
                    throw (FileSystemException)
                            new FileSystemException(next.toString(), null, "not a directory").initCause(another);
                }
            }
            Path above = next.getParent();
            if (above != null) {
                sync(above);
            }
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }
}
