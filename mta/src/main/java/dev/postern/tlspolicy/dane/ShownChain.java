package dev.postern.tlspolicy.dane;

import dev.postern.crypto.DerCertificate;
import dev.postern.dns.TlsaRecord;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The certificates that a server has shown, with what has been found out about them so far; used by one thread for one
/// check.
///
/// Whoever sends a chain may have made it to cost time. So at most {@value #MOST_CERTIFICATES} certificates of it are
/// looked at, and at most {@value #MOST_SIGNATURES} signatures of them are computed, each one once.
final class ShownChain {
    /// How many certificates are looked at, the server's own among them.
    static final int MOST_CERTIFICATES = 16;

    private static final int MOST_SIGNATURES = 48;

    private final X509Certificate own;
    private final Optional<X509Certificate> readable;
    private final List<X509Certificate> issuers;
    private final Map<Signature, Boolean> signatures = new HashMap<>();
    private final Map<Question, TlsaRecord> associations = new HashMap<>();

    private record Signature(X509Certificate signed, PublicKey by) {}

    private record Question(X509Certificate certificate, int usage, int selector, int matching) {}

    /// @param shown in the order in which they came, at least one
    ShownChain(List<X509Certificate> shown) {
        this.own = shown.getFirst();
        this.readable = platform(own);
        this.issuers = shown.stream()
                .limit(MOST_CERTIFICATES)
                .map(ShownChain::platform)
                .flatMap(Optional::stream)
                .filter(certificate -> !certificate.equals(own))
                .toList();
    }

    /// A certificate in the JDK's form: those of other providers check fewer kinds of signatures.
    private static Optional<X509Certificate> platform(X509Certificate certificate) {
        return DerCertificate.parse(DerCertificate.of(certificate));
    }

    /// The server's own certificate, as it came.
    X509Certificate own() {
        return own;
    }

    /// The server's own certificate, if the JDK can read it: nothing else leads to a trust anchor.
    Optional<X509Certificate> readable() {
        return readable;
    }

    /// The others, as far as they can be read, in the order in which they came.
    List<X509Certificate> issuers() {
        return issuers;
    }

    /// Whether a record holds what a certificate is.
    boolean matches(TlsaRecord record, X509Certificate certificate) {
        return associations
                .computeIfAbsent(
                        new Question(certificate, record.usage(), record.selector(), record.matching()),
                        asked -> CertificateAssociation.of(
                                asked.certificate(), asked.usage(), asked.selector(), asked.matching()))
                .equals(record);
    }

    /// Whether the signature of a certificate was made with the key that belongs to this one; no once too many have
    /// been computed.
    boolean isSigned(X509Certificate certificate, PublicKey key) {
        Signature signature = new Signature(certificate, key);
        Boolean known = signatures.get(signature);
        if (known != null) {
            return known;
        }
        if (signatures.size() == MOST_SIGNATURES) {
            return false;
        }
        boolean good = verifies(certificate, key);
        signatures.put(signature, good);
        return good;
    }

    /// Whether so many signatures have been computed that an answer may be missing for that reason alone.
    boolean isExhausted() {
        return signatures.size() == MOST_SIGNATURES;
    }

    private static boolean verifies(X509Certificate certificate, PublicKey key) {
        try {
            certificate.verify(key);
            return true;
        } catch (GeneralSecurityException wrong) {
            return false; // the exception is how a certificate says "no", and that the kinds do not fit
        }
    }
}
