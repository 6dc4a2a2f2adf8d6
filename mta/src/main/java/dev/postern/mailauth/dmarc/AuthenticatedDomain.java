package dev.postern.mailauth.dmarc;

import dev.postern.dns.DomainName;

/// A domain that an authentication of the message leads to.
///
/// @param domain the domain of MAIL FROM for SPF (never that of HELO, unless the reverse-path is
///     null), the `d=` of a signature for DKIM
/// @param mechanism what vouches for it
/// @rfc 9989 §3.2.1
public record AuthenticatedDomain(DomainName domain, Mechanism mechanism) {
    /// The ways to authenticate that DMARC knows.
    public enum Mechanism {
        /// The sender's address is allowed to send for the domain (RFC 7208).
        SPF,
        /// The domain has signed the message (RFC 6376).
        DKIM
    }

    @Override
    public String toString() {
        return mechanism + " " + domain;
    }
}
