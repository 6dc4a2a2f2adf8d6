package dev.postern.mailauth.dmarc;

import java.util.Locale;

/// What the owner of a domain wants done with a message that fails DMARC, from mild to strict.
///
/// @rfc 9989 §4.7
public enum DmarcPolicy {
    /// Nothing in particular.
    NONE,
    /// To be treated as suspicious.
    QUARANTINE,
    /// Not to be taken.
    REJECT;

    /// The policy one step milder, as a domain that tests its policy (`t=y`) wants.
    public DmarcPolicy milder() {
        return switch (this) {
            case NONE, QUARANTINE -> NONE;
            case REJECT -> QUARANTINE;
        };
    }

    /// The word as it stands in records and reports: `none`, `quarantine`, `reject`.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
