package dev.postern.spool.rocks;

import dev.postern.spool.Retention;
import java.nio.file.Path;
import java.time.Duration;

/// How a spool on disk is to be.
///
/// @param folder where it lies; made if it is not there
/// @param content how contents are kept
/// @param memory how much memory it may take
/// @param load how much may wait, and how long
/// @param retention how long decisions are kept
public record RocksSpoolSettings(
        Path folder, ContentSettings content, MemorySettings memory, LoadSettings load, Retention retention) {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;

    /// The usual settings for a folder.
    public static RocksSpoolSettings in(Path folder) {
        return new RocksSpoolSettings(
                folder,
                ContentSettings.byDefault(),
                MemorySettings.byDefault(),
                LoadSettings.byDefault(),
                Retention.byDefault());
    }

    /// These with other settings for contents.
    public RocksSpoolSettings with(ContentSettings other) {
        return new RocksSpoolSettings(folder, other, memory, load, retention);
    }

    /// These with other settings for memory.
    public RocksSpoolSettings with(MemorySettings other) {
        return new RocksSpoolSettings(folder, content, other, load, retention);
    }

    /// These with other settings for load.
    public RocksSpoolSettings with(LoadSettings other) {
        return new RocksSpoolSettings(folder, content, memory, other, retention);
    }

    /// These with another retention of decisions.
    public RocksSpoolSettings with(Retention other) {
        return new RocksSpoolSettings(folder, content, memory, load, other);
    }

    /// How contents are kept.
    ///
    /// @param threshold octets from which on a content gets a file of its own, 0 to 16 MiB
    /// @param reserve octets that stay free on the disk: below it no new content is taken, so that
    ///     deliveries can still be recorded
    public record ContentSettings(long threshold, long reserve) {
        private static final long MOST = 16 * MIB;

        /// @throws IllegalArgumentException if one is out of its bounds
        public ContentSettings {
            if (threshold < 0 || threshold > MOST || reserve < 0) {
                throw new IllegalArgumentException("threshold " + threshold + ", reserve " + reserve);
            }
        }

        /// 256 KiB, and a reserve of 100 MiB.
        public static ContentSettings byDefault() {
            return new ContentSettings(256 * KIB, 100 * MIB);
        }
    }

    /// How much memory the spool may take.
    ///
    /// @param drafts octets of heap for contents that are coming in, all sessions together; a draft
    ///     that gets none goes to its file early
    /// @param cache octets of native memory for the blocks, indexes and filters that were read, and
    ///     for the tables in memory
    /// @param tables octets of these for what was written and is not yet in a table file
    /// @param log octets of write-ahead log on disk after which tables in memory are written out;
    ///     bounds the time that opening takes after a crash
    /// @param openFiles how many table files are open at most
    public record MemorySettings(long drafts, long cache, long tables, long log, int openFiles) {
        private static final int FEWEST_FILES = 16;

        /// @throws IllegalArgumentException if one is too small, or the tables do not fit into the
        ///     cache
        public MemorySettings {
            if (drafts < 0 || tables < MIB || cache < tables || log < MIB || openFiles < FEWEST_FILES) {
                throw new IllegalArgumentException("drafts " + drafts + ", cache " + cache + ", tables " + tables
                        + ", log " + log + ", open files " + openFiles);
            }
        }

        /// 32 MiB for drafts, 80 MiB of native memory with 64 MiB of tables in it, 128 MiB of log,
        /// 256 files.
        public static MemorySettings byDefault() {
            return new MemorySettings(32 * MIB, 80 * MIB, 64 * MIB, 128 * MIB, 256);
        }
    }

    /// How much may wait, and how long.
    ///
    /// @param waiting how many transactions wait for the committer at most; whoever comes then
    ///     waits for room
    /// @param patience how long a caller waits until the committer takes its transaction, or for a
    ///     read
    public record LoadSettings(int waiting, Duration patience) {
        /// @throws IllegalArgumentException if nothing may wait
        public LoadSettings {
            if (waiting < 1 || !patience.isPositive()) {
                throw new IllegalArgumentException("waiting " + waiting + ", patience " + patience);
            }
        }

        /// 4096 transactions, 10 seconds.
        public static LoadSettings byDefault() {
            return new LoadSettings(4096, Duration.ofSeconds(10));
        }
    }
}
