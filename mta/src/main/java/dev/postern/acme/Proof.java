package dev.postern.acme;

import dev.postern.crypto.Identity;
import dev.postern.dns.DomainName;

/// What an authority looks for to see that a name is ours.
sealed interface Proof {
    /// A page below `/.well-known/acme-challenge/`.
    ///
    /// @rfc 8555 §8.3
    record HttpPage(String token, String content) implements Proof {}

    /// A certificate for clients of the protocol `acme-tls/1`.
    ///
    /// @rfc 8737 §3
    record TlsCertificate(DomainName name, Identity identity) implements Proof {}

    /// A TXT record.
    ///
    /// @param record below `_acme-challenge`
    /// @rfc 8555 §8.4
    record TextRecord(DomainName record, String value) implements Proof {}
}
