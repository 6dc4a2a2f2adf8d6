package dev.postern.feedback;

import java.util.regex.Pattern;

/// The form of the names that tell reports apart, `ridfmt`.
///
/// @rfc 9990 §3.5.1
final class ReportId {
    private static final int LONGEST = 250;

    private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
    private static final String ATOMS = ATOM + "(?:\\." + ATOM + ")*+";
    private static final Pattern FORM = Pattern.compile(ATOMS + "(?:@" + ATOMS + ")?");

    private ReportId() {}

    /// Whether a text has that form.
    ///
    /// ```
    /// ridfmt = (dot-atom-text ["@" dot-atom-text])
    /// ```
    static boolean isDotAtoms(String text) {
        return text.length() <= LONGEST && FORM.matcher(text).matches();
    }
}
