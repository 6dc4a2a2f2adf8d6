package dev.postern.feedback;

import dev.postern.dns.DomainName;
import java.util.regex.Pattern;

/// What tells a report and its file from all others.
///
/// @param submitter who reports
/// @param domain whom it is about
/// @param period the time that it is about
/// @param id its Report-ID
/// @rfc 9990 §3.5.1, §3.5.2
/// @rfc 8460 §5.1
record ReportName(DomainName submitter, DomainName domain, ReportPeriod period, String id) {
    private static final int LONGEST_ID = 250;

    private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
    private static final String ATOMS = ATOM + "(?:\\." + ATOM + ")*+";
    private static final Pattern FORM = Pattern.compile(ATOMS + "(?:@" + ATOMS + ")?");

    /// @throws IllegalArgumentException if the id has not the form of RFC 9990 §3.5.1
    ReportName {
        if (!isDotAtoms(id)) {
            throw new IllegalArgumentException("not a report id: " + id);
        }
    }

    /// Whether a text may name a report or a message.
    ///
    /// ```
    /// ridfmt = (dot-atom-text ["@" dot-atom-text])
    /// ```
    static boolean isDotAtoms(String text) {
        return text.length() <= LONGEST_ID && FORM.matcher(text).matches();
    }

    /// The same name in the form of a message id, its host being who reports.
    ///
    /// ```
    /// "Report-ID:" FWS "<" id-left "@" id-right ">"
    /// ```
    ///
    /// @rfc 8460 §5.3
    ReportName atHost() {
        return id.indexOf('@') >= 0 ? this : new ReportName(submitter, domain, period, id + "@" + submitter);
    }

    /// The name of the file.
    ///
    /// ```
    /// filename  = receiver "!" policy-domain "!" begin-timestamp
    ///             "!" end-timestamp [ "!" unique-id ] "." extension
    /// unique-id = 1*(ALPHA / DIGIT)
    /// ```
    String fileName(String extension) {
        // the unique id is that of the report or is not there (RFC 9990 §3.1.4)
        boolean unique = id.matches("[A-Za-z0-9]+");
        return submitter + "!" + domain + "!" + period.begin().getEpochSecond() + "!"
                + period.end().getEpochSecond() + (unique ? "!" + id : "") + "." + extension;
    }
}
