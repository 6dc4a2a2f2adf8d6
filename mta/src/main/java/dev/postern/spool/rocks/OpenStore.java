package dev.postern.spool.rocks;

import dev.postern.spool.SpoolException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/// The database as it is open just now: the committer may close it and open it anew after an error,
/// while readers read. Touched by the committer and the readers; `lock` guards `store`: read under
/// its read lock, exchanged under its write lock.
final class OpenStore {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Faults faults;
    private @Nullable Store store;

    OpenStore(Store store, Faults faults) {
        this.store = store;
        this.faults = faults;
    }

    /// A question to the database.
    @FunctionalInterface
    interface Question<T> {
        T ask(Store store) throws RocksDBException, SpoolException;
    }

    /// Makes a new database of a closed one.
    @FunctionalInterface
    interface Opening {
        Store open() throws RocksDBException;
    }

    /// Asks the database.
    ///
    /// @throws SpoolException if it is closed, or what it failed with
    <T> T read(Question<T> question) throws SpoolException {
        lock.readLock().lock();
        try {
            Store open = store;
            if (open == null) {
                throw new SpoolException.TooSlow("the database of the spool is closed");
            }
            return question.ask(open);
        } catch (RocksDBException failed) {
            throw faults.of(failed);
        } finally {
            lock.readLock().unlock();
        }
    }

    /// Closes the database, if it is open, and opens it anew; on an exception it stays closed.
    Store reopen(Opening opening) throws RocksDBException {
        lock.writeLock().lock();
        try {
            shut();
            Store opened = opening.open();
            store = opened;
            return opened;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /// Closes the database, if it is open.
    void close() {
        lock.writeLock().lock();
        try {
            shut();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void shut() {
        Store open = store;
        store = null;
        if (open != null) {
            open.close();
        }
    }
}
