package dev.postern.spool.rocks;

import dev.postern.event.Events;
import dev.postern.spool.SpoolException;
import dev.postern.spool.rocks.Store.Family;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDBException;

/// Gives the disk back what a flood of messages took: when the committer is idle after many
/// removals, the tables and blob files are written anew without what was removed, on a file thread,
/// beside the work. Then all tables in memory are written out, so that no log is kept for them.
///
/// RocksDB does so by itself only as more is written, and after a flood nothing is. It also makes
/// reading the schedule quick again, which would otherwise wade through the marks of what was
/// removed. Touched by the committer and a file thread; `lock` guards `running`.
final class SpaceCollector {
    private static final Set<Family> FAMILIES =
            EnumSet.of(Family.CONTENT, Family.MESSAGE, Family.DUE, Family.FILE, Family.DECISION, Family.INDEX);

    private final OpenStore open;
    private final FileWork work;
    private final Events events;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable CompactRangeOptions running;

    SpaceCollector(OpenStore open, FileWork work, Events events) {
        this.open = open;
        this.work = work;
        this.events = events;
    }

    /// Begins, unless it is under way; no if it is.
    ///
    /// @param removed how many messages were removed since the last time
    boolean begin(long removed) {
        CompactRangeOptions options;
        lock.lock();
        try {
            if (running != null) {
                return false;
            }
            options = new CompactRangeOptions().setExclusiveManualCompaction(false);
            running = options;
        } finally {
            lock.unlock();
        }
        try {
            var _ = work.submit(() -> collect(options, removed));
        } catch (IOException closed) {
            end(options); // the spool ends: the next one collects
        }
        return true;
    }

    private boolean collect(CompactRangeOptions options, long removed) {
        try {
            open.read(store -> {
                compact(store, options);
                return removed;
            });
            events.emit(new SpoolEvent.SpaceCollected(removed));
            return true;
        } catch (SpoolException notNow) {
            return false; // cancelled, or the disk refuses: nothing is lost but room, until the next time
        } finally {
            end(options);
        }
    }

    private static void compact(Store store, CompactRangeOptions options) throws RocksDBException {
        for (Family family : FAMILIES) {
            store.database().compactRange(store.family(family), null, null, options);
        }
        try (FlushOptions all = new FlushOptions()) {
            for (Family family : Family.values()) {
                store.database().flush(all, store.family(family));
            }
        }
    }

    private void end(CompactRangeOptions options) {
        lock.lock();
        try {
            running = null;
            options.close();
        } finally {
            lock.unlock();
        }
    }

    /// Ends it soon, if it is under way.
    void cancel() {
        lock.lock();
        try {
            CompactRangeOptions options = running;
            if (options != null) {
                options.setCanceled(true);
            }
        } finally {
            lock.unlock();
        }
    }
}
