package dev.postern.smtpserver;

import dev.postern.event.Decision;
import dev.postern.spool.Content;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.DueEntry;
import dev.postern.spool.QueueId;
import dev.postern.spool.Spool;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/// A spool that knows which drafts are open, and that can be told to fail.
final class WatchedSpool implements Spool {

    /// A step at which the spool can be told to fail.
    enum Step {
        DRAFT,
        WRITE,
        COMMIT
    }

    /// What goes wrong, and where.
    record Trouble(Step step, SpoolException exception) {}

    private final Spool inner;
    private final Set<QueueId> open = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Optional<Trouble>> trouble = new AtomicReference<>(Optional.empty());

    WatchedSpool(Spool inner) {
        this.inner = inner;
    }

    /// From now on a step fails.
    void fail(Step step, SpoolException exception) {
        trouble.set(Optional.of(new Trouble(step, exception)));
    }

    /// From now on nothing fails.
    void recover() {
        trouble.set(Optional.empty());
    }

    /// Drafts that were neither committed nor closed.
    Set<QueueId> open() {
        return Set.copyOf(open);
    }

    private void stumble(Step step) throws SpoolException {
        Optional<Trouble> now = trouble.get();
        if (now.isPresent() && now.get().step() == step) {
            throw now.get().exception();
        }
    }

    @Override
    public QueueId nextId() {
        return inner.nextId();
    }

    @Override
    public ContentDraft draft(QueueId id) throws SpoolException {
        stumble(Step.DRAFT);
        ContentDraft draft = inner.draft(id);
        open.add(id);
        return new Watched(draft);
    }

    @Override
    public void commit(List<SpoolChange> changes) throws SpoolException {
        stumble(Step.COMMIT);
        inner.commit(unwrapped(changes));
        for (SpoolChange change : changes) {
            if (change instanceof SpoolChange.Insert insert) {
                open.remove(insert.message().id());
            }
        }
    }

    @Override
    public void commitLazily(List<SpoolChange> changes) throws SpoolException {
        inner.commitLazily(unwrapped(changes));
    }

    private static List<SpoolChange> unwrapped(List<SpoolChange> changes) {
        return changes.stream()
                .map(change -> change instanceof SpoolChange.Insert(var message, Watched watched)
                        ? new SpoolChange.Insert(message, watched.draft)
                        : change)
                .toList();
    }

    @Override
    public Optional<SpooledMessage> find(QueueId id) throws SpoolException {
        return inner.find(id);
    }

    @Override
    public List<SpooledMessage> findAll(List<QueueId> ids) throws SpoolException {
        return inner.findAll(ids);
    }

    @Override
    public Content content(QueueId id) throws SpoolException {
        return inner.content(id);
    }

    @Override
    public List<DueEntry> due(Optional<DueEntry> after, Instant until, int limit) throws SpoolException {
        return inner.due(after, until, limit);
    }

    @Override
    public List<SpooledMessage> list(Optional<QueueId> after, int limit) throws SpoolException {
        return inner.list(after, limit);
    }

    @Override
    public long count() {
        return inner.count();
    }

    @Override
    public List<Decision> decisions(QueueId key) throws SpoolException {
        return inner.decisions(key);
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("the session does not own the spool");
    }

    private final class Watched implements ContentDraft {
        private final ContentDraft draft;

        Watched(ContentDraft draft) {
            this.draft = draft;
        }

        @Override
        public QueueId id() {
            return draft.id();
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws SpoolException {
            stumble(Step.WRITE);
            draft.write(octets, offset, length);
        }

        @Override
        public long size() {
            return draft.size();
        }

        @Override
        public Content content() throws SpoolException {
            return draft.content();
        }

        @Override
        public void close() {
            open.remove(draft.id());
            draft.close();
        }
    }
}
