package dev.postern.spool.rocks;

import dev.postern.spool.QueueId;
import dev.postern.spool.SearchTerms;
import dev.postern.spool.Spool.Found;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.rocks.RecordReader.Malformed;
import dev.postern.spool.rocks.Segments.Range;
import dev.postern.spool.rocks.Store.Family;
import dev.postern.spool.rocks.Summary.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/// A search for messages that reads those of the segments alone in which something may be found; used by one thread.
final class IndexSearch {
    /// How many segments are looked at before a reader's thread is given back.
    private static final int MOST_SEGMENTS = 4000;

    private final Store store;
    private final SearchTerms terms;
    private final BiFunction<QueueId, byte[], Optional<SpooledMessage>> decoder;
    private final Optional<HostPairs> pairs;

    /// @param decoder the message of a record, empty if it is damaged
    IndexSearch(Store store, SearchTerms terms, BiFunction<QueueId, byte[], Optional<SpooledMessage>> decoder) {
        this.store = store;
        this.terms = terms;
        this.decoder = decoder;
        this.pairs = terms.hosts().map(HostPairs::new);
    }

    /// Looks on from an id.
    Found from(long first, int limit, Segments segments) throws RocksDBException {
        List<SpooledMessage> messages = new ArrayList<>();
        // Its blocks would drive those out of the cache that deliveries need.
        try (ReadOptions options = new ReadOptions().setFillCache(false);
                RocksIterator rows = store.database().newIterator(store.family(Family.MESSAGE), options);
                Columns columns = new Columns(store, options)) {
            long at = first;
            for (Range range : segments.ranges(first, MOST_SEGMENTS)) {
                if (range.stale() || mayHold(range, columns)) {
                    rows.seek(Keys.id(Math.max(at, range.from())));
                    while (rows.isValid() && Keys.id(rows.key()).value() < range.until()) {
                        QueueId id = Keys.id(rows.key());
                        if (messages.size() == limit) {
                            return new Found(messages, Optional.of(new QueueId(at - 1)));
                        }
                        at = id.value() + 1;
                        decoder.apply(id, rows.value()).ifPresent(messages::add);
                        rows.next();
                    }
                    rows.status();
                }
                if (range.until() == Long.MAX_VALUE) {
                    return new Found(messages, Optional.empty());
                }
                at = Math.max(at, range.until());
            }
            return new Found(messages, Optional.of(new QueueId(at - 1)));
        }
    }

    private boolean mayHold(Range range, Columns columns) throws RocksDBException {
        boolean tooLate = terms.arrivedBefore()
                .filter(time -> range.earliest() >= Keys.nanos(time))
                .isPresent();
        if (tooLate || (terms.held() && !range.held())) {
            return false;
        }
        return mayOccur(Column.PROBLEM, terms.problem(), range, columns)
                && mayOccur(Column.SENDER, terms.sender(), range, columns)
                && mayOccur(Column.RECIPIENT, terms.recipient(), range, columns)
                && mayMeetHosts(range, columns);
    }

    private boolean mayOccur(Column column, Optional<String> text, Range range, Columns columns)
            throws RocksDBException {
        if (text.isEmpty()) {
            return true;
        }
        byte[] filter = columns.of(column, range);
        return filter == null
                || (text.get().equals("<>")
                        ? GramFilter.mayBe(filter, text.get())
                        : GramFilter.mayOccur(filter, text.get()));
    }

    private boolean mayMeetHosts(Range range, Columns columns) throws RocksDBException {
        if (pairs.isEmpty()) {
            return true;
        }
        byte[] list = columns.of(Column.HOSTS, range);
        try {
            return list == null || pairs.get().mayBeMeant(list);
        } catch (Malformed damaged) {
            return true; // the messages themselves tell
        }
    }

    /// What the columns say of segments, which are asked for in their order: as a rule it is the next row that is
    /// wanted, and a step is many times cheaper than a look-up of its own.
    private static final class Columns implements AutoCloseable {
        private final Store store;
        private final ReadOptions options;
        private final Map<Column, RocksIterator> rows = new EnumMap<>(Column.class);

        Columns(Store store, ReadOptions options) {
            this.store = store;
            this.options = options;
        }

        /// Null if there is nothing.
        byte @Nullable [] of(Column column, Range range) throws RocksDBException {
            RocksIterator row = rows.computeIfAbsent(
                    column, _ -> store.database().newIterator(store.family(Family.INDEX), options));
            byte[] wanted = Segments.key(column, range.from());
            if (row.isValid()) {
                row.next();
            }
            if (!isAt(wanted, row)) {
                row.seek(wanted);
            }
            row.status();
            return isAt(wanted, row) ? row.value() : null;
        }

        private static boolean isAt(byte[] key, RocksIterator row) {
            return row.isValid() && Arrays.equals(row.key(), key);
        }

        @Override
        public void close() {
            rows.values().forEach(RocksIterator::close);
        }
    }
}
