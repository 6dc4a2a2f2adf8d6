package dev.postern.spool;

import dev.postern.event.Decision;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The spool without a disk: what the contract means, in its shortest form. Nothing in it survives
/// the process.
///
/// Touched by any number of threads; `lock` guards every field that changes.
public final class MemorySpool implements Spool {
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final InstantSource clock;
    private final Retention retention;
    private final long capacity;
    private final QueueIds ids;

    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<QueueId, Stored> messages = new TreeMap<>();
    private final TreeSet<DueEntry> schedule = new TreeSet<>();
    private final TreeMap<QueueId, List<List<Decision>>> explained = new TreeMap<>();
    private long records;
    private long octets;
    private boolean closed;

    @SuppressWarnings("ArrayRecordComponent") // neither compared nor changed
    private record Stored(SpooledMessage message, byte[] content) {}

    /// A spool without a limit that keeps decisions as long as is usual.
    public MemorySpool(InstantSource clock) {
        this(clock, Retention.byDefault(), NO_LIMIT);
    }

    /// @param capacity how many octets of content fit; beyond it the spool is full
    public MemorySpool(InstantSource clock, Retention retention, long capacity) {
        this.clock = clock;
        this.retention = retention;
        this.capacity = capacity;
        this.ids = new QueueIds(clock, -1);
    }

    @Override
    public QueueId nextId() {
        return ids.next();
    }

    @Override
    public ContentDraft draft(QueueId id) throws SpoolException {
        lock.lock();
        try {
            demandOpen();
            demandRoom(0);
        } finally {
            lock.unlock();
        }
        ids.pass(id);
        return new Draft(id);
    }

    @Override
    public void commit(List<SpoolChange> changes) throws SpoolException {
        lock.lock();
        try {
            demandOpen();
            demandRoom(check(changes));
            changes.forEach(this::apply);
            forgetOldDecisions();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void commitLazily(List<SpoolChange> changes) throws SpoolException {
        if (changes.stream().anyMatch(SpoolChange.Insert.class::isInstance)) {
            throw new IllegalStateException("a new message is never committed lazily");
        }
        commit(changes);
    }

    private void demandOpen() throws SpoolException {
        if (closed) {
            throw new SpoolException.TooSlow("the spool is closed");
        }
    }

    private void demandRoom(long more) throws SpoolException {
        if (octets + more >= capacity) {
            throw new SpoolException.Full(
                    "the spool in memory has room for " + capacity + " octets and holds " + octets, null);
        }
    }

    /// How many octets of content come in; everything that could be wrong is found here, before
    /// anything is changed.
    private long check(List<SpoolChange> changes) {
        long more = 0;
        Set<ContentDraft> drafts = Collections.newSetFromMap(new IdentityHashMap<>());
        for (SpoolChange change : changes) {
            if (change instanceof SpoolChange.Insert(SpooledMessage message, ContentDraft content)) {
                if (!(content instanceof Draft draft) || draft.spool() != this) {
                    throw new IllegalStateException("a draft of another spool");
                }
                draft.demandUsableFor(message.id());
                if (!drafts.add(draft)) {
                    throw new IllegalStateException("the draft " + draft.id() + " is inserted twice");
                }
                more += draft.size();
            }
        }
        return more;
    }

    private void apply(SpoolChange change) {
        switch (change) {
            case SpoolChange.Insert(SpooledMessage message, ContentDraft content) -> {
                byte[] written = ((Draft) content).spend();
                messages.put(message.id(), new Stored(message, written));
                octets += written.length;
                plan(message);
            }
            case SpoolChange.Update(SpooledMessage _, SpooledMessage after) -> {
                Stored stored = messages.get(after.id());
                if (stored != null) {
                    unplan(stored.message());
                    messages.put(after.id(), new Stored(after, stored.content()));
                    plan(after);
                }
            }
            case SpoolChange.Remove(SpooledMessage message) -> {
                Stored stored = messages.remove(message.id());
                if (stored != null) {
                    unplan(stored.message());
                    octets -= stored.content().length;
                }
            }
            case SpoolChange.Explain(QueueId key, List<Decision> decisions) -> {
                explained.computeIfAbsent(key, _ -> new ArrayList<>()).add(decisions);
                records++;
            }
        }
    }

    private void plan(SpooledMessage message) {
        message.due().ifPresent(due -> schedule.add(new DueEntry(due, message.id())));
    }

    private void unplan(SpooledMessage message) {
        message.due().ifPresent(due -> schedule.remove(new DueEntry(due, message.id())));
    }

    private void forgetOldDecisions() {
        while (!explained.isEmpty() && (records > retention.records() || isExpired(explained.firstKey()))) {
            records -= explained.pollFirstEntry().getValue().size();
        }
    }

    private boolean isExpired(QueueId key) {
        return key.at().isBefore(clock.instant().minus(retention.time()));
    }

    @Override
    public Optional<SpooledMessage> find(QueueId id) throws SpoolException {
        return read(() -> Optional.ofNullable(messages.get(id)).map(Stored::message));
    }

    @Override
    public List<SpooledMessage> findAll(List<QueueId> ids) throws SpoolException {
        return read(() -> ids.stream()
                .map(messages::get)
                .filter(Objects::nonNull)
                .map(Stored::message)
                .toList());
    }

    @Override
    public Content content(QueueId id) throws SpoolException {
        Stored stored = read(() -> Optional.ofNullable(messages.get(id)))
                .orElseThrow(() -> new SpoolException.Corrupt("there is no content of message " + id, null));
        return Content.of(stored.content());
    }

    @Override
    public List<DueEntry> due(Optional<DueEntry> after, Instant until, int limit) throws SpoolException {
        return read(() -> {
            // A loop: a stream over part of a tree asks for its size first, and counts all of it.
            List<DueEntry> found = new ArrayList<>();
            for (DueEntry entry :
                    after.map(last -> schedule.tailSet(last, false)).orElse(schedule)) {
                if (found.size() == limit || entry.due().isAfter(until)) {
                    break;
                }
                found.add(entry);
            }
            return found;
        });
    }

    @Override
    public List<SpooledMessage> list(Optional<QueueId> after, int limit) throws SpoolException {
        return read(() -> {
            List<SpooledMessage> found = new ArrayList<>();
            for (Stored stored : after.map(id -> messages.tailMap(id, false))
                    .orElse(messages)
                    .values()) {
                if (found.size() == limit) {
                    break;
                }
                found.add(stored.message());
            }
            return found;
        });
    }

    @Override
    public long count() {
        lock.lock();
        try {
            return messages.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Decision> decisions(QueueId key) throws SpoolException {
        return read(() -> isExpired(key)
                ? List.of()
                : explained.getOrDefault(key, List.of()).stream()
                        .flatMap(List::stream)
                        .toList());
    }

    private <T> T read(java.util.function.Supplier<T> question) throws SpoolException {
        lock.lock();
        try {
            demandOpen();
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /// Content on its way in, in an array that grows.
    private final class Draft implements ContentDraft {
        private static final int FIRST = 4096;

        private final QueueId id;
        private byte @Nullable [] octets = new byte[FIRST];
        private int size;
        private boolean complete;

        Draft(QueueId id) {
            this.id = id;
        }

        MemorySpool spool() {
            return MemorySpool.this;
        }

        void demandUsableFor(QueueId message) {
            if (octets == null) {
                throw new IllegalStateException("the draft " + id + " has been closed or committed");
            }
            if (!id.equals(message)) {
                throw new IllegalStateException("the draft " + id + " is not of message " + message);
            }
        }

        byte[] spend() {
            byte[] all = written();
            octets = null;
            return all;
        }

        private byte[] written() {
            byte[] array = octets;
            if (array == null) {
                throw new IllegalStateException("the draft " + id + " has been closed or committed");
            }
            return Arrays.copyOf(array, size);
        }

        @Override
        public QueueId id() {
            return id;
        }

        @Override
        public void write(byte[] source, int offset, int length) throws SpoolException {
            byte[] array = octets;
            if (array == null || complete) {
                throw new IllegalStateException("the draft " + id + " takes no more");
            }
            if (size + (long) length > Math.min(capacity, Integer.MAX_VALUE / 2)) {
                throw new SpoolException.Full("message " + id + " does not fit into memory", null);
            }
            if (size + length > array.length) {
                array = Arrays.copyOf(array, Math.max(size + length, 2 * array.length));
                octets = array;
            }
            System.arraycopy(source, offset, array, size, length);
            size += length;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public Content content() {
            complete = true;
            return Content.of(written());
        }

        @Override
        public void close() {
            octets = null;
        }
    }
}
