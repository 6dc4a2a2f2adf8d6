package dev.postern.spool.rocks;

import dev.postern.spool.QueueId;
import dev.postern.spool.Retention;
import dev.postern.spool.rocks.StateRecord.Gone;
import dev.postern.spool.rocks.Store.Family;
import dev.postern.spool.rocks.Transaction.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// One batch: transactions made into one write, with the state that holds after it. Used by the
/// committer alone.
///
/// It remembers the record that each message had before the batch. That keeps the schedule right
/// whatever the caller believes of the message, and it is what {@link #undo} restores when the disk
/// refused the batch and kept it all the same.
final class Batch implements AutoCloseable {
    private static final byte[] STATE = {'s', 't', 'a', 't', 'e'};
    private static final long TRIM_AT_LEAST = 256;
    private static final int RESERVED_OCTETS = 64 * 1024;

    private final Store store;
    private final Segments segments;
    private final StateRecord before;
    private final WriteBatch writes = new WriteBatch(RESERVED_OCTETS);
    private final Map<Long, Touched> touched = new HashMap<>();
    private final List<Gone> removed = new ArrayList<>();
    private final List<Change.SetAside> aside = new ArrayList<>();
    private final List<Segments.Built> summaries = new ArrayList<>();
    private long messages;
    private long decisions;
    private long serial;

    /// A message of this batch: its record before the batch and its record now, null where it is
    /// not there.
    @SuppressWarnings("ArrayRecordComponent") // neither compared nor changed
    private record Touched(byte @Nullable [] original, byte @Nullable [] current) {}

    Batch(Store store, Segments segments, StateRecord before) {
        this.store = store;
        this.segments = segments;
        this.before = before;
        this.messages = before.messages();
        this.decisions = before.decisions();
        this.serial = before.serial();
    }

    /// The state in the database; that of a new spool if there is none.
    static StateRecord state(Store store) throws RocksDBException, RecordReader.Malformed {
        byte[] record = store.get(Family.META, STATE);
        return record == null ? StateRecord.EMPTY : StateRecord.decode(record);
    }

    /// Adds the changes of a transaction.
    void add(Transaction transaction, Instant now) throws RocksDBException {
        for (Change change : transaction.changes()) {
            switch (change) {
                case Change.InsertSmall(QueueId id, byte[] message, byte[] content) -> {
                    writes.put(store.family(Family.CONTENT), Keys.id(id.value()), content);
                    insert(id.value(), message);
                }
                case Change.InsertLarge(QueueId id, byte[] message, FileRecord file) -> {
                    writes.put(store.family(Family.FILE), Keys.id(id.value()), file.encode());
                    insert(id.value(), message);
                }
                case Change.Update(QueueId id, byte[] message) -> update(id.value(), message);
                case Change.Remove(QueueId id) -> remove(id.value());
                case Change.Explain(QueueId key, byte[] record) -> {
                    writes.put(store.family(Family.DECISION), Keys.decision(key.value(), ++serial), record);
                    decisions++;
                }
                case Change.SetAside bad -> setAside(bad, now);
                case Change.Summarize(Segments.Built built) -> summaries.add(built);
            }
        }
    }

    private void insert(long id, byte[] record) throws RocksDBException {
        touched.put(id, new Touched(null, null));
        set(id, record);
        messages++;
    }

    private void update(long id, byte[] record) throws RocksDBException {
        byte[] current = current(id);
        if (current != null) {
            set(id, MessageRecord.withInFile(record, MessageRecord.inFile(current)));
        }
    }

    private void remove(long id) throws RocksDBException {
        byte[] current = current(id);
        if (current != null) {
            removed.add(new Gone(id, MessageRecord.inFile(current)));
            set(id, null);
            messages--;
        }
    }

    private void setAside(Change.SetAside bad, Instant now) throws RocksDBException {
        long id = bad.id().value();
        byte[] current = current(id);
        if (current != null) {
            byte[] record = new AsideRecord(now, bad.why(), current).encode();
            writes.put(store.family(Family.ASIDE), Keys.id(id), record);
            aside.add(bad);
            set(id, null);
            messages--;
        }
    }

    /// The record of a message as the changes so far leave it.
    private byte @Nullable [] current(long id) throws RocksDBException {
        Touched known = touched.get(id);
        if (known == null) {
            byte[] original = store.get(Family.MESSAGE, Keys.id(id));
            known = new Touched(original, original);
            touched.put(id, known);
        }
        return known.current();
    }

    /// Gives a message that was looked at another record, or none, and the schedule what follows
    /// from it.
    private void set(long id, byte @Nullable [] next) throws RocksDBException {
        Touched known = java.util.Objects.requireNonNull(touched.get(id));
        replace(id, known.current(), next);
        touched.put(id, new Touched(known.original(), next));
    }

    private void replace(long id, byte @Nullable [] last, byte @Nullable [] next) throws RocksDBException {
        long due = last == null ? MessageRecord.NOT_DUE : MessageRecord.due(last);
        long nextDue = next == null ? MessageRecord.NOT_DUE : MessageRecord.due(next);
        if (due != nextDue && due != MessageRecord.NOT_DUE) {
            writes.delete(store.family(Family.DUE), Keys.due(due, id));
        }
        if (due != nextDue && nextDue != MessageRecord.NOT_DUE) {
            writes.put(store.family(Family.DUE), Keys.due(nextDue, id), new byte[0]);
        }
        if (next != null) {
            writes.put(store.family(Family.MESSAGE), Keys.id(id), next);
            long stale = segments.changes(id);
            if (stale >= 0) {
                Segments.mark(writes, store, stale);
            }
        } else if (last != null) {
            writes.delete(store.family(Family.MESSAGE), Keys.id(id));
            segments.removes(id);
        }
    }

    /// Looks up what is there of the messages that a transaction changes; to be called before
    /// {@link #add}, so that a record which cannot be read fails this transaction and no other.
    void look(Transaction transaction) throws RocksDBException {
        for (Change change : transaction.changes()) {
            switch (change) {
                case Change.Update(QueueId id, byte[] _) -> current(id.value());
                case Change.Remove(QueueId id) -> current(id.value());
                case Change.SetAside(QueueId id, String _) -> current(id.value());
                case Change.InsertSmall _, Change.InsertLarge _, Change.Explain _, Change.Summarize _ -> {}
            }
        }
    }

    /// Forgets the oldest decisions: those of ids below `oldest`, and those beyond the bound.
    ///
    /// @param from where the oldest lie: what an earlier call returned, so that what was deleted
    ///     since is not waded through
    /// @param most how many records are looked at, at most
    /// @return from where to look the next time
    byte[] trimDecisions(Retention retention, long oldest, byte[] from, int most) throws RocksDBException {
        long excess = decisions - retention.records();
        long surplus = excess <= 0 ? 0 : Math.min(most, excess + Math.min(TRIM_AT_LEAST, retention.records() / 2));
        long gone = 0;
        try (RocksIterator rows = store.database().newIterator(store.family(Family.DECISION))) {
            rows.seek(from);
            while (rows.isValid()
                    && gone < most
                    && (gone < surplus || Keys.id(rows.key()).value() < oldest)) {
                writes.delete(store.family(Family.DECISION), rows.key());
                gone++;
                rows.next();
            }
            rows.status();
            decisions -= gone;
            return rows.isValid() ? rows.key() : from;
        }
    }

    /// Whether more decisions are kept than the bound allows.
    boolean hasExcessOfDecisions(Retention retention) {
        return decisions > retention.records();
    }

    /// The state that holds when this batch is written.
    ///
    /// @param idLimit no id above this one has been handed out
    StateRecord after(long idLimit) {
        return new StateRecord(before.batch() + 1, messages, decisions, serial, idLimit, List.copyOf(removed));
    }

    /// Adds what belongs to each batch: the content of what the last batch removed goes, and the
    /// state is written.
    void finish(StateRecord after) throws RocksDBException {
        for (Gone gone : before.removed()) {
            writes.delete(store.family(gone.inFile() ? Family.FILE : Family.CONTENT), Keys.id(gone.id()));
        }
        for (Segments.Built built : List.copyOf(summaries)) {
            if (!segments.write(built, writes, store)) {
                summaries.remove(built);
            }
        }
        writes.put(store.family(Family.META), STATE, after.encode());
    }

    /// Tells the segments of the summaries that are written.
    void tellSegments() {
        summaries.forEach(segments::written);
    }

    /// Messages that this batch sets aside.
    List<Change.SetAside> aside() {
        return aside;
    }

    void write(WriteOptions options) throws RocksDBException {
        store.database().write(options, writes);
    }

    /// Takes a batch back that is in the database although its write failed: each message has the
    /// record again that it had before.
    ///
    /// @param reopened the database, opened anew
    /// @param survived the state that the failed batch left in it
    /// @return the batch to write first
    Batch undo(Store reopened, StateRecord survived) throws RocksDBException {
        Batch undo = new Batch(
                reopened,
                segments,
                new StateRecord(
                        survived.batch(),
                        before.messages(),
                        survived.decisions(),
                        survived.serial(),
                        survived.idLimit(),
                        List.of()));
        for (Map.Entry<Long, Touched> message : touched.entrySet()) {
            byte[] original = message.getValue().original();
            undo.replace(message.getKey(), message.getValue().current(), original);
            if (original == null) {
                undo.writes.delete(reopened.family(Family.CONTENT), Keys.id(message.getKey()));
                undo.writes.delete(reopened.family(Family.FILE), Keys.id(message.getKey()));
            }
        }
        for (Change.SetAside bad : aside) {
            undo.writes.delete(reopened.family(Family.ASIDE), Keys.id(bad.id().value()));
        }
        return undo;
    }

    @Override
    public void close() {
        writes.close();
    }
}
