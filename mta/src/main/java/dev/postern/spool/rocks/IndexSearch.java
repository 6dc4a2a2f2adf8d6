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
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
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
                RocksIterator rows = store.database().newIterator(store.family(Family.MESSAGE), options)) {
            long at = first;
            for (Range range : segments.ranges(first, MOST_SEGMENTS)) {
                if (range.stale() || mayHold(range, options)) {
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

    private boolean mayHold(Range range, ReadOptions options) throws RocksDBException {
        boolean tooLate = terms.arrivedBefore()
                .filter(time -> range.earliest() >= Keys.nanos(time))
                .isPresent();
        if (tooLate || (terms.held() && !range.held())) {
            return false;
        }
        return mayOccur(Column.PROBLEM, terms.problem(), range, options)
                && mayOccur(Column.SENDER, terms.sender(), range, options)
                && mayOccur(Column.RECIPIENT, terms.recipient(), range, options)
                && mayMeetHosts(range, options);
    }

    private boolean mayOccur(Column column, Optional<String> text, Range range, ReadOptions options)
            throws RocksDBException {
        if (text.isEmpty()) {
            return true;
        }
        byte[] filter = column(column, range, options);
        return filter == null
                || (text.get().equals("<>")
                        ? GramFilter.mayBe(filter, text.get())
                        : GramFilter.mayOccur(filter, text.get()));
    }

    private boolean mayMeetHosts(Range range, ReadOptions options) throws RocksDBException {
        if (pairs.isEmpty()) {
            return true;
        }
        byte[] list = column(Column.HOSTS, range, options);
        try {
            return list == null || pairs.get().mayBeMeant(list);
        } catch (Malformed damaged) {
            return true; // the messages themselves tell
        }
    }

    private byte @org.jspecify.annotations.Nullable [] column(Column column, Range range, ReadOptions options)
            throws RocksDBException {
        return store.database().get(store.family(Family.INDEX), options, Segments.key(column, range.from()));
    }
}
