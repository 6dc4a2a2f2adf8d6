package dev.postern.delivery;

import dev.postern.dns.DomainName;
import dev.postern.dsn.Action;
import dev.postern.event.Event;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.QueueId;
import dev.postern.transport.DeliveryOutcome.Remote;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What happened on the way out.
public sealed interface DeliveryEvent extends Event {
    /// One recipient of one attempt.
    ///
    /// @param originally the address as it was accepted, where an alias led to another
    /// @param size octets of the message as it is sent
    /// @param attempts attempts made for this recipient, this one included
    /// @param age time since the message was accepted
    /// @param took time that the attempt took
    record Stop(
            QueueId id,
            ReversePath from,
            ForwardPath to,
            Optional<String> originally,
            String lane,
            long size,
            int attempts,
            Duration age,
            Duration took) {}

    /// It arrived in an inbox, or with a next hop that took it over.
    record Delivered(Stop stop, String how, Optional<Remote> remote, boolean relayed) implements DeliveryEvent {}

    /// It did not arrive; it will be tried again.
    record Deferred(Stop stop, EnhancedStatus status, String why, Optional<Remote> remote, Instant next)
            implements DeliveryEvent {}

    /// It was not tried, since its next hop is down; it will be looked at again.
    record PassedOver(Stop stop, String why, Instant next) implements DeliveryEvent {}

    /// It failed for good.
    ///
    /// @param report what became of the report on it
    record Bounced(Stop stop, EnhancedStatus status, String why, Optional<Remote> remote, Told report)
            implements DeliveryEvent {}

    /// It could not be delivered for so long that it is given up.
    record Expired(Stop stop, EnhancedStatus status, String why, Optional<Remote> remote, Told report)
            implements DeliveryEvent {}

    /// The queue was gone through for a domain whose host has asked for its mail.
    ///
    /// @param messages that are tried now
    record Started(DomainName domain, long messages) implements DeliveryEvent {}

    /// The queue could not be gone through for such a domain.
    record NotStarted(DomainName domain, String why) implements DeliveryEvent {}

    /// Whether the sender is told of a failure.
    enum Told {
        /// By a report.
        REPORTED,
        /// He did not want to be.
        NOT_WANTED,
        /// There is none: the message is itself a report (RFC 5321 §6.1).
        NO_SENDER
    }

    /// A failed message came from the null path, and so vanishes here; what it was is in the log
    /// only.
    record BounceDropped(Stop stop, String why) implements DeliveryEvent {}

    /// A report is in the queue.
    ///
    /// @param about the message that it is about
    record Reported(QueueId report, QueueId about, Mailbox to, Action action, int recipients)
            implements DeliveryEvent {}

    /// A report on a success could not be stored and is left out.
    record ReportLost(QueueId about, Action action, String why) implements DeliveryEvent {}

    /// We made a mistake: a router, a transport or this package threw. The attempt counts as
    /// deferred.
    record Broke(QueueId id, String lane, Throwable cause) implements DeliveryEvent {}

    /// We made a mistake in one of the threads that keep the rest going; it goes on.
    record Stumbled(String thread, Throwable cause) implements DeliveryEvent {}

    /// An operator did something to a message.
    ///
    /// @param what such as `held`, `released`, `retried`, `removed`, `bounced`, `moved`
    record Operated(QueueId id, String what) implements DeliveryEvent {}

    /// An operator has ordered something for all messages of some kind; it is done bit by bit.
    ///
    /// @param job its number
    /// @param what is done, such as `hold`
    /// @param which messages are meant, in words
    record JobBegan(long job, String what, String which) implements DeliveryEvent {}

    /// Such an order has come to its end.
    ///
    /// @param how `done`, `cancelled` or `failed`
    /// @param done messages that were changed
    /// @param busy messages that could not be, since they were being delivered
    /// @param held messages that could not be, since they are held
    record JobEnded(long job, String what, String how, long done, long busy, long held) implements DeliveryEvent {}

    /// What is left of such orders could not be written down, or read.
    record JobsUnwritten(String why) implements DeliveryEvent {}

    /// Sending has ended.
    ///
    /// @param cutOff attempts that had to be broken off
    record Stopped(int cutOff) implements DeliveryEvent {}
}
