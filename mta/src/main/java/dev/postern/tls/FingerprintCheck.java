package dev.postern.tls;

import dev.postern.wire.PeerCheck;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
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
        try {
            X509Certificate own = chain.getFirst();
            String whole = digest(own.getEncoded());
            String key = digest(own.getPublicKey().getEncoded());
            return digests.contains(whole) || digests.contains(key)
                    ? new PeerCheck.Proven("fingerprint " + (digests.contains(whole) ? whole : key))
                    : new PeerCheck.Unproven(
                            PeerCheck.Fault.NOT_TRUSTED,
                            "neither the certificate, " + whole + ", nor its key, " + key + ", is a known one");
        } catch (GeneralSecurityException e) {
            return new PeerCheck.Unproven(PeerCheck.Fault.OTHER, "the certificate cannot be read");
        }
    }

    private static String digest(byte[] octets) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
    }
}
