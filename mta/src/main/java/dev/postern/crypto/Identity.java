package dev.postern.crypto;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// A private key with its certificate chain, the certificate of the key itself first.
public record Identity(PrivateKey key, List<X509Certificate> chain) {
    /// @throws IllegalArgumentException if there is no certificate
    public Identity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a key without a certificate");
        }
    }

    /// Names the certificate, never the key.
    @Override
    public String toString() {
        return "Identity[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
}
