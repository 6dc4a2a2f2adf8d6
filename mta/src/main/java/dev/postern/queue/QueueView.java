package dev.postern.queue;

import dev.postern.spool.QueueId;
import dev.postern.spool.SearchTerms;
import dev.postern.spool.Spool;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Shows what is queued, page by page, whatever its size; used by any number of threads.
public final class QueueView {
    private static final int WINDOW = 500;
    private static final int MOST_PER_PAGE = 200_000;

    private final MailQueue queue;
    private final Spool spool;
    private final Sorter sorter;

    /// @param sorter tells the lanes of messages that are not in memory
    public QueueView(MailQueue queue, Spool spool, Sorter sorter) {
        this.queue = queue;
        this.spool = spool;
        this.sorter = sorter;
    }

    /// A queued message.
    ///
    /// @param lanes the lane of each recipient, empty text where nothing is left to do
    /// @param active whether it is in memory: waiting in a lane, or being delivered
    public record Row(SpooledMessage message, List<String> lanes, boolean active) {}

    /// Part of a listing.
    ///
    /// @param next what to list after; empty where this was the last page. A page with a next one
    ///     may be short, even empty, where few of many messages are meant
    public record Page(List<Row> rows, Optional<QueueId> next) {}

    /// A page of the messages that are meant, in the order of their ids.
    ///
    /// @param after where the page before ended
    /// @param limit how many rows at most, 1 or more
    public Page page(QueueFilter filter, Optional<QueueId> after, int limit) throws SpoolException {
        List<Row> rows = new ArrayList<>();
        SearchTerms terms = filter.terms(sorter);
        Optional<QueueId> last = after;
        for (int read = 0; read < MOST_PER_PAGE; ) {
            Spool.Found found = spool.search(terms, last, WINDOW);
            for (SpooledMessage message : found.messages()) {
                last = Optional.of(message.id());
                Row row = row(message);
                if (filter.matches(message, row.lanes())) {
                    rows.add(row);
                    if (rows.size() == limit) {
                        return new Page(rows, last);
                    }
                }
            }
            if (found.next().isEmpty()) {
                return new Page(rows, Optional.empty());
            }
            last = found.next();
            read += Math.max(1, found.messages().size());
        }
        return new Page(rows, last);
    }

    /// One message.
    public Optional<Row> find(QueueId id) throws SpoolException {
        return spool.find(id).map(this::row);
    }

    /// The lanes in which a message waits.
    public Set<String> lanes(SpooledMessage message) {
        Set<String> lanes = new TreeSet<>(sorter.lanes(message));
        lanes.remove("");
        return lanes;
    }

    private Row row(SpooledMessage message) {
        return new Row(message, sorter.lanes(message), queue.isActive(message.id()));
    }
}
