package dev.postern.delivery;

import dev.postern.intake.Intake;
import dev.postern.smtp.Handling;
import dev.postern.smtp.Mailbox;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;

/// Where reports go into the spool: the door that every message comes through.
@FunctionalInterface
public interface Reports {
    /// A report, with null reverse-path, ready to be committed together with what it is about.
    ///
    /// @param content header and body with CRLF line ends
    /// @param handling how it is to be handled on its way
    Prepared prepare(Mailbox to, byte[] content, Handling handling) throws SpoolException;

    /// Through the intake that all mail comes through.
    static Reports through(Intake intake) {
        return (to, content, handling) -> {
            dev.postern.intake.Prepared prepared = intake.report(to, content, handling);
            return new Prepared() {
                @Override
                public QueueId id() {
                    return prepared.message().id();
                }

                @Override
                public SpoolChange insert() {
                    return prepared.insert();
                }

                @Override
                public void handOver() {
                    prepared.handOver();
                }

                @Override
                public void close() {
                    prepared.close();
                }
            };
        };
    }

    /// A message that only has to be committed. Used by one thread; closing it without having
    /// committed it forgets it.
    interface Prepared extends AutoCloseable {
        /// Its name.
        QueueId id();

        /// The change that brings it into the spool.
        SpoolChange insert();

        /// Hands it on to the queue; after the commit.
        void handOver();

        @Override
        void close();
    }
}
