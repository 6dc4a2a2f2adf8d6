package dev.postern.mailauth.dmarc;

import dev.postern.dns.DomainName;

/// The policy record that holds for a domain, and where it stands.
///
/// @param domain the domain whose record it is
/// @param source what that domain is to the author's
/// @rfc 9989 §4.10.1
public record PublishedPolicy(DomainName domain, Source source, DmarcRecord record) {
    /// What is to be done with a message that fails, of an author's domain that exists: one step
    /// milder than what is asked while the owner tests it (`t=y`).
    public DmarcPolicy forFailure() {
        DmarcPolicy asked = record.policies()
                .map(policies -> source == Source.AUTHOR ? policies.domain() : policies.forSubdomain())
                .orElse(DmarcPolicy.NONE);
        return record.testing() ? asked.milder() : asked;
    }

    /// Where a policy comes from, the preferred first.
    public enum Source {
        /// From the author's domain itself.
        AUTHOR,
        /// From the organizational domain above it.
        ORGANIZATION,
        /// From the public suffix above that.
        PUBLIC_SUFFIX
    }
}
