package dev.postern.tlspolicy.dane;

import java.security.PublicKey;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Optional;

/// What a TLSA record names as the end of the path from a server's certificate.
///
/// @rfc 7671 §5.2
sealed interface Anchor {
    /// The key that the certificates right below it were signed with.
    PublicKey key();

    /// The certificate of the anchor, if it is known.
    Optional<X509Certificate> certificate();

    /// Whether it bears the name of the issuer of a certificate; a mere key bears any.
    boolean isNamedAsIssuerOf(X509Certificate below);

    /// It in the form of the JDK.
    ///
    /// @param top the certificate right below it
    TrustAnchor platform(X509Certificate top);

    /// An anchor whose certificate was sent, or stands in the record.
    record Certified(X509Certificate its) implements Anchor {
        @Override
        public PublicKey key() {
            return its.getPublicKey();
        }

        @Override
        public Optional<X509Certificate> certificate() {
            return Optional.of(its);
        }

        @Override
        public boolean isNamedAsIssuerOf(X509Certificate below) {
            return its.getSubjectX500Principal().equals(below.getIssuerX500Principal());
        }

        @Override
        public TrustAnchor platform(X509Certificate top) {
            return new TrustAnchor(its, null);
        }
    }

    /// An anchor of which the record holds the key alone: no name, no time, no limits.
    record Bare(PublicKey key) implements Anchor {
        @Override
        public Optional<X509Certificate> certificate() {
            return Optional.empty();
        }

        @Override
        public boolean isNamedAsIssuerOf(X509Certificate below) {
            return true;
        }

        @Override
        public TrustAnchor platform(X509Certificate top) {
            return new TrustAnchor(top.getIssuerX500Principal(), key, null);
        }
    }
}
