package dev.postern.mailauth.dmarc;

import java.util.Locale;

/// What DMARC came to.
///
/// @rfc 9989 §9.2
public enum DmarcOutcome {
    /// No policy record holds for the author's domain.
    NONE,
    /// A domain aligned with the author's is vouched for.
    PASS,
    /// None is.
    FAIL,
    /// DNS did not answer; a later attempt may know.
    TEMPERROR,
    /// It cannot be said, and a later attempt would not help: the author or the record is
    /// malformed.
    PERMERROR;

    /// The word in an Authentication-Results field.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
