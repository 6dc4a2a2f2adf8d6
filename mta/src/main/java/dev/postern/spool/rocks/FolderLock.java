package dev.postern.spool.rocks;

import dev.postern.spool.SpoolException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The lock that lets one process, and in it one spool, use a folder. The system gives it back when
/// the process ends, in whatever way.
final class FolderLock implements AutoCloseable {
    private final FileChannel file;

    private FolderLock(FileChannel file) {
        this.file = file;
    }

    /// @throws SpoolException.Broken if somebody else has it
    static FolderLock take(Path folder) throws IOException {
        FileChannel file =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = file.tryLock();
            if (lock != null) {
                return new FolderLock(file);
            }
            file.close();
            throw inUse(folder, "another process");
        } catch (OverlappingFileLockException ours) {
            file.close();
            throw inUse(folder, "this process");
        }
    }

    private static SpoolException inUse(Path folder, String who) {
        return new SpoolException.Broken("the spool in " + folder + " is in use by " + who, null);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException gone) {
            // The lock ends with the process at the latest, and closing a file that was never written loses nothing.
        }
    }
}
