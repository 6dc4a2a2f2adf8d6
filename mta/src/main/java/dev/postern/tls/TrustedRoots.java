package dev.postern.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// The certificates of those who are trusted to issue others.
///
/// @param certificates each once
public record TrustedRoots(Set<X509Certificate> certificates) {
    public TrustedRoots {
        certificates = Set.copyOf(certificates);
    }

    /// These; where there are none, those of the JDK.
    ///
    /// @throws IOException if the JDK's cannot be read
    public static TrustedRoots of(Collection<X509Certificate> given) throws IOException {
        return new TrustedRoots(given.isEmpty() ? ofJdk() : Set.copyOf(given));
    }

    private static Set<X509Certificate> ofJdk() throws IOException {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((@Nullable KeyStore) null);
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (GeneralSecurityException e) {
            throw new IOException("the JDK's trusted certificates cannot be read: " + e.getMessage(), e);
        }
    }

    /// Whether it is one of them.
    boolean holds(X509Certificate certificate) {
        return certificates.contains(certificate);
    }

    /// They with the name of a certificate's issuer.
    List<X509Certificate> issuersOf(X509Certificate certificate) {
        return certificates.stream()
                .filter(root -> root.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()))
                .toList();
    }

    Set<TrustAnchor> anchors() {
        return certificates.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toUnmodifiableSet());
    }
}
