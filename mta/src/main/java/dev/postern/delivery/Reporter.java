package dev.postern.delivery;

import dev.postern.dsn.Action;
import dev.postern.dsn.DsnComposer;
import dev.postern.dsn.RecipientReport;
import dev.postern.dsn.Report;
import dev.postern.event.Events;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.spool.Content;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Has the reports written that judgements ask for, one for each thing to tell; used by any
/// number of threads.
final class Reporter {
    private final DsnComposer composer;
    private final Reports reports;

    Reporter(DsnComposer composer, Reports reports) {
        this.composer = composer;
        this.reports = reports;
    }

    /// Reports that are written, but not yet in the spool; closing it forgets those that were not
    /// committed.
    ///
    /// @param written each with the event that tells of it
    record Written(List<One> written) implements AutoCloseable {
        record One(Reports.Prepared prepared, DeliveryEvent.Reported event) {}

        /// The changes that bring them into the spool.
        List<SpoolChange> inserts() {
            return written.stream().map(one -> one.prepared().insert()).toList();
        }

        /// Tells of them; after the commit.
        void tell(Events events) {
            written.forEach(one -> events.emit(one.event()));
        }

        /// Hands them to the queue; after the commit.
        void handOver() {
            written.forEach(one -> one.prepared().handOver());
        }

        @Override
        public void close() {
            written.forEach(one -> one.prepared().close());
        }
    }

    /// Writes the reports on a message.
    ///
    /// @throws SpoolException if there is no room for one: then none is written
    Written write(SpooledMessage message, Optional<Content> content, List<Judgement.Telling> tellings, Instant now)
            throws SpoolException {
        Map<Action, List<RecipientReport>> byAction = new EnumMap<>(Action.class);
        for (Judgement.Telling telling : tellings) {
            byAction.computeIfAbsent(telling.action(), _ -> new ArrayList<>()).add(telling.report());
        }
        List<Written.One> written = new ArrayList<>();
        try {
            for (Map.Entry<Action, List<RecipientReport>> entry : byAction.entrySet()) {
                written.add(one(new Report(message, content, entry.getKey(), entry.getValue(), now)));
            }
            return new Written(List.copyOf(written));
        } catch (SpoolException | RuntimeException e) {
            new Written(written).close();
            throw e;
        }
    }

    private Written.One one(Report report) throws SpoolException {
        return switch (report.message().reversePath()) {
            case Mailbox to -> {
                Reports.Prepared prepared = reports.prepare(
                        to,
                        composer.compose(report),
                        report.message().parameters().handling().ofReport());
                yield new Written.One(
                        prepared,
                        new DeliveryEvent.Reported(
                                prepared.id(),
                                report.message().id(),
                                to,
                                report.action(),
                                report.recipients().size()));
            }
            case NullPath() -> throw new IllegalStateException("a report to the null path");
        };
    }
}
