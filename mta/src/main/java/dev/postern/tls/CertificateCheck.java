package dev.postern.tls;

import dev.postern.wire.PeerCheck;
import java.security.cert.X509Certificate;
import java.util.List;

/// Looks at the certificates of a server once the handshake is done, before anything else is said; used by any number
/// of threads.
///
/// It never ends a session: whether what it finds is enough is for whoever opened the session to say, so that the same
/// check serves where a proof is demanded and where it is only noted.
@FunctionalInterface
public interface CertificateCheck {
    /// What these certificates prove.
    ///
    /// @param chain as the server has sent them, its own first; empty where it has shown none
    PeerCheck check(List<X509Certificate> chain);

    /// Looks at nothing: opportunistic encryption (RFC 7435).
    static CertificateCheck none() {
        return chain -> new PeerCheck.NotLooked();
    }
}
