package dev.postern.spool;

import dev.postern.event.Decision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The durable store of accepted messages and of their schedule; used by any number of virtual
/// threads.
///
/// The schedule holds one entry for each message that is due at some time ({@link
/// SpooledMessage#due()}), kept by the spool itself with each change. Changes happen in the order
/// in which they were asked for; what is read contains each change whose call has returned, lazy
/// ones too. A message is on disk, and so may be read, shortly before the commit that brought it
/// returns.
///
/// An update or a removal of a message that is not there changes nothing: its removal came first. A
/// draft of another spool, of another id, or one that is used up is our own mistake: {@link
/// IllegalStateException}, and nothing has happened.
public interface Spool extends AutoCloseable {
    /// A new id, greater than all before, also across restarts.
    QueueId nextId();

    /// Room for the content of a message to come.
    ///
    /// @throws SpoolException.Full if there is no room even now
    ContentDraft draft(QueueId id) throws SpoolException;

    /// Makes changes as one, and returns when they are on disk to stay; on any exception none has
    /// happened.
    ///
    /// @throws SpoolException.Full if there is no room on the disk
    /// @throws SpoolException.TooSlow if the disk does not keep up, or the spool is closed
    /// @throws SpoolException.Broken if the disk refuses
    void commit(List<SpoolChange> changes) throws SpoolException;

    /// Makes changes as one, soon: in the order of the calls, on disk with the next commit or
    /// within a second. A crash before that undoes them, so only for changes whose repetition is
    /// harmless: never for a new message ({@link IllegalStateException}).
    void commitLazily(List<SpoolChange> changes) throws SpoolException;

    /// A message by its id.
    Optional<SpooledMessage> find(QueueId id) throws SpoolException;

    /// Those of several messages that are there and can be read, by one look, in any order; whoever misses one learns
    /// from {@link #find(QueueId)} why.
    List<SpooledMessage> findAll(List<QueueId> ids) throws SpoolException;

    /// The content of a message that is in the spool.
    ///
    /// @throws SpoolException.Corrupt if it is not there
    Content content(QueueId id) throws SpoolException;

    /// Entries of the schedule in order, those after `after` and due at or before `until`; at most
    /// `limit`.
    List<DueEntry> due(Optional<DueEntry> after, Instant until, int limit) throws SpoolException;

    /// Messages in the order of their ids, those after `after`, held and pending alike; at most
    /// `limit`.
    List<SpooledMessage> list(Optional<QueueId> after, int limit) throws SpoolException;

    /// Messages in the order of their ids, those after `after`, of which all for which the terms hold are among those
    /// found; others may be, as many as it takes. A spool that keeps no index finds all messages.
    ///
    /// @param limit how many messages at most
    default Found search(SearchTerms terms, Optional<QueueId> after, int limit) throws SpoolException {
        List<SpooledMessage> messages = list(after, limit);
        return new Found(
                messages,
                messages.size() < limit
                        ? Optional.empty()
                        : Optional.of(messages.getLast().id()));
    }

    /// A part of what was looked for.
    ///
    /// @param next what to look on after; empty where there is nothing more
    record Found(List<SpooledMessage> messages, Optional<QueueId> next) {}

    /// How many messages there are; may lag behind by the changes under way.
    long count();

    /// The decisions kept under a queue or session id, oldest first; none if unknown or expired.
    List<Decision> decisions(QueueId key) throws SpoolException;

    /// Ends: waits for the changes under way; later calls throw {@link SpoolException.TooSlow}.
    @Override
    void close();
}
