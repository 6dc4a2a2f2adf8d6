package dev.postern.spool.rocks;

import dev.postern.event.Events;
import dev.postern.spool.QueueId;
import dev.postern.spool.rocks.Store.Family;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.rocksdb.RocksIterator;

/// What is done once after opening, beside the work: content files that a crash left without a
/// message are deleted, and a message whose content file is gone is set aside.
///
/// It looks at ids from before the start only, and so never at a message that is coming in. Its
/// memory is eight octets and some a content file.
final class Sweep implements FileWork.Job<Boolean> {
    private final ContentFiles files;
    private final OpenStore open;
    private final StateRecord start;
    private final SetAside setAside;
    private final Events events;

    /// Takes a message out of the schedule.
    @FunctionalInterface
    interface SetAside {
        void setAside(QueueId id, String why);
    }

    Sweep(ContentFiles files, OpenStore open, StateRecord start, SetAside setAside, Events events) {
        this.files = files;
        this.open = open;
        this.start = start;
        this.setAside = setAside;
        this.events = events;
    }

    @Override
    public Boolean run() throws IOException {
        Set<Long> removed = start.removed().stream().map(StateRecord.Gone::id).collect(Collectors.toSet());
        Set<Long> unnamed = new TreeSet<>();
        files.forEach(id -> {
            if (id <= start.idLimit()) {
                unnamed.add(id);
            }
        });
        Set<Long> missing = open.read(store -> {
            Set<Long> none = new TreeSet<>();
            try (RocksIterator rows = store.database().newIterator(store.family(Family.FILE))) {
                for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                    long id = Keys.id(rows.key()).value();
                    if (id <= start.idLimit() && !removed.contains(id) && !unnamed.remove(id)) {
                        none.add(id);
                    }
                }
                rows.status();
            }
            return none;
        });
        for (long id : missing) {
            QueueId message = new QueueId(id);
            setAside.setAside(message, "the content file of message " + message + " is gone: " + files.path(message));
        }
        for (long id : unnamed) {
            QueueId message = new QueueId(id);
            files.delete(message);
            events.emit(new SpoolEvent.LeftoverDeleted(files.path(message)));
        }
        return !missing.isEmpty() || !unnamed.isEmpty();
    }
}
