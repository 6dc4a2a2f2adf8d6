package dev.postern.tls;

import dev.postern.crypto.DerCertificate;
import dev.postern.crypto.PublicKeyInfo;
import dev.postern.crypto.Sha256;
import dev.postern.wire.PeerCheck;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// The certificates of those who are trusted to issue others, and what is trusted no more.
///
/// @param certificates each once
/// @param distrusted SHA-256 of certificates or public keys, in lower-case hexadecimal: no chain that shows one of them
///     proves anything
public record TrustedRoots(Set<X509Certificate> certificates, Set<String> distrusted) {
    /// Without those that are distrusted themselves.
    public TrustedRoots {
        Set<String> digests = Set.copyOf(distrusted);
        certificates = certificates.stream()
                .filter(root -> digestIn(digests, root).isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        distrusted = digests;
    }

    /// These; where there are none, those of the JDK.
    ///
    /// @throws IOException if the JDK's cannot be read
    public static TrustedRoots of(Collection<X509Certificate> given) throws IOException {
        return of(given, Set.of());
    }

    /// These, or those of the JDK, but for what is distrusted.
    ///
    /// @throws IOException if the JDK's cannot be read
    public static TrustedRoots of(Collection<X509Certificate> given, Set<String> distrusted) throws IOException {
        return new TrustedRoots(given.isEmpty() ? ofJdk() : Set.copyOf(given), distrusted);
    }

    /// A check by which a chain with a distrusted certificate or key proves nothing, and any other what it proves to
    /// another check.
    public CertificateCheck unlessDistrusted(CertificateCheck other) {
        return distrusted.isEmpty()
                ? other
                : chain -> chain.stream()
                        .flatMap(one -> digestIn(distrusted, one).stream())
                        .<PeerCheck>map(digest -> new PeerCheck.Unproven(
                                PeerCheck.Fault.NOT_TRUSTED, "the configuration distrusts " + digest))
                        .findFirst()
                        .orElseGet(() -> other.check(chain));
    }

    /// Which of these digests is that of a certificate or of its key.
    private static Optional<String> digestIn(Set<String> digests, X509Certificate certificate) {
        return digests.isEmpty()
                ? Optional.empty()
                : Stream.of(DerCertificate.of(certificate), PublicKeyInfo.of(certificate))
                        .map(Sha256::hex)
                        .filter(digests::contains)
                        .findFirst();
    }

    /// What tells whether a chain leads to one of these, as the JDK does; where there are none, to one of the JDK's.
    ///
    /// @throws IOException if the JDK's cannot be read
    /// @throws GeneralSecurityException if the JDK cannot set it up
    public static TrustManager[] managers(Collection<X509Certificate> given)
            throws GeneralSecurityException, IOException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(given.isEmpty() ? null : storeOf(given));
        return factory.getTrustManagers();
    }

    private static KeyStore storeOf(Collection<X509Certificate> roots) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        for (X509Certificate root : roots) {
            store.setCertificateEntry("root" + number, root);
            number++;
        }
        return store;
    }

    private static Set<X509Certificate> ofJdk() throws IOException {
        try {
            return Arrays.stream(managers(Set.of()))
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
