package dev.postern.spool.rocks;

import dev.postern.spool.SpoolException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Watches that the reserve on the disk stays free; asks the system once a second at most. Used by
/// any number of threads.
final class Room {
    private static final long PERIOD = TimeUnit.SECONDS.toNanos(1);
    private static final long MIB = 1024 * 1024;

    private final Path folder;
    private final long reserve;
    private final Disk disk;
    private final LongSupplier nanoTime;
    private final AtomicLong asked;
    private volatile long room;

    /// @param reserve octets that stay free
    /// @throws IOException if the system does not tell
    Room(Path folder, long reserve, Disk disk, LongSupplier nanoTime) throws IOException {
        this.folder = folder;
        this.reserve = reserve;
        this.disk = disk;
        this.nanoTime = nanoTime;
        this.asked = new AtomicLong(nanoTime.getAsLong());
        this.room = disk.room(folder);
    }

    /// Checks that more content may come.
    ///
    /// @throws SpoolException.Full if the reserve is touched
    /// @throws SpoolException.Broken if the system does not tell
    void demand() throws SpoolException {
        look();
        if (room < reserve) {
            throw new SpoolException.Full(
                    "the disk of the spool in %s has %d MiB left, and %d MiB are kept free for deliveries"
                            .formatted(folder, room / MIB, reserve / MIB),
                    null);
        }
    }

    private void look() throws SpoolException {
        long now = nanoTime.getAsLong();
        long last = asked.get();
        if (now - last >= PERIOD && asked.compareAndSet(last, now)) {
            room = ask();
        }
    }

    /// Octets that may still be written; what was known last, where the system does not tell.
    long free() {
        try {
            look();
        } catch (SpoolException unknown) {
            return room; // whoever has content to store is told by demand()
        }
        return room;
    }

    private long ask() throws SpoolException {
        try {
            return disk.room(folder);
        } catch (IOException failed) {
            throw new SpoolException.Broken("nobody knows how much room is left in " + folder + ": " + failed, failed);
        }
    }
}
