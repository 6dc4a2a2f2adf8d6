package dev.postern.mailauth.spf;

import java.util.Locale;

/// What a check comes to.
///
/// @rfc 7208 §2.6
public enum SpfOutcome {
    /// There is no domain to check, or it publishes no record.
    NONE,
    /// The domain says nothing about this client.
    NEUTRAL,
    /// The client may send in the name of the domain.
    PASS,
    /// The client may not.
    FAIL,
    /// The client probably may not.
    SOFTFAIL,
    /// DNS did not answer; trying later may help.
    TEMPERROR,
    /// What the domain publishes cannot be understood, or asks for too much.
    PERMERROR;

    /// The word in header fields: `none`, `neutral`, `pass`, `fail`, `softfail`, `temperror` or
    /// `permerror`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
