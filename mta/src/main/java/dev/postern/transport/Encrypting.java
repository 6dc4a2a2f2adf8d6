package dev.postern.transport;

import dev.postern.dns.DomainName;
import dev.postern.tls.CertificateCheck;
import dev.postern.tls.ClientTls;
import dev.postern.tlspolicy.TlsRequirement;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.hops.HopPolicy;
import java.util.Optional;

/// How sessions with other servers are protected.
///
/// @param policy decides what each must have
/// @param tls encrypts
/// @param dane matches certificates with TLSA records
/// @param trials told of how each session went
public record Encrypting(HopPolicy policy, Handshakes tls, DaneMatching dane, TlsTrial.Observer trials) {
    /// The manner of the handshakes with each destination; used by any number of threads.
    @FunctionalInterface
    public interface Handshakes {
        /// That with the hosts of a mail domain, or with a given host; empty for a host without a name.
        ClientTls with(Optional<DomainName> destination);
    }

    /// Matches certificates with TLSA records; used by any number of threads.
    @FunctionalInterface
    public interface DaneMatching {
        /// The check whether a certificate is what the records say.
        CertificateCheck check(TlsRequirement.Dane wanted);
    }
}
