package dev.postern.spool.rocks;

import dev.postern.spool.Content;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpoolException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The files of large contents: `content/xx/ID`, xx from the id so that no folder gets too many.
/// Used by any number of threads.
///
/// A file has its final name from the start: it means nothing until a record in the database names
/// it, and what no record names is deleted at the next start.
final class ContentFiles {
    private static final int FOLDERS = 256;
    private static final int READ_AT_ONCE = 64 * 1024;
    private static final int MILLIS_SHIFT = 20;

    private final Path top;
    private final Disk disk;
    private final FileWork work;
    private final Faults faults;
    private final Steps steps;

    /// Makes the folders where they are not there.
    ContentFiles(Path spool, Disk disk, FileWork work, Faults faults, Steps steps) throws IOException {
        this.top = spool.resolve("content");
        this.disk = disk;
        this.work = work;
        this.faults = faults;
        this.steps = steps;
        boolean made = false;
        for (int i = 0; i < FOLDERS; i++) {
            Path folder = top.resolve("%02x".formatted(i));
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                made = true;
            }
        }
        if (made) {
            disk.syncFolder(top);
            disk.syncFolder(spool);
        }
    }

    Path path(QueueId id) {
        long mixed = id.value() >>> MILLIS_SHIFT ^ id.value();
        return top.resolve("%02x".formatted(mixed & FOLDERS - 1)).resolve(id.toString());
    }

    /// A new file for a content that comes in.
    Writing begin(QueueId id) throws SpoolException {
        return new Writing(id);
    }

    /// A content that is being written to its file. Used by one thread, that of its session.
    final class Writing {
        private final Path path;
        private final QueueId id;
        private final FileChannel file;
        private final CRC32C checksum = new CRC32C();
        private long size;

        private Writing(QueueId id) throws SpoolException {
            this.id = id;
            this.path = path(id);
            this.file = onDisk(() -> disk.create(path));
        }

        /// Writes octets; they belong to the caller again after the call.
        void write(byte[] octets, int offset, int length) throws SpoolException {
            onDisk(() -> {
                disk.write(file, ByteBuffer.wrap(octets, offset, length));
                checksum.update(octets, offset, length);
                if (size == 0) {
                    steps.done(Step.FILE_BEGUN);
                }
                return length;
            });
            size += length;
        }

        /// Brings the file and its name to the disk, once.
        FileRecord sync() throws SpoolException {
            if (!file.isOpen()) {
                return record();
            }
            onDisk(() -> {
                steps.done(Step.FILE_WRITTEN);
                disk.sync(file);
                steps.done(Step.FILE_SYNCED);
                disk.syncFolder(Objects.requireNonNull(path.getParent()));
                steps.done(Step.FOLDER_SYNCED);
                file.close();
                return size;
            });
            return record();
        }

        FileRecord record() {
            return new FileRecord(size, (int) checksum.getValue());
        }

        Content content() {
            return new FileContent(id, path, record());
        }

        /// Closes and deletes the file.
        void forget() {
            try {
                onDisk(() -> {
                    file.close();
                    disk.delete(path);
                    return size;
                });
            } catch (SpoolException stays) {
                // The file is no message's: the next start deletes what could not be deleted now.
            }
        }
    }

    private <T> T onDisk(FileWork.Job<T> job) throws SpoolException {
        try {
            return work.call(job);
        } catch (IOException failed) {
            throw faults.of(failed);
        }
    }

    /// What a failure of the disk means.
    SpoolException blame(IOException failed) {
        return faults.of(failed);
    }

    /// The content of a message whose record is known.
    Content content(QueueId id, FileRecord record) {
        return new FileContent(id, path(id), record);
    }

    /// Whether the file of a content is there with its length.
    boolean isWhole(QueueId id, FileRecord record) throws IOException {
        try {
            return Files.size(path(id)) == record.octets();
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    /// Deletes a file some time; if that fails, the next start does it.
    void deleteLater(QueueId id) {
        try {
            var _ = work.submit(() -> {
                disk.delete(path(id));
                steps.done(Step.FILE_DELETED);
                return id;
            });
        } catch (IOException closed) {
            // The file is no message's any more: the next start deletes it.
        }
    }

    /// Deletes the file of an id now, on this thread.
    void delete(QueueId id) throws IOException {
        disk.delete(path(id));
    }

    /// Tells the ids of all files that are there, in no order.
    void forEach(LongConsumer consumer) throws IOException {
        for (int i = 0; i < FOLDERS; i++) {
            try (Stream<Path> files = Files.list(top.resolve("%02x".formatted(i)))) {
                files.flatMap(file -> QueueId.parse(String.valueOf(file.getFileName())).stream())
                        .forEach(id -> consumer.accept(id.value()));
            }
        }
    }

    /// A content in a file.
    private final class FileContent implements Content {
        private final QueueId id;
        private final Path path;
        private final FileRecord record;

        FileContent(QueueId id, Path path, FileRecord record) {
            this.id = id;
            this.path = path;
            this.record = record;
        }

        @Override
        public long size() {
            return record.octets();
        }

        @Override
        public InputStream open() throws IOException {
            try {
                return new FileInput(id, record, work.call(() -> FileChannel.open(path, StandardOpenOption.READ)));
            } catch (NoSuchFileException gone) {
                throw new SpoolException.Corrupt("the content file of message " + id + " is gone: " + path, gone);
            }
        }
    }

    /// Reads a content file in large pieces on the file threads, and compares its checksum at the
    /// end. Used by one thread.
    private final class FileInput extends InputStream {
        private final QueueId id;
        private final FileRecord record;
        private final FileChannel file;
        private final CRC32C checksum = new CRC32C();
        private final byte[] piece = new byte[READ_AT_ONCE];
        private int next;
        private int end;
        private long read;
        private @Nullable SpoolException damage;

        FileInput(QueueId id, FileRecord record, FileChannel file) {
            this.id = id;
            this.record = record;
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            return fill() ? piece[next++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, end - next);
            System.arraycopy(piece, next, target, offset, count);
            next += count;
            return count;
        }

        private boolean fill() throws IOException {
            if (damage != null) {
                throw damage;
            }
            if (next < end) {
                return true;
            }
            next = 0;
            end = Math.max(0, work.call(() -> file.read(ByteBuffer.wrap(piece))));
            read += end;
            checksum.update(piece, 0, end);
            boolean over = end == 0;
            boolean same = read == record.octets() && (int) checksum.getValue() == record.checksum();
            if (read > record.octets() || (over && !same)) {
                damage = new SpoolException.Corrupt(
                        "the content file of message " + id + " is damaged: " + path(id), null);
                throw damage;
            }
            return !over;
        }

        @Override
        public int available() {
            return end - next;
        }

        @Override
        public void close() throws IOException {
            file.close(); // nothing is written: this does not wait for the disk
        }
    }
}
