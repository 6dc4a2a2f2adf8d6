package dev.postern.tls;

import dev.postern.crypto.DerCertificate;
import dev.postern.crypto.PublicKeyInfo;
import dev.postern.crypto.Sha256;
import dev.postern.wire.PeerCheck;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/// Whether a certificate, or its public key, is one that is known by its digest; whoever issued it, whatever it is
/// for, however old it is.
///
/// @param digests SHA-256, in lower-case hexadecimal
public record FingerprintCheck(Set<String> digests) implements CertificateCheck {
    public FingerprintCheck {
        digests = Set.copyOf(digests);
    }

    @Override
    public PeerCheck check(List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            return new PeerCheck.Unproven(PeerCheck.Fault.OTHER, "the server has shown no certificate");
        }
        X509Certificate own = chain.getFirst();
        String whole = Sha256.hex(DerCertificate.of(own));
        String key = Sha256.hex(PublicKeyInfo.of(own));
        return digests.contains(whole) || digests.contains(key)
                ? new PeerCheck.Proven("fingerprint " + (digests.contains(whole) ? whole : key))
                : new PeerCheck.Unproven(
                        PeerCheck.Fault.NOT_TRUSTED,
                        "neither the certificate, " + whole + ", nor its key, " + key + ", is a known one");
    }
}
