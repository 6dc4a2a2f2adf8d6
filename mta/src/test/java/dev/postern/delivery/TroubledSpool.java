package dev.postern.delivery;

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
import java.util.concurrent.atomic.AtomicBoolean;

/// A spool whose disk is full when a test says so: it can be read, and takes no change.
final class TroubledSpool implements Spool {
    private final Spool spool;
    private final AtomicBoolean refuses = new AtomicBoolean();

    TroubledSpool(Spool spool) {
        this.spool = spool;
    }

    void refuse(boolean now) {
        refuses.set(now);
    }

    private void demandRoom() throws SpoolException {
        if (refuses.get()) {
            throw new SpoolException.Full("the disk of the test is full", null);
        }
    }

    @Override
    public QueueId nextId() {
        return spool.nextId();
    }

    @Override
    public ContentDraft draft(QueueId id) throws SpoolException {
        demandRoom();
        return spool.draft(id);
    }

    @Override
    public void commit(List<SpoolChange> changes) throws SpoolException {
        demandRoom();
        spool.commit(changes);
    }

    @Override
    public void commitLazily(List<SpoolChange> changes) throws SpoolException {
        demandRoom();
        spool.commitLazily(changes);
    }

    @Override
    public Optional<SpooledMessage> find(QueueId id) throws SpoolException {
        return spool.find(id);
    }

    @Override
    public List<SpooledMessage> findAll(List<QueueId> ids) throws SpoolException {
        return spool.findAll(ids);
    }

    @Override
    public Content content(QueueId id) throws SpoolException {
        return spool.content(id);
    }

    @Override
    public List<DueEntry> due(Optional<DueEntry> after, Instant until, int limit) throws SpoolException {
        return spool.due(after, until, limit);
    }

    @Override
    public List<SpooledMessage> list(Optional<QueueId> after, int limit) throws SpoolException {
        return spool.list(after, limit);
    }

    @Override
    public long count() {
        return spool.count();
    }

    @Override
    public List<Decision> decisions(QueueId key) throws SpoolException {
        return spool.decisions(key);
    }

    @Override
    public void close() {
        spool.close();
    }
}
