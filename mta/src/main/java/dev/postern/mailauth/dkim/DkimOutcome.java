package dev.postern.mailauth.dkim;

import java.util.Locale;

/// What became of a signature, in the words of RFC 8601 §2.7.1.
///
/// @rfc 8601 §2.7.1
public enum DkimOutcome {
    /// The message was not signed.
    NONE,
    /// The signature is right.
    PASS,
    /// The signature could be checked, and is wrong.
    FAIL,
    /// The signature is not acceptable to us.
    POLICY,
    /// The signature cannot be understood.
    NEUTRAL,
    /// The signature cannot be checked now; later it may.
    TEMPERROR,
    /// The signature can never be checked.
    PERMERROR;

    /// The word, in lower case.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
