package dev.postern.accounts;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Failures by what they have in common, of the latest few thousand; the one that has failed longest ago makes room.
/// Guarded by its owner's lock.
///
/// @param <K> what they have in common
final class FailureCounts<K> {
    /// So many are remembered: below 3 MiB, and more than one address can fill before it is stopped.
    static final int CAPACITY = 16_384;

    /// Failures are forgotten when none was added for so many times the longest wait.
    private static final int MEMORY = 24;

    private final Map<K, Count> counts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Count> eldest) {
            return size() > CAPACITY;
        }
    };

    /// @param failures so far
    /// @param last when the latest was
    /// @param open from when on the next one may be tried
    private record Count(int failures, Instant last, Instant open) {}

    /// How long nobody may try; zero where that is now.
    Duration wait(K key, Instant now) {
        Count count = counts.get(key);
        return count == null || !count.open().isAfter(now) ? Duration.ZERO : Duration.between(now, count.open());
    }

    /// Counts a failure.
    ///
    /// @param free how many cost nothing
    void add(K key, int free, LoginThrottleSettings.Waits waits, Instant now) {
        Count before = counts.get(key);
        Instant forgotten = now.minus(waits.longest().multipliedBy(MEMORY));
        int failures = before == null || before.last().isBefore(forgotten) ? 1 : before.failures() + 1;
        Instant open = failures < free ? now : now.plus(waitAfter(failures - free, waits));
        counts.put(key, new Count(failures, now, open));
    }

    private static Duration waitAfter(int doublings, LoginThrottleSettings.Waits waits) {
        Duration wait = waits.first();
        for (int i = 0; i < doublings && wait.compareTo(waits.longest()) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(waits.longest()) < 0 ? wait : waits.longest();
    }

    /// Takes one failure back that was none in the end; what was closed by it is open again.
    void takeBack(K key, int free) {
        counts.computeIfPresent(key, (_, count) -> {
            int failures = count.failures() - 1;
            return failures <= 0
                    ? null
                    : new Count(failures, count.last(), failures < free ? count.last() : count.open());
        });
    }

    /// Forgets all failures of one.
    void forget(K key) {
        counts.remove(key);
    }

    /// Of how many something is remembered.
    int size() {
        return counts.size();
    }
}
