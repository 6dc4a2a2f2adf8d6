package dev.postern.tls;

import dev.postern.crypto.Identity;
import dev.postern.dns.DomainName;
import java.util.Optional;

/// The certificates that prove to an authority that a name is ours: shown to clients that offer the protocol
/// `acme-tls/1`, and to nobody else; asked by all handshakes at once.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8737 RFC 8737 §3
@FunctionalInterface
public interface ChallengeIdentities {
    /// The protocol's name in ALPN.
    String PROTOCOL = "acme-tls/1";

    /// The certificate for a name; empty where none is awaited.
    Optional<Identity> identity(DomainName name);

    /// None at all.
    static ChallengeIdentities none() {
        return name -> Optional.empty();
    }
}
