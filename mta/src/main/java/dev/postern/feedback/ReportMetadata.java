package dev.postern.feedback;

import java.util.List;
import java.util.Optional;

/// Who made a report: `report_metadata`.
///
/// Texts are made harmless: one line each, no control characters, at most {@value Words#LONGEST}
/// chars.
///
/// @param organization the name of the reporter, `org_name`
/// @param email whom to ask about the report
/// @param extraContact another way to the reporter
/// @param reportId unique among the reports of this reporter on this domain
/// @param period what time the report is about
/// @param errors what went wrong with the policy record, at most {@value #MOST_ERRORS}
/// @param generator the program that made the report
/// @rfc 9990 §3.1.1.3
public record ReportMetadata(
        String organization,
        String email,
        Optional<String> extraContact,
        String reportId,
        ReportPeriod period,
        List<String> errors,
        Optional<String> generator) {
    /// The most errors that a report names.
    public static final int MOST_ERRORS = 20;

    /// @throws IllegalArgumentException if the organization, the address or the id is empty, or
    ///     there are too many errors
    public ReportMetadata {
        organization = Words.required(organization, "name of the reporter");
        email = Words.required(email, "address of the reporter");
        extraContact = Words.optional(extraContact);
        reportId = Words.required(reportId, "report id");
        errors = errors.stream()
                .map(Words::clean)
                .filter(error -> !error.isEmpty())
                .toList();
        generator = Words.optional(generator);
        if (errors.size() > MOST_ERRORS) {
            throw new IllegalArgumentException(errors.size() + " errors, allowed are " + MOST_ERRORS);
        }
    }
}
