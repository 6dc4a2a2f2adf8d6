package dev.postern.spool.rocks;

import dev.postern.spool.rocks.RecordReader.Malformed;
import dev.postern.spool.rocks.Store.Family;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/// The segments of the index, as far as memory holds them: some 100 octets for 512 messages. Touched by the committer,
/// the indexer and the readers; `lock` guards every field.
///
/// A segment is all messages from its first id up to the first of the next one; the last one ends at `end`. Messages
/// from there on are in none yet: they are as a rule gone before they would be. A segment is *stale* once a message of
/// it has come or changed since it was summarized: it is searched by reading its messages. The committer puts a mark of
/// that into the batch that changes the message, one for each segment and not for each message.
///
/// The indexer *claims* ids, reads their messages, and hands a summary to the committer. What changes
/// meanwhile is noted in the claim, and leaves the segment stale.
final class Segments {
    /// Messages in a segment, as it is made.
    static final int MESSAGES = 512;

    /// Recipients in a segment, as it is made, but at least one message.
    static final int RECIPIENTS = 8192;

    private static final long NONE = -1;
    private static final long QUIET = TimeUnit.SECONDS.toNanos(5);
    private static final long AT_LAST = TimeUnit.MINUTES.toNanos(1);
    private static final int WORN_TO = 4;
    private static final long SLACK = 8L * MESSAGES;

    private static final int HEAD = 0;
    private static final int STALE = 100;
    private static final int END = 101;

    private final LongSupplier ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Long, Segment> byFirst = new TreeMap<>();
    private final TreeSet<Long> worn = new TreeSet<>();

    /// Changed by the committer alone, which reads it without the lock.
    private long end;

    private long live;
    private long looked;
    private @Nullable Claim claim;

    /// The lowest id within the claim that has changed since.
    private long lowestChanged = Long.MAX_VALUE;

    /// No id from here on is of interest; read without the lock by the committer, for each message.
    private volatile long reach;

    private static final class Segment {
        private final long earliest;
        private final boolean held;
        private final long counted;
        private long live;
        private boolean stale;
        private long staleSince;
        private long changedAt;

        Segment(Summary head, boolean stale, long now) {
            this.earliest = head.earliest();
            this.held = head.held();
            this.counted = head.messages();
            this.live = head.messages();
            this.stale = stale;
            this.staleSince = now;
            this.changedAt = now;
        }

        boolean isWorn() {
            return stale || (counted > 0 && live * WORN_TO <= counted);
        }
    }

    /// Ids whose messages are being summarized.
    ///
    /// @param from the first
    /// @param until the one after the last
    record Claim(long from, long until) {}

    /// A summary that the indexer has made.
    ///
    /// @param cut the first id that it knows nothing of
    record Built(Claim claim, long cut, Summary summary) {}

    /// Part of the ids.
    ///
    /// @param from its first
    /// @param until the one after its last
    /// @param stale whether its messages must be read
    record Range(long from, long until, boolean stale, long earliest, boolean held) {}

    Segments(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /// Forgets everything, and learns it from a database.
    void load(Store store) throws RocksDBException {
        lock.lock();
        try {
            forget();
            byte[] last = store.get(Family.INDEX, Keys.index(END, 0));
            end = last == null ? 0 : ByteBuffer.wrap(last).getLong();
            reach = end;
            try (RocksIterator rows = store.database().newIterator(store.family(Family.INDEX))) {
                for (rows.seek(Keys.index(HEAD, 0)); isOf(HEAD, rows); rows.next()) {
                    add(Keys.indexed(rows.key()), segment(rows.value()));
                }
                for (rows.seek(Keys.index(STALE, 0)); isOf(STALE, rows); rows.next()) {
                    wear(Keys.indexed(rows.key()));
                }
                rows.status();
            }
            if (end > 0 && !byFirst.containsKey(0L)) {
                add(0, new Segment(Summary.of(List.of()), true, ticker.getAsLong()));
            }
        } finally {
            lock.unlock();
        }
    }

    private static boolean isOf(int kind, RocksIterator rows) {
        return rows.isValid() && rows.key()[0] == kind;
    }

    private Segment segment(byte[] head) {
        long now = ticker.getAsLong();
        try {
            return new Segment(Summary.ofHead(head), false, now);
        } catch (Malformed another) {
            return new Segment(Summary.of(List.of()), true, now); // of another version, or damaged: made anew
        }
    }

    private void add(long first, Segment segment) {
        byFirst.put(first, segment);
        live += segment.live;
        if (segment.isWorn()) {
            worn.add(first);
        }
    }

    private void wear(long first) {
        Segment segment = byFirst.get(first);
        if (segment != null) {
            segment.stale = true;
            worn.add(first);
        }
    }

    /// Nothing is known any more, until it is loaded: every search reads messages.
    void forget() {
        lock.lock();
        try {
            byFirst.clear();
            worn.clear();
            live = 0;
            claim = null;
        } finally {
            lock.unlock();
        }
    }

    /// A message comes or changes in the batch that is being made.
    ///
    /// @return the first id of a segment to be marked in it as stale, below 0 if none is
    long changes(long id) {
        if (id >= reach) {
            return NONE;
        }
        lock.lock();
        try {
            noteInClaim(id);
            Map.Entry<Long, Segment> entry = id < end ? byFirst.floorEntry(id) : null;
            if (entry == null) {
                return NONE;
            }
            Segment segment = entry.getValue();
            segment.changedAt = ticker.getAsLong();
            if (segment.stale) {
                return NONE;
            }
            segment.stale = true;
            segment.staleSince = segment.changedAt;
            worn.add(entry.getKey());
            return entry.getKey();
        } finally {
            lock.unlock();
        }
    }

    private void noteInClaim(long id) {
        if (claim != null && id >= claim.from && id < claim.until) {
            lowestChanged = Math.min(lowestChanged, id);
        }
    }

    /// A message goes in the batch that is being made.
    void removes(long id) {
        if (id >= end) {
            return;
        }
        lock.lock();
        try {
            Map.Entry<Long, Segment> entry = byFirst.floorEntry(id);
            if (entry != null && entry.getValue().live > 0) {
                Segment segment = entry.getValue();
                segment.live--;
                live--;
                segment.changedAt = ticker.getAsLong();
                if (segment.isWorn()) {
                    worn.add(entry.getKey());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Marks a segment in a batch as stale.
    static void mark(WriteBatch writes, Store store, long first) throws RocksDBException {
        writes.put(store.family(Family.INDEX), Keys.index(STALE, first), new byte[0]);
    }

    /// Segments to be summarized anew, those that have been quiet for a while.
    ///
    /// @param messages how many there are in the spool: if the segments believe in many more, as they do when
    ///     the process ended after removals, they are looked at one after the other
    List<Long> worn(int most, long messages, boolean atOnce) {
        lock.lock();
        try {
            long now = ticker.getAsLong();
            List<Long> firsts = new ArrayList<>();
            for (long first : worn) {
                Segment segment = byFirst.get(first);
                if (segment != null && (atOnce || isQuiet(segment, now)) && firsts.size() < most) {
                    firsts.add(first);
                }
            }
            if (firsts.isEmpty() && live > messages + messages / 2 + SLACK) {
                byFirst.tailMap(looked, false).keySet().stream().limit(most).forEach(firsts::add);
                looked = firsts.isEmpty() ? NONE : firsts.getLast();
            }
            return firsts;
        } finally {
            lock.unlock();
        }
    }

    private static boolean isQuiet(Segment segment, long now) {
        return now - segment.changedAt >= QUIET || (segment.stale && now - segment.staleSince >= AT_LAST);
    }

    /// Claims the ids of a segment, and of those behind it as long as all together are not more than one; null if it is
    /// not there any more.
    @Nullable
    Claim claim(long first) {
        lock.lock();
        try {
            Segment segment = byFirst.get(first);
            if (segment == null) {
                return null;
            }
            long together = segment.live;
            Map.Entry<Long, Segment> next = byFirst.higherEntry(first);
            while (next != null && together + next.getValue().live <= MESSAGES) {
                together += next.getValue().live;
                next = byFirst.higherEntry(next.getKey());
            }
            return begin(new Claim(first, next == null ? end : next.getKey()));
        } finally {
            lock.unlock();
        }
    }

    /// Claims the ids that are in no segment yet.
    ///
    /// @param fresh the first id that is too young
    @Nullable
    Claim claimEnd(long fresh) {
        lock.lock();
        try {
            return fresh <= end ? null : begin(new Claim(end, fresh));
        } finally {
            lock.unlock();
        }
    }

    private Claim begin(Claim begun) {
        claim = begun;
        lowestChanged = Long.MAX_VALUE;
        reach = Math.max(end, begun.until);
        return begun;
    }

    /// Nothing comes of a claim.
    void giveUp(Claim begun) {
        lock.lock();
        try {
            if (begun.equals(claim)) {
                claim = null;
                reach = end;
            }
        } finally {
            lock.unlock();
        }
    }

    /// Writes a summary; {@link #written} follows when the batch is written.
    ///
    /// @return whether it still holds
    boolean write(Built built, WriteBatch writes, Store store) throws RocksDBException {
        lock.lock();
        try {
            if (!built.claim.equals(claim)) {
                return false;
            }
            var family = store.family(Family.INDEX);
            for (long first :
                    byFirst.subMap(built.claim.from, built.claim.until).keySet()) {
                writes.delete(family, Keys.index(STALE, first));
                writes.delete(family, Keys.index(HEAD, first));
                for (Summary.Column column : Summary.Column.values()) {
                    writes.delete(family, key(column, first));
                }
            }
            if (isKept(built)) {
                writes.put(family, Keys.index(HEAD, built.claim.from), built.summary.head());
                for (Map.Entry<Summary.Column, byte[]> column :
                        built.summary.columns().entrySet()) {
                    writes.put(family, key(column.getKey(), built.claim.from), column.getValue());
                }
                if (isStale(built)) {
                    mark(writes, store, built.claim.from);
                }
            }
            if (leavesRest(built)) {
                writes.put(
                        family,
                        Keys.index(HEAD, built.cut),
                        Summary.of(List.of()).head());
                mark(writes, store, built.cut);
            }
            if (built.cut > end) {
                byte[] last = ByteBuffer.allocate(Long.BYTES).putLong(built.cut).array();
                writes.put(family, Keys.index(END, 0), last);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// The key of a column of a segment.
    static byte[] key(Summary.Column column, long first) {
        return Keys.index(column.kind(), first);
    }

    private boolean isStale(Built built) {
        return lowestChanged < built.cut;
    }

    /// An empty segment is none: its ids go to the one before.
    private boolean isKept(Built built) {
        return built.summary.messages() > 0 || built.claim.from == 0 || isStale(built);
    }

    private boolean leavesRest(Built built) {
        return built.cut < built.claim.until && built.claim.until <= end;
    }

    /// A summary is in the database.
    void written(Built built) {
        lock.lock();
        try {
            long now = ticker.getAsLong();
            for (long first : List.copyOf(
                    byFirst.subMap(built.claim.from, built.claim.until).keySet())) {
                Segment gone = byFirst.remove(first);
                live -= gone == null ? 0 : gone.live;
                worn.remove(first);
            }
            if (isKept(built)) {
                add(built.claim.from, new Segment(built.summary, isStale(built), now));
                if (!isStale(built)) {
                    worn.remove(built.claim.from);
                }
            }
            if (leavesRest(built)) {
                add(built.cut, new Segment(Summary.of(List.of()), true, now));
            }
            end = Math.max(end, built.cut);
            reach = end;
            claim = null;
        } finally {
            lock.unlock();
        }
    }

    /// The ids from one on, in order, at most so many parts; the last part is that of the ids without a
    /// segment, if it is among them.
    List<Range> ranges(long from, int most) {
        lock.lock();
        try {
            List<Range> ranges = new ArrayList<>();
            Long first = byFirst.floorKey(from);
            long at = 0;
            if (first != null) {
                for (Map.Entry<Long, Segment> each :
                        byFirst.tailMap(first, true).entrySet()) {
                    if (ranges.size() == most) {
                        return ranges;
                    }
                    Long next = byFirst.higherKey(each.getKey());
                    at = next == null ? end : next;
                    Segment segment = each.getValue();
                    ranges.add(new Range(each.getKey(), at, segment.stale, segment.earliest, segment.held));
                }
            }
            ranges.add(new Range(at, Long.MAX_VALUE, true, 0, true));
            return ranges;
        } finally {
            lock.unlock();
        }
    }

    /// How many segments there are.
    int size() {
        lock.lock();
        try {
            return byFirst.size();
        } finally {
            lock.unlock();
        }
    }
}
