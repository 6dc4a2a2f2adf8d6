package dev.postern.tlspolicy.mtasts;

import dev.postern.crypto.Sha256;
import dev.postern.dns.DomainName;
import java.util.Optional;

/// The MTA-STS policy of our domains as it is served.
///
/// @param policy what it says
/// @rfc 8461 §3.2
public record PolicyFile(StsPolicy policy) {
    private static final int ID_OCTETS = 10;

    /// Where it is served, at every host of {@link #host}.
    public static final String PATH = "/.well-known/mta-sts.txt";

    /// The host that serves the policy of a domain; empty if its name is too long for DNS.
    ///
    /// @rfc 8461 §3.3
    public static Optional<DomainName> host(DomainName domain) {
        return domain.below("mta-sts");
    }

    /// Its text, in ASCII.
    ///
    /// ```
    /// sts-policy-record = sts-policy-field *(sts-policy-term sts-policy-field) [sts-policy-term]
    /// ```
    public String text() {
        return String.join("\r\n", policy.lines()) + "\r\n";
    }

    /// What its announcement calls it: another one as soon as the text is another, and only then (RFC 8461 §3.1).
    public String id() {
        return Sha256.name(text(), ID_OCTETS);
    }
}
