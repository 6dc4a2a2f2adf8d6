package dev.postern.pressure;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How much of the heap is in use for good: what the last collection of garbage has left.
///
/// What a collection has found is believed for ten seconds. If none came since, little memory is
/// asked for, whatever the last one left; where memory is short they come many times a second. So
/// an old finding never keeps a server from work. Used by one thread.
public final class CollectedHeap {
    private static final long BELIEVED = Duration.ofSeconds(10).toNanos();

    private final Readings readings;
    private final LongSupplier nanoTime;
    private long collections;
    private long collectedAt;

    /// What a Java machine tells of its heap.
    ///
    /// @param left octets in use after the last collection
    /// @param collections how many there were
    /// @param most octets that the heap may have
    public record Readings(LongSupplier left, LongSupplier collections, long most) {
        /// @throws IllegalArgumentException if there is no heap
        public Readings {
            if (most < 1) {
                throw new IllegalArgumentException("a heap of " + most + " octets");
            }
        }

        /// Those of this machine.
        public static Readings ofThisMachine() {
            List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .toList();
            List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
            return new Readings(
                    () -> pools.stream()
                            .mapToLong(pool -> leftIn(pool.getCollectionUsage()))
                            .sum(),
                    () -> collectors.stream()
                            .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                            .sum(),
                    Runtime.getRuntime().maxMemory());
        }

        /// A pool whose collector does not tell has nothing to tell.
        private static long leftIn(@Nullable MemoryUsage usage) {
            return usage == null ? 0 : usage.getUsed();
        }
    }

    public CollectedHeap(Readings readings, LongSupplier nanoTime) {
        this.readings = readings;
        this.nanoTime = nanoTime;
        this.collections = readings.collections().getAsLong();
        this.collectedAt = nanoTime.getAsLong() - BELIEVED;
    }

    /// The part of the heap that is in use for good, 0 to 1; 0 where no collection says so of late.
    public double share() {
        long now = nanoTime.getAsLong();
        long count = readings.collections().getAsLong();
        if (count != collections) {
            collections = count;
            collectedAt = now;
        }
        return now - collectedAt >= BELIEVED ? 0 : (double) readings.left().getAsLong() / readings.most();
    }
}
