package dev.postern.smtpserver;

import java.util.Optional;

/// What some clients may do that others may not: speak for others, and ask for more than that mail is taken.
///
/// @param intermediaries who speaks for others
/// @param etrn who asks for waiting mail
/// @param lookups what our own users and hosts are told by VRFY and EXPN; empty: as little as strangers
public record Front(Intermediaries intermediaries, EtrnRights etrn, Optional<Lookups> lookups) {
    /// Nobody may do anything of that.
    public static Front none() {
        return new Front(Intermediaries.none(), EtrnRights.none(), Optional.empty());
    }
}
