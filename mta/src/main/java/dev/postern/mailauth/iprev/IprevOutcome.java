package dev.postern.mailauth.iprev;

import java.util.Locale;

/// What the method `iprev` came to.
///
/// @rfc 8601 §2.7.3
public enum IprevOutcome {
    /// A name of the address leads back to it.
    PASS,
    /// The address has names, and none leads back.
    FAIL,
    /// DNS did not answer; a later attempt may know.
    TEMPERROR,
    /// The address has no name.
    PERMERROR;

    /// The word in an Authentication-Results field.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
