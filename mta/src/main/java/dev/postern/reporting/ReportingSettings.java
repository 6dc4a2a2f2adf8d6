package dev.postern.reporting;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Mailbox;

/// In whose name reports are sent.
///
/// @param submitter the name of this server
/// @param from the author of our reports, in a domain that we sign for
/// @param organization who we are, in words
/// @param wanted which kinds are sent
public record ReportingSettings(DomainName submitter, Mailbox from, String organization, Wanted wanted) {
    /// Kinds of reports.
    ///
    /// @param aggregate one a day for each domain
    /// @param failures one for a message that failed
    public record Wanted(boolean aggregate, boolean failures) {}
}
