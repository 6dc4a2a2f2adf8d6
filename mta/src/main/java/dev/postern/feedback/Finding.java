package dev.postern.feedback;

import java.util.List;

/// What a message turned out to be.
///
/// Who sent a report is not looked at here: anybody can send any report, so the caller believes one
/// as far as the message that carried it is authentic.
public sealed interface Finding {
    /// A DMARC aggregate report.
    ///
    /// @param remarks what in it was passed over, a sentence each
    record Aggregate(AggregateReport report, List<String> remarks) implements Finding {
        public Aggregate {
            remarks = List.copyOf(remarks);
        }
    }

    /// An SMTP TLS report.
    ///
    /// @param remarks what in it was passed over, a sentence each
    record Tls(TlsReport report, List<String> remarks) implements Finding {
        public Tls {
            remarks = List.copyOf(remarks);
        }
    }

    /// A complaint, or a report of a failed authentication.
    record Abuse(AbuseReport report) implements Finding {}

    /// A delivery status notification.
    record Delivery(DeliveryReport report) implements Finding {}

    /// Something else.
    ///
    /// @param why a sentence for a human
    record NoReport(String why) implements Finding {}

    /// What wants to be a report and cannot be read as one.
    ///
    /// @param why a sentence for a human
    record Broken(String why) implements Finding {}
}
