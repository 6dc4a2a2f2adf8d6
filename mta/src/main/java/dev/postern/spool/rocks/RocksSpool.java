package dev.postern.spool.rocks;

import dev.postern.event.Decision;
import dev.postern.event.Events;
import dev.postern.spool.Content;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.DueEntry;
import dev.postern.spool.QueueId;
import dev.postern.spool.QueueIds;
import dev.postern.spool.SearchTerms;
import dev.postern.spool.Spool;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.rocks.RecordReader.Malformed;
import dev.postern.spool.rocks.Store.Family;
import dev.postern.spool.rocks.Transaction.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/// The spool on a disk. Used by any number of virtual threads, none of which ever waits inside
/// native code: see the essay of this package.
public final class RocksSpool implements Spool {
    /// The folder of the database inside the spool's folder.
    static final String DATABASE = "db";

    private static final byte[] FORMAT = {'f', 'o', 'r', 'm', 'a', 't'};
    private static final byte[] FORMAT_VERSION = {1};

    private final RocksSpoolSettings settings;
    private final InstantSource clock;
    private final FolderLock lock;
    private final FileWork work;
    private final ContentFiles files;
    private final DraftMemory memory;
    private final Room room;
    private final QueueIds ids;
    private final TransactionLine line;
    private final PatienceWatch watch;
    private final OpenStore open;
    private final SpaceCollector collector;
    private final Segments segments;
    private final Indexer indexer;
    private final Committer committer;
    private final Readers readers;
    private final Future<Boolean> swept;

    /// Opens the spool in a folder, and makes it where there is none.
    ///
    /// @param clock what ids, times and the retention of decisions go by
    /// @param events where a {@link SpoolEvent} is told
    /// @throws SpoolException in one sentence, with the folder: in use, not readable, no room,
    ///     written by a newer Postern
    public static RocksSpool open(RocksSpoolSettings settings, InstantSource clock, Events events)
            throws SpoolException {
        return open(settings, clock, events, Disk.real(), Steps.none());
    }

    /// Opens it with another disk for the content files, and with ears for the steps.
    static RocksSpool open(RocksSpoolSettings settings, InstantSource clock, Events events, Disk disk, Steps steps)
            throws SpoolException {
        long began = System.nanoTime();
        Path folder = settings.folder();
        Faults faults = new Faults(folder);
        FileWork work = new FileWork();
        FolderLock lock = null;
        Store store = null;
        try {
            Files.createDirectories(folder);
            lock = FolderLock.take(folder);
            ContentFiles files = new ContentFiles(folder, disk, work, faults, steps);
            Room room = new Room(folder, settings.content().reserve(), disk, System::nanoTime);
            store = Store.open(folder.resolve(DATABASE), settings.memory());
            demandFormat(store, folder);
            StateRecord state = Batch.state(store);
            Segments segments = new Segments(System::nanoTime);
            segments.load(store);
            QueueIds ids = new QueueIds(clock, state.idLimit());
            var parts = new Committer.Parts(settings, ids, clock, files, disk, events, steps);
            RocksSpool spool =
                    new RocksSpool(parts, lock, work, room, new Committer.Opened(store, segments, state, faults));
            events.emit(new SpoolEvent.Opened(folder, state.messages(), Duration.ofNanos(System.nanoTime() - began)));
            return spool;
        } catch (IOException | RocksDBException | Malformed | RuntimeException failed) {
            if (store != null) {
                store.close();
            }
            work.close();
            if (lock != null) {
                lock.close();
            }
            throw switch (failed) {
                case IOException refused -> faults.of(refused);
                case RocksDBException refused -> faults.of(refused);
                case Malformed damaged -> damagedState(folder, damaged);
                default -> throw new IllegalStateException("the spool in " + folder + " does not open", failed);
            };
        }
    }

    private RocksSpool(Committer.Parts parts, FolderLock lock, FileWork work, Room room, Committer.Opened opened)
            throws IOException {
        this.settings = parts.settings();
        this.clock = parts.clock();
        this.files = parts.files();
        this.ids = parts.ids();
        this.lock = lock;
        this.work = work;
        this.room = room;
        this.memory = new DraftMemory(settings.memory().drafts());
        this.line = new TransactionLine(settings.load().waiting());
        this.open = new OpenStore(opened.store(), opened.faults());
        this.collector = new SpaceCollector(open, work, parts.events());
        this.segments = opened.segments();
        this.indexer = new Indexer(new Indexer.Means(open, line, segments, work, clock, ids, this::count));
        this.committer = new Committer(parts, line, open, new Committer.Upkeep(collector, indexer), opened);
        this.readers = new Readers(open);
        this.swept = work.submit(new Sweep(files, open, opened.state(), this::setAside, parts.events()));
        committer.start();
        this.watch = new PatienceWatch(line, settings.load().patience());
    }

    private static void demandFormat(Store store, Path folder) throws RocksDBException, SpoolException {
        byte[] format = store.get(Family.META, FORMAT);
        if (format == null) {
            store.database().put(store.family(Family.META), store.synced(), FORMAT, FORMAT_VERSION);
        } else if (!Arrays.equals(format, FORMAT_VERSION)) {
            throw new SpoolException.Corrupt(
                    "the spool in " + folder + " has format " + HexFormat.of().formatHex(format)
                            + ", this Postern reads format 01: a newer Postern may have written it",
                    null);
        }
    }

    static SpoolException damagedState(Path folder, Malformed damaged) {
        return new SpoolException.Corrupt(
                "the spool in " + folder + " has a state record that cannot be read: " + damaged.getMessage(), damaged);
    }

    @Override
    public QueueId nextId() {
        return ids.next();
    }

    @Override
    public ContentDraft draft(QueueId id) throws SpoolException {
        demandWorking();
        demandRoom();
        ids.pass(id);
        return new Draft(id, this, files, memory, settings.content().threshold());
    }

    /// @throws SpoolException.Full if the reserve is touched
    void demandRoom() throws SpoolException {
        room.demand();
    }

    private void demandWorking() throws SpoolException {
        SpoolException failure = committer.failure();
        if (failure != null) {
            throw Faults.again(failure);
        }
        if (line.isClosed()) {
            throw new SpoolException.TooSlow("the spool is closed");
        }
    }

    @Override
    public void commit(List<SpoolChange> changes) throws SpoolException {
        demandWorking();
        List<Draft> drafts = drafts(changes);
        Transaction transaction = new Transaction(records(changes), false);
        join(transaction);
        transaction.await();
        drafts.forEach(Draft::committed);
    }

    @Override
    public void commitLazily(List<SpoolChange> changes) throws SpoolException {
        demandWorking();
        if (!drafts(changes).isEmpty()) {
            throw new IllegalStateException("a new message is never committed lazily");
        }
        join(new Transaction(records(changes), true));
    }

    private void join(Transaction transaction) throws SpoolException {
        Duration patience = settings.load().patience();
        try {
            switch (line.join(transaction, patience.toNanos())) {
                case JOINED -> {}
                case NO_ROOM ->
                    throw new SpoolException.TooSlow("the line in front of the spool was full for " + patience);
                case CLOSED -> throw new SpoolException.TooSlow("the spool is closed");
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            throw new SpoolException.TooSlow("interrupted in the line in front of the spool");
        }
    }

    /// The drafts of new messages, each checked to be ours and not yet used.
    private List<Draft> drafts(List<SpoolChange> changes) {
        List<Draft> drafts = new ArrayList<>();
        for (SpoolChange change : changes) {
            if (change instanceof SpoolChange.Insert(SpooledMessage message, ContentDraft content)) {
                if (!(content instanceof Draft draft) || draft.spool() != this) {
                    throw new IllegalStateException("a draft of another spool");
                }
                draft.demandUsableFor(message.id());
                if (drafts.contains(draft)) {
                    throw new IllegalStateException("the draft " + draft.id() + " is inserted twice");
                }
                drafts.add(draft);
            }
        }
        return drafts;
    }

    private static List<Change> records(List<SpoolChange> changes) throws SpoolException {
        List<Change> records = new ArrayList<>(changes.size());
        for (SpoolChange change : changes) {
            records.add(
                    switch (change) {
                        case SpoolChange.Insert(SpooledMessage message, ContentDraft content) ->
                            ((Draft) content).insert(message);
                        case SpoolChange.Update(SpooledMessage _, SpooledMessage after) ->
                            new Change.Update(after.id(), MessageRecord.encode(after, false));
                        case SpoolChange.Remove(SpooledMessage message) -> new Change.Remove(message.id());
                        case SpoolChange.Explain(QueueId key, List<Decision> decisions) ->
                            new Change.Explain(key, DecisionRecord.encode(decisions));
                    });
        }
        return records;
    }

    @Override
    public Optional<SpooledMessage> find(QueueId id) throws SpoolException {
        return read(store -> {
            byte[] record = store.get(Family.MESSAGE, Keys.id(id.value()));
            if (record != null) {
                return Optional.of(message(id, record));
            }
            demandNotAside(store, id);
            return Optional.empty();
        });
    }

    @Override
    public List<SpooledMessage> findAll(List<QueueId> ids) throws SpoolException {
        List<byte[]> keys = ids.stream().map(id -> Keys.id(id.value())).toList();
        return read(store -> {
            List<byte[]> records = store.database()
                    .multiGetAsList(Collections.nCopies(keys.size(), store.family(Family.MESSAGE)), keys);
            List<SpooledMessage> found = new ArrayList<>();
            for (int i = 0; i < records.size(); i++) {
                byte[] record = records.get(i);
                if (record != null) {
                    decoded(ids.get(i), record).ifPresent(found::add);
                }
            }
            return found;
        });
    }

    /// The message of a record; empty if it is damaged, and then it is set aside.
    private Optional<SpooledMessage> decoded(QueueId id, byte[] record) {
        try {
            return Optional.of(MessageRecord.decode(id, record));
        } catch (Malformed damaged) {
            setAside(id, "the record of message " + id + " cannot be read: " + damaged.getMessage());
            return Optional.empty();
        }
    }

    private SpooledMessage message(QueueId id, byte[] record) throws SpoolException {
        try {
            return MessageRecord.decode(id, record);
        } catch (Malformed damaged) {
            String why = "the record of message " + id + " cannot be read: " + damaged.getMessage();
            setAside(id, why);
            throw new SpoolException.Corrupt(why, damaged);
        }
    }

    private static void demandNotAside(Store store, QueueId id) throws RocksDBException, SpoolException {
        byte[] record = store.get(Family.ASIDE, Keys.id(id.value()));
        if (record != null) {
            try {
                AsideRecord aside = AsideRecord.decode(record);
                throw new SpoolException.Corrupt(
                        "message " + id + " was set aside at " + aside.at() + ": " + aside.why(), null);
            } catch (Malformed damaged) {
                throw new SpoolException.Corrupt(
                        "message " + id + " was set aside, and why cannot be read: " + damaged.getMessage(), damaged);
            }
        }
    }

    /// Takes a damaged message out of the schedule, soon; if there is no room in the line or the
    /// disk refuses, whoever meets it next does it.
    private void setAside(QueueId id, String why) {
        try {
            if (committer.failure() == null) {
                line.join(new Transaction(List.of(new Change.SetAside(id, why)), true), 0);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Content content(QueueId id) throws SpoolException {
        return read(store -> {
            byte[] small = store.get(Family.CONTENT, Keys.id(id.value()));
            if (small != null) {
                return Content.of(small);
            }
            byte[] large = store.get(Family.FILE, Keys.id(id.value()));
            if (large == null) {
                demandNotAside(store, id);
                throw new SpoolException.Corrupt("there is no content of message " + id, null);
            }
            return fileContent(id, large);
        });
    }

    private Content fileContent(QueueId id, byte[] record) throws SpoolException {
        String why = "the content file of message " + id + " is gone or cut off: " + files.path(id);
        try {
            FileRecord file = FileRecord.decode(record);
            if (files.isWhole(id, file)) {
                return files.content(id, file);
            }
            setAside(id, why);
            throw new SpoolException.Corrupt(why, null);
        } catch (Malformed damaged) {
            throw new SpoolException.Corrupt(
                    "the file record of message " + id + " cannot be read: " + damaged.getMessage(), damaged);
        } catch (IOException failed) {
            throw files.blame(failed);
        }
    }

    @Override
    public List<DueEntry> due(Optional<DueEntry> after, Instant until, int limit) throws SpoolException {
        byte[] first = after.map(
                        entry -> Keys.due(Keys.nanos(entry.due()), entry.id().value() + 1))
                .orElseGet(() -> Keys.due(0, 0));
        return read(store -> {
            List<DueEntry> entries = new ArrayList<>();
            try (RocksIterator rows = store.database().newIterator(store.family(Family.DUE))) {
                for (rows.seek(first); rows.isValid() && entries.size() < limit; rows.next()) {
                    DueEntry entry = Keys.due(rows.key());
                    if (entry.due().isAfter(until)) {
                        break;
                    }
                    entries.add(entry);
                }
                rows.status();
            }
            return entries;
        });
    }

    @Override
    public List<SpooledMessage> list(Optional<QueueId> after, int limit) throws SpoolException {
        byte[] first = Keys.id(after.map(id -> id.value() + 1).orElse(0L));
        return read(store -> {
            List<SpooledMessage> messages = new ArrayList<>();
            try (RocksIterator rows = store.database().newIterator(store.family(Family.MESSAGE))) {
                for (rows.seek(first); rows.isValid() && messages.size() < limit; rows.next()) {
                    decoded(Keys.id(rows.key()), rows.value()).ifPresent(messages::add);
                }
                rows.status();
            }
            return messages;
        });
    }

    @Override
    public Found search(SearchTerms terms, Optional<QueueId> after, int limit) throws SpoolException {
        long first = after.map(id -> id.value() + 1).orElse(0L);
        return read(store -> new IndexSearch(store, terms, this::decoded).from(first, limit, segments));
    }

    @Override
    public long count() {
        return committer.count();
    }

    @Override
    public List<Decision> decisions(QueueId key) throws SpoolException {
        if (key.at().isBefore(clock.instant().minus(settings.retention().time()))) {
            return List.of();
        }
        return read(store -> {
            List<Decision> decisions = new ArrayList<>();
            try (RocksIterator rows = store.database().newIterator(store.family(Family.DECISION))) {
                rows.seek(Keys.decision(key.value(), 0));
                while (rows.isValid() && Keys.id(rows.key()).equals(key)) {
                    decisions.addAll(DecisionRecord.decode(rows.value()));
                    rows.next();
                }
                rows.status();
            } catch (Malformed damaged) {
                throw new SpoolException.Corrupt(
                        "the decisions of " + key + " cannot be read: " + damaged.getMessage(), damaged);
            }
            return decisions;
        });
    }

    /// Messages that were set aside, in the order of their ids, those after `after`; at most
    /// `limit`.
    public List<SetAsideMessage> aside(Optional<QueueId> after, int limit) throws SpoolException {
        byte[] first = Keys.id(after.map(id -> id.value() + 1).orElse(0L));
        return read(store -> {
            List<SetAsideMessage> aside = new ArrayList<>();
            try (RocksIterator rows = store.database().newIterator(store.family(Family.ASIDE))) {
                for (rows.seek(first); rows.isValid() && aside.size() < limit; rows.next()) {
                    QueueId id = Keys.id(rows.key());
                    AsideRecord record = AsideRecord.decode(rows.value());
                    aside.add(new SetAsideMessage(id, record.at(), record.why()));
                }
                rows.status();
            } catch (Malformed damaged) {
                throw new SpoolException.Corrupt(
                        "a message that was set aside cannot be read: " + damaged.getMessage(), damaged);
            }
            return aside;
        });
    }

    /// A message that cannot be delivered since something of it is damaged or gone.
    ///
    /// @param at when that was found
    /// @param why what is wrong, a sentence
    public record SetAsideMessage(QueueId id, Instant at, String why) {}

    /// Asks the database on a reader's thread, after the lazy changes of before.
    private <T> T read(OpenStore.Question<T> question) throws SpoolException {
        long patience = settings.load().patience().toNanos();
        try {
            Transaction lazy = line.lastLazy();
            if (lazy != null && !lazy.isSettled()) {
                demandWorking();
                if (!lazy.awaitSettled(patience)) {
                    demandWorking();
                    throw new SpoolException.TooSlow(
                            "the spool did not write within " + settings.load().patience());
                }
            }
            return readers.ask(question, patience);
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            throw new SpoolException.TooSlow("interrupted while reading the spool");
        }
    }

    /// How much it has to do now; never waits for a write.
    public SpoolLoad load() {
        return new SpoolLoad(
                committer.writeTime(), (double) line.size() / settings.load().waiting(), room.free());
    }

    /// Waits until the files that a crash left are deleted.
    void awaitSweep() throws Exception {
        swept.get();
    }

    /// Waits until the index knows everything that is here now, however young, instead of what has waited for a while.
    ///
    /// @throws IOException if it cannot be written now
    public void awaitIndex() throws IOException {
        indexer.finish();
    }

    /// How many segments the index has.
    int segments() {
        return segments.size();
    }

    /// Octets of memory that drafts could still take.
    long draftMemoryLeft() {
        return memory.left();
    }

    /// How many transactions stand in the line.
    int waiting() {
        return line.size();
    }

    /// Ends as a crash would: nothing more is written.
    void abandon() {
        line.close();
        committer.abandon();
        release();
    }

    @Override
    public void close() {
        committer.close();
        release();
    }

    private void release() {
        watch.close();
        collector.cancel();
        work.close();
        readers.close();
        open.close();
        lock.close();
    }
}
