package dev.postern.reporting;

import dev.postern.dns.DomainName;
import dev.postern.event.Event;
import dev.postern.reportstore.ReportClaim;
import dev.postern.smtp.Mailbox;
import dev.postern.spool.QueueId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/// What happens with reports.
public sealed interface ReportingEvent extends Event {
    /// A report on a day is in our queue.
    ///
    /// @param id the message that carries it
    record AggregateReportSent(DomainName domain, LocalDate day, QueueId id, List<Mailbox> to, long messages)
            implements ReportingEvent {
        public AggregateReportSent {
            to = List.copyOf(to);
        }
    }

    /// There will be no report on a day.
    record AggregateReportDropped(DomainName domain, LocalDate day, long messages, String why)
            implements ReportingEvent {}

    /// A report waits for DNS.
    record AggregateReportPutOff(DomainName domain, LocalDate day, String why) implements ReportingEvent {}

    /// A report on one message is in our queue.
    ///
    /// @param id the message that carries it
    /// @param about the message that failed
    record FailureReportSent(DomainName domain, QueueId id, List<Mailbox> to, QueueId about) implements ReportingEvent {
        public FailureReportSent {
            to = List.copyOf(to);
        }
    }

    /// A report on one message was not sent.
    record FailureReportDropped(DomainName domain, QueueId about, String why) implements ReportingEvent {}

    /// A report on the sessions of a day has been taken.
    ///
    /// @param to the places that have taken it
    record TlsReportSent(DomainName domain, LocalDate day, List<String> to, long sessions) implements ReportingEvent {
        public TlsReportSent {
            to = List.copyOf(to);
        }
    }

    /// There will be no report on the sessions of a day.
    record TlsReportDropped(DomainName domain, LocalDate day, long sessions, String why) implements ReportingEvent {}

    /// A report on the sessions of a day waits, for DNS or because nobody has taken it yet.
    ///
    /// @param next when it is tried again
    record TlsReportPutOff(DomainName domain, LocalDate day, String why, Instant next) implements ReportingEvent {}

    /// A report of somebody else has come.
    ///
    /// @param author the domain that it is authentic for
    /// @param isNew whether it was not there already
    record ReportReceived(
            QueueId id, ReportClaim.Kind kind, String reporter, Optional<DomainName> author, boolean isNew)
            implements ReportingEvent {}

    /// A report about one of our messages has come.
    ///
    /// @param id the message that carries it
    /// @param about the message that it is about
    record FeedbackTied(QueueId id, QueueId about, String what) implements ReportingEvent {}

    /// Messages or sessions stand in no report, since there were too many domains.
    ///
    /// @param what `messages` or `sessions`
    /// @param count how many since the server started
    record ObservationsBeyond(String what, long count) implements ReportingEvent {}

    /// Lines of the ledger could not be read when the server started: one was being written when it died, or more.
    record LedgerLinesUnread(int lines) implements ReportingEvent {}

    /// We made a mistake with the report on a domain, which is not sent.
    record ReportingMistake(DomainName domain, Throwable mistake) implements ReportingEvent {}

    /// The disk or the spool refused something that belongs to reports; what was counted stays in memory.
    record ReportingTrouble(String why) implements ReportingEvent {}
}
