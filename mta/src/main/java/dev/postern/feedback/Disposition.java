package dev.postern.feedback;

import java.util.Locale;

/// What was done with messages because of DMARC.
///
/// @rfc 9990 §3.1.1.9
public enum Disposition {
    /// Nothing: no policy asked for it, or it was overridden.
    NONE,
    /// Nothing, since the messages passed; there was a policy that would have asked for something.
    PASS,
    /// They were treated as suspicious.
    QUARANTINE,
    /// They were refused.
    REJECT;

    /// The word in reports.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
