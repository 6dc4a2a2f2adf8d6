package dev.postern.policy;

import dev.postern.dns.DomainName;
import java.util.Set;

/// What is done with the results of SPF, DKIM, DMARC and ARC.
///
/// @param authservId the name that our results carry (RFC 8601 §2.5)
/// @param obey whether mail that fails DMARC is treated as the domain of its author asks; otherwise it is only marked
/// @param quarantine what is done with mail that such a domain wants to have looked at with suspicion
/// @param deferOnDnsFailure whether mail is put off when DNS cannot tell now whether it passes
/// @param trustedForwarders networks whose mail is only marked: mailing lists and forwarders that break signatures
/// @param trustedSealers domains whose ARC seal vouches for what had passed before them
public record AuthenticationSettings(
        DomainName authservId,
        boolean obey,
        Quarantine quarantine,
        boolean deferOnDnsFailure,
        NetworkSet trustedForwarders,
        Set<DomainName> trustedSealers) {
    /// What quarantine is here.
    public enum Quarantine {
        /// The mail is delivered; the result stands in its header, for the reader's filter.
        MARK,
        /// It is kept in the queue until an operator releases it.
        HOLD,
        /// It is refused.
        REFUSE
    }

    public AuthenticationSettings {
        trustedSealers = Set.copyOf(trustedSealers);
    }
}
