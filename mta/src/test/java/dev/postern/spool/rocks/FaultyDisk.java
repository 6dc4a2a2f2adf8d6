package dev.postern.spool.rocks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/// The real disk, on which each operation fails from a certain one on until it is repaired. Used by
/// any number of threads.
final class FaultyDisk implements Disk {
    private static final int NEVER = Integer.MAX_VALUE;

    private final Disk real = Disk.real();
    private final AtomicInteger left = new AtomicInteger(NEVER);
    private volatile String words = "";
    private volatile long room = Long.MAX_VALUE;

    /// Lets so many operations go well, and fails those after them with these words.
    void failAfter(int operations, String with) {
        words = with;
        left.set(operations);
    }

    /// Lets all go well again.
    void repair() {
        left.set(NEVER);
    }

    /// Tells this as the room that is left.
    void room(long octets) {
        room = octets;
    }

    /// How many operations may still go well; less than zero once one has failed.
    int left() {
        return left.get();
    }

    private void operate() throws IOException {
        if (left.get() != NEVER && left.decrementAndGet() < 0) {
            throw new IOException(words);
        }
    }

    @Override
    public FileChannel create(Path file) throws IOException {
        operate();
        return real.create(file);
    }

    @Override
    public void write(FileChannel file, ByteBuffer octets) throws IOException {
        operate();
        real.write(file, octets);
    }

    @Override
    public void sync(FileChannel file) throws IOException {
        operate();
        real.sync(file);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        operate();
        real.syncFolder(folder);
    }

    @Override
    public void delete(Path file) throws IOException {
        real.delete(file);
    }

    @Override
    public long room(Path folder) throws IOException {
        return Math.min(room, real.room(folder));
    }
}
