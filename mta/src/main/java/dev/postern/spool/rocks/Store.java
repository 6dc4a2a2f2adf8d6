package dev.postern.spool.rocks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksObject;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/// The open database with its column families and its native memory. Made, used for writing and
/// closed by the committer; read by the readers.
final class Store implements AutoCloseable {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;

    private static final long SMALL_TABLE = 8 * MIB;
    private static final long LEAST_BLOB = KIB;
    private static final long BLOB_FILE = 64 * MIB;
    private static final double COLLECTED_PART_OF_BLOB_FILES = 1.0;
    private static final double GARBAGE_THAT_FORCES_COLLECTION = 0.5;
    // So many new tables of a family are merged with its old ones at once. What is passed over lies all over a long
    // queue, so that each merge reads and writes much of it: with twice the default of RocksDB there are half as many.
    private static final int FRESH_TABLES = 8;
    private static final int TABLES_IN_MEMORY = 3;
    private static final int BACKGROUND_JOBS = 2;
    private static final long LOG_OF_ROCKSDB = MIB;
    private static final int LOGS_OF_ROCKSDB = 2;
    private static final long MANIFEST = 16 * MIB;
    private static final int BITS_A_KEY = 10;

    /// A column family: what lies in it is said in `doc/internals/spool.md`.
    enum Family {
        META("default"),
        MESSAGE("message"),
        CONTENT("content"),
        FILE("file"),
        DUE("due"),
        DECISION("decision"),
        ASIDE("aside"),
        INDEX("index");

        private final String inDatabase;

        Family(String inDatabase) {
            this.inDatabase = inDatabase;
        }
    }

    private final RocksDB database;
    private final Map<Family, ColumnFamilyHandle> families = new EnumMap<>(Family.class);
    private final List<RocksObject> owned;
    private final WriteOptions synced;
    private final WriteOptions unsynced;

    private Store(RocksDB database, List<ColumnFamilyHandle> handles, List<RocksObject> owned) {
        this.database = database;
        for (int i = 0; i < handles.size(); i++) {
            this.families.put(Family.values()[i], handles.get(i));
        }
        this.owned = owned;
        this.synced = own(owned, new WriteOptions().setSync(true));
        this.unsynced = own(owned, new WriteOptions().setSync(false));
    }

    /// Opens the database, and makes it where there is none.
    static Store open(Path folder, RocksSpoolSettings.MemorySettings memory) throws RocksDBException {
        RocksDB.loadLibrary();
        List<RocksObject> owned = new ArrayList<>();
        try {
            Cache cache = own(owned, new LRUCache(memory.cache()));
            DBOptions options = databaseOptions(own(owned, new DBOptions()), memory);
            options.setWriteBufferManager(own(owned, new WriteBufferManager(memory.tables(), cache)));
            BlockBasedTableConfig table = new BlockBasedTableConfig()
                    .setBlockCache(cache)
                    .setFilterPolicy(own(owned, new BloomFilter(BITS_A_KEY)))
                    .setCacheIndexAndFilterBlocks(true)
                    .setPinL0FilterAndIndexBlocksInCache(true);
            List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
            for (Family family : Family.values()) {
                ColumnFamilyOptions own = familyOptions(family, own(owned, new ColumnFamilyOptions()), memory);
                descriptors.add(new ColumnFamilyDescriptor(
                        family.inDatabase.getBytes(US_ASCII), own.setTableFormatConfig(table)));
            }
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            return new Store(RocksDB.open(options, folder.toString(), descriptors, handles), handles, owned);
        } catch (RocksDBException | RuntimeException failed) {
            release(owned);
            throw failed;
        }
    }

    private static DBOptions databaseOptions(DBOptions options, RocksSpoolSettings.MemorySettings memory) {
        return options.setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setMaxOpenFiles(memory.openFiles())
                .setMaxTotalWalSize(memory.log())
                .setMaxBackgroundJobs(BACKGROUND_JOBS)
                .setBytesPerSync(MIB)
                .setSkipStatsUpdateOnDbOpen(true)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(LOG_OF_ROCKSDB)
                .setKeepLogFileNum(LOGS_OF_ROCKSDB)
                .setMaxManifestFileSize(MANIFEST)
                // What was not synced may be torn after a power cut, and nobody has been promised it.
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                // The committer opens the database anew after an error, and only then does it know what is in it.
                .setMaxBgErrorResumeCount(0);
    }

    private static ColumnFamilyOptions familyOptions(
            Family family, ColumnFamilyOptions options, RocksSpoolSettings.MemorySettings memory) {
        options.setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setLevelCompactionDynamicLevelBytes(true)
                .setMaxWriteBufferNumber(TABLES_IN_MEMORY);
        return switch (family) {
            case CONTENT ->
                options.setWriteBufferSize(memory.tables() / 2)
                        .setEnableBlobFiles(true)
                        .setMinBlobSize(LEAST_BLOB)
                        .setBlobFileSize(BLOB_FILE)
                        .setBlobCompressionType(CompressionType.LZ4_COMPRESSION)
                        .setEnableBlobGarbageCollection(true)
                        .setBlobGarbageCollectionAgeCutoff(COLLECTED_PART_OF_BLOB_FILES)
                        .setBlobGarbageCollectionForceThreshold(GARBAGE_THAT_FORCES_COLLECTION);
            case META, MESSAGE, FILE, DUE, DECISION, ASIDE, INDEX ->
                options.setWriteBufferSize(Math.min(SMALL_TABLE, memory.tables() / 4))
                        .setLevel0FileNumCompactionTrigger(FRESH_TABLES);
        };
    }

    private static <T extends RocksObject> T own(List<RocksObject> owned, T object) {
        owned.add(object);
        return object;
    }

    private static void release(List<RocksObject> owned) {
        owned.reversed().forEach(RocksObject::close);
    }

    RocksDB database() {
        return database;
    }

    ColumnFamilyHandle family(Family family) {
        return Objects.requireNonNull(families.get(family));
    }

    /// The value of a key, null if there is none.
    byte @org.jspecify.annotations.Nullable [] get(Family family, byte[] key) throws RocksDBException {
        return database.get(family(family), key);
    }

    /// How a batch is written that is on disk when the call returns.
    WriteOptions synced() {
        return synced;
    }

    /// How a batch is written that the next synced one takes to the disk.
    WriteOptions unsynced() {
        return unsynced;
    }

    @Override
    public void close() {
        families.values().forEach(ColumnFamilyHandle::close);
        database.close();
        release(owned);
    }
}
