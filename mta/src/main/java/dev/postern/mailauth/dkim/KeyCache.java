package dev.postern.mailauth.dkim;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// What was read from the records of keys, by their text: the same few keys sign most of the mail, and to make a key of
/// a record costs as much as to check a signature by it. How long a record may be believed is DNS's business; a text
/// means the same for ever. Shared by all threads, guarded by its lock.
final class KeyCache {
    /// How many are kept, those that were used last.
    static final int MOST = 1000;

    /// Longer records are read anew each time; a key of 8192 bits has 1400.
    static final int LONGEST = 2048;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Text, ReadKey> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Text, ReadKey> eldest) {
            return size() > MOST;
        }
    };

    /// A record and what it was read for.
    record Text(String record, DkimAlgorithm algorithm) {}

    /// What a record was read as before; else it is read now.
    ReadKey get(Text text, Function<Text, ReadKey> read) {
        if (text.record().length() > LONGEST) {
            return read.apply(text);
        }
        return find(text).orElseGet(() -> keep(text, read.apply(text)));
    }

    private Optional<ReadKey> find(Text text) {
        lock.lock();
        try {
            return Optional.ofNullable(kept.get(text));
        } finally {
            lock.unlock();
        }
    }

    private ReadKey keep(Text text, ReadKey key) {
        lock.lock();
        try {
            kept.put(text, key);
            return key;
        } finally {
            lock.unlock();
        }
    }
}
