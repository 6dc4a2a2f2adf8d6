package dev.postern.spool.rocks;

import dev.postern.event.Events;
import dev.postern.spool.QueueId;
import dev.postern.spool.QueueIds;
import dev.postern.spool.Retention;
import dev.postern.spool.SpoolException;
import dev.postern.spool.rocks.RecordReader.Malformed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/// The one thread that writes: group commit, the removal of what is finished, and getting well
/// after an error of the disk.
///
/// It takes all transactions that wait, makes one batch of them and writes it: synced if one of
/// them is not lazy, else not, and then at the latest after `SYNC_WITHIN` a synced batch without
/// transactions follows, which takes everything before it to the disk.
///
/// After a failed write nothing is known of what is on the disk. The transactions of the batch fail
/// at once, but for the lazy ones, which nobody waits for: these are kept (as are those that were
/// written and not yet synced) and written again later. Until then each new transaction fails with
/// the same words. Once a second the disk is tried with a small file; when that goes well, the
/// database is opened anew, and if it turns out to hold the failed batch all the same, the batch is
/// undone first.
///
/// `outage`, `count` and `times` are read by other threads; every other field is the committer's own.
final class Committer {
    private static final int MOST_TRANSACTIONS = 1024;
    private static final int MOST_UNSYNCED = 4096;
    private static final long MOST_OCTETS = 8L * 1024 * 1024;
    private static final long IDLE = TimeUnit.SECONDS.toNanos(1);
    private static final long SYNC_WITHIN = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long TRY_AGAIN_AFTER = TimeUnit.SECONDS.toNanos(1);
    private static final long TRIM_EVERY = TimeUnit.MINUTES.toNanos(1);
    private static final int TRIM_AT_ONCE = 2000;
    private static final long COLLECT_AFTER = 20_000;
    private static final long COLLECT_EMPTY_AFTER = 1000;
    private static final int PROBE_OCTETS = 64 * 1024;

    /// How far beyond the last id and the clock ids may be handed out before that is written down:
    /// after a crash ids begin there. Ten seconds.
    private static final long IDS_AHEAD =
            QueueId.firstOf(Instant.ofEpochSecond(10)).value();

    private final Parts parts;
    private final TransactionLine line;
    private final OpenStore open;
    private final Faults faults;
    private final SpaceCollector collector;
    private final Indexer indexer;
    private final Segments segments;
    private final List<Transaction> unsynced = new ArrayList<>();
    private final List<StateRecord.Gone> filesToDelete = new ArrayList<>();
    private final WriteTimes times = new WriteTimes(System::nanoTime);
    private final Thread thread;

    private Store store;
    private StateRecord state;
    private long unsyncedSince;
    private long trimmedAt;
    private long indexedAt;
    private long removed;
    private byte[] trimmedFrom = Keys.decision(0, 0);
    private volatile @Nullable Outage outage;
    private volatile long count;
    private volatile boolean clean = true;

    /// What the committer works with and does not own.
    record Parts(
            RocksSpoolSettings settings,
            QueueIds ids,
            InstantSource clock,
            ContentFiles files,
            Disk disk,
            Events events,
            Steps steps) {}

    /// What is done beside the writing, begun by the committer.
    record Upkeep(SpaceCollector collector, Indexer indexer) {}

    /// What was found when the spool was opened.
    record Opened(Store store, Segments segments, StateRecord state, Faults faults) {}

    /// A time in which nothing can be written.
    ///
    /// @param why what the disk said last
    /// @param began {@link System#nanoTime()} of then
    /// @param failed the batch that may be on the disk, or not
    /// @param number its number
    private record Outage(SpoolException why, long began, Batch failed, long number) {
        Outage with(SpoolException latest) {
            return new Outage(latest, began, failed, number);
        }
    }

    Committer(Parts parts, TransactionLine line, OpenStore open, Upkeep upkeep, Opened opened) {
        this.parts = parts;
        this.line = line;
        this.open = open;
        this.collector = upkeep.collector();
        this.indexer = upkeep.indexer();
        this.segments = opened.segments();
        this.store = opened.store();
        this.state = opened.state();
        this.faults = opened.faults();
        this.count = state.messages();
        this.trimmedAt = System.nanoTime() - TRIM_EVERY;
        this.indexedAt = System.nanoTime();
        this.thread = Thread.ofPlatform().name("spool-committer").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// How many messages there are.
    long count() {
        return count;
    }

    /// How long a synced write takes now.
    Duration writeTime() {
        return times.now();
    }

    /// What the disk said when it refused, null if it works.
    @Nullable
    SpoolException failure() {
        Outage now = outage;
        return now == null ? null : now.why();
    }

    /// Ends without the last batch, as a crash would, once the batch under way is written.
    void abandon() {
        clean = false;
        line.close();
        join();
    }

    /// Ends: what stands in the line is written.
    void close() {
        line.close();
        join();
    }

    private void join() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<Transaction> taken = new ArrayList<>();
        try {
            while (!line.isFinished()) {
                taken.clear();
                line.take(taken, MOST_TRANSACTIONS, MOST_OCTETS, patience());
                taken.removeIf(transaction -> !transaction.take());
                if (outage != null) {
                    refuse(taken);
                    tryAgain();
                } else if (!taken.isEmpty()) {
                    write(taken, isSyncDue() || taken.stream().anyMatch(transaction -> !transaction.isLazy()));
                } else if (hasLeftUndone()) {
                    write(taken, true);
                } else if (isTimeToCollect() && collector.begin(removed)) {
                    removed = 0;
                }
                if (outage == null && System.nanoTime() - indexedAt >= IDLE) {
                    indexedAt = System.nanoTime();
                    indexer.begin();
                }
            }
            if (clean && outage == null) {
                write(List.of(), true);
            }
        } catch (InterruptedException end) {
            throw new IllegalStateException("somebody interrupted the committer", end);
        } finally {
            line.close();
            giveUp(taken);
        }
    }

    private long patience() {
        if (outage != null) {
            return TRY_AGAIN_AFTER;
        }
        return unsynced.isEmpty() ? IDLE : Math.max(1, unsyncedSince + SYNC_WITHIN - System.nanoTime());
    }

    private boolean isSyncDue() {
        return !unsynced.isEmpty()
                && (unsynced.size() >= MOST_UNSYNCED || System.nanoTime() - unsyncedSince >= SYNC_WITHIN);
    }

    /// Whether so much was removed that its room is worth an effort.
    private boolean isTimeToCollect() {
        return removed >= (state.messages() == 0 ? COLLECT_EMPTY_AFTER : COLLECT_AFTER);
    }

    /// Whether something waits for a batch although no transaction does.
    private boolean hasLeftUndone() {
        return !unsynced.isEmpty() || !state.removed().isEmpty() || idLimitIsNear() || isTimeToTrim();
    }

    private boolean idLimitIsNear() {
        return parts.ids().last() > state.idLimit() - IDS_AHEAD / 2;
    }

    private long idLimit() {
        long now = QueueId.firstOf(parts.clock().instant()).value();
        return Math.max(parts.ids().last(), now) + IDS_AHEAD;
    }

    private boolean isTimeToTrim() {
        return state.decisions() > 0 && System.nanoTime() - trimmedAt >= TRIM_EVERY;
    }

    private void write(List<Transaction> taken, boolean sync) {
        Batch batch = new Batch(store, segments, state);
        List<Transaction> written = new ArrayList<>(taken.size());
        StateRecord next;
        if (sync) {
            times.begin();
        }
        try {
            for (Transaction transaction : taken) {
                add(transaction, batch, written);
            }
            trim(batch);
            next = batch.after(line.isFinished() ? parts.ids().last() : idLimit());
            batch.finish(next);
            parts.steps().done(Step.BATCH_BUILT);
            batch.write(sync ? store.synced() : store.unsynced());
            parts.steps().done(Step.BATCH_WRITTEN);
        } catch (RocksDBException failed) {
            begin(faults.of(failed), batch, written);
            return;
        } catch (RuntimeException ours) {
            begin(new SpoolException.Broken("the spool failed: " + ours, ours), batch, written);
            return;
        } finally {
            batch.close();
            if (sync) {
                times.end();
            }
        }
        batch.tellSegments();
        settle(written, next, sync);
        batch.aside().forEach(aside -> parts.events().emit(new SpoolEvent.SetAside(aside.id(), aside.why())));
    }

    private void add(Transaction transaction, Batch batch, List<Transaction> written) throws RocksDBException {
        try {
            batch.look(transaction);
        } catch (RocksDBException unreadable) {
            SpoolException why = faults.of(unreadable);
            transaction.fail(why);
            if (transaction.isLazy()) {
                parts.events().emit(new SpoolEvent.ChangeLost(String.valueOf(why.getMessage())));
            }
            return;
        }
        batch.add(transaction, parts.clock().instant());
        written.add(transaction);
    }

    private void trim(Batch batch) {
        Retention retention = parts.settings().retention();
        boolean all = isTimeToTrim();
        if (!all && !batch.hasExcessOfDecisions(retention)) {
            return;
        }
        byte[] from = all ? Keys.decision(0, 0) : trimmedFrom;
        long oldest =
                QueueId.firstOf(parts.clock().instant().minus(retention.time())).value();
        try {
            trimmedAt = System.nanoTime();
            trimmedFrom = batch.trimDecisions(retention, oldest, from, TRIM_AT_ONCE);
        } catch (RocksDBException unreadable) {
            // Old decisions that cannot be read are no reason to take no mail.
            String why = String.valueOf(faults.of(unreadable).getMessage());
            parts.events().emit(new SpoolEvent.ChangeLost("old decisions stay: " + why));
        }
    }

    /// What follows from a batch that is written.
    private void settle(List<Transaction> written, StateRecord next, boolean synced) {
        state = next;
        count = next.messages();
        removed += next.removed().size();
        written.forEach(Transaction::succeed);
        parts.steps().done(Step.CALLERS_TOLD);
        next.removed().stream().filter(StateRecord.Gone::inFile).forEach(filesToDelete::add);
        if (synced) {
            unsynced.clear();
            filesToDelete.forEach(gone -> parts.files().deleteLater(new QueueId(gone.id())));
            filesToDelete.clear();
        } else {
            if (unsynced.isEmpty()) {
                unsyncedSince = System.nanoTime();
            }
            unsynced.addAll(written);
        }
    }

    /// The disk has refused a batch.
    private void begin(SpoolException why, Batch failed, List<Transaction> refused) {
        outage = new Outage(why, System.nanoTime(), failed, state.batch() + 1);
        filesToDelete.clear();
        segments.forget();
        refuse(refused);
        parts.events().emit(new SpoolEvent.OutageBegan(String.valueOf(why.getMessage())));
    }

    private void refuse(List<Transaction> refused) {
        SpoolException why = Objects.requireNonNull(outage).why();
        for (Transaction transaction : refused) {
            if (transaction.isLazy()) {
                unsynced.add(transaction);
            } else {
                transaction.fail(why);
            }
        }
    }

    private void tryAgain() {
        Outage over = Objects.requireNonNull(outage);
        try {
            probe();
            collector.cancel();
            Path folder = parts.settings().folder();
            store = open.reopen(() -> Store.open(
                    folder.resolve(RocksSpool.DATABASE), parts.settings().memory()));
            segments.load(store);
            StateRecord found = Batch.state(store);
            if (found.batch() == over.number()) {
                found = undo(over.failed(), found);
            }
            state = found;
            count = found.messages();
        } catch (IOException stillOut) {
            outage = over.with(faults.of(stillOut));
            return;
        } catch (RocksDBException stillOut) {
            outage = over.with(faults.of(stillOut));
            return;
        } catch (Malformed damaged) {
            outage = over.with(RocksSpool.damagedState(parts.settings().folder(), damaged));
            return;
        }
        trimmedFrom = Keys.decision(0, 0);
        outage = null;
        parts.events().emit(new SpoolEvent.OutageEnded(Duration.ofNanos(System.nanoTime() - over.began())));
        List<Transaction> again = List.copyOf(unsynced);
        unsynced.clear();
        write(again, true);
    }

    private StateRecord undo(Batch failed, StateRecord survived) throws RocksDBException {
        try (Batch undo = failed.undo(store, survived)) {
            StateRecord next = undo.after(idLimit());
            undo.finish(next);
            undo.write(store.synced());
            return next;
        }
    }

    /// Tries whether the disk takes a small file.
    private void probe() throws IOException {
        Path probe = parts.settings().folder().resolve("probe");
        Disk disk = parts.disk();
        disk.delete(probe);
        try (FileChannel file = disk.create(probe)) {
            disk.write(file, ByteBuffer.allocate(PROBE_OCTETS));
            disk.sync(file);
        } finally {
            disk.delete(probe);
        }
    }

    /// Fails whatever was not written when the committer ends.
    private void giveUp(List<Transaction> taken) {
        Outage last = outage;
        SpoolException why = last != null ? last.why() : new SpoolException.TooSlow("the spool is closed");
        List<Transaction> left = new ArrayList<>(taken);
        line.drain(left);
        left.stream().filter(transaction -> !transaction.isSettled()).forEach(transaction -> transaction.fail(why));
    }
}
