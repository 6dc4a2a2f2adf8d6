package dev.postern.spool.rocks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What the spool does with files: the place where a test lets the n-th write or sync fail.
interface Disk {
    /// Makes a file that is not there yet, to be written.
    FileChannel create(Path file) throws IOException;

    /// Writes all that is in the buffer.
    void write(FileChannel file, ByteBuffer octets) throws IOException;

    /// Brings the octets and the length of a file to the disk.
    void sync(FileChannel file) throws IOException;

    /// Brings the names in a folder to the disk.
    void syncFolder(Path folder) throws IOException;

    /// Deletes a file if it is there.
    void delete(Path file) throws IOException;

    /// Octets that may still be written in the file system of a folder.
    long room(Path folder) throws IOException;

    /// The disk as it is.
    static Disk real() {
        return new Disk() {
            @Override
            public FileChannel create(Path file) throws IOException {
                return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            }

            @Override
            public void write(FileChannel file, ByteBuffer octets) throws IOException {
                while (octets.hasRemaining()) {
                    file.write(octets);
                }
            }

            @Override
            public void sync(FileChannel file) throws IOException {
                file.force(false); // the length comes with the octets, times of change do not matter
            }

            @Override
            public void syncFolder(Path folder) throws IOException {
                try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                    names.force(true);
                }
            }

            @Override
            public void delete(Path file) throws IOException {
                Files.deleteIfExists(file);
            }

            @Override
            public long room(Path folder) throws IOException {
                return Files.getFileStore(folder).getUsableSpace();
            }
        };
    }
}
