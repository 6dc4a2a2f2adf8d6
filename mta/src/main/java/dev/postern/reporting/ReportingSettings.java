package dev.postern.reporting;

import dev.postern.dns.DomainName;
import dev.postern.reportstore.ReportClaim;
import dev.postern.smtp.Mailbox;
import java.util.Set;

/// In whose name reports are sent.
///
/// @param submitter the name of this server
/// @param from the author of our reports, in a domain that we sign for
/// @param organization who we are, in words
/// @param kinds which kinds are sent
public record ReportingSettings(DomainName submitter, Mailbox from, String organization, Set<ReportClaim.Kind> kinds) {
    public ReportingSettings {
        kinds = Set.copyOf(kinds);
    }

    /// Whether reports of a kind are sent.
    public boolean sends(ReportClaim.Kind kind) {
        return kinds.contains(kind);
    }
}
