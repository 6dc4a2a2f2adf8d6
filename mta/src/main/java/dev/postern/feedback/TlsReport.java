package dev.postern.feedback;

import java.util.List;
import java.util.Optional;

/// An SMTP TLS report: how the sessions of a sender with the servers of a domain went.
///
/// Texts are made harmless, as in {@link ReportMetadata}.
///
/// @param organization the name of the reporter
/// @param period what time it is about
/// @param contact whom to ask about the report; some reporters leave it out
/// @param reportId unique among the reports of this reporter
/// @param policies at least one
/// @spec https://www.rfc-editor.org/rfc/rfc8460 RFC 8460
public record TlsReport(
        String organization,
        ReportPeriod period,
        Optional<String> contact,
        String reportId,
        List<TlsPolicyResult> policies) {
    /// @throws IllegalArgumentException if the organization or the id is empty, or there is no
    ///     policy
    public TlsReport {
        organization = Words.required(organization, "name of the reporter");
        contact = Words.optional(contact);
        reportId = Words.required(reportId, "report id");
        policies = List.copyOf(policies);
        if (policies.isEmpty()) {
            throw new IllegalArgumentException("a report without a policy");
        }
    }
}
