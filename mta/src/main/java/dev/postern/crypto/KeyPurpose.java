package dev.postern.crypto;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/// What the key of a certificate may be used for (extended key usage).
///
/// @rfc 5280 §4.2.1.12
public final class KeyPurpose {
    private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
    private static final String ANY = "2.5.29.37.0";
    private static final Set<String> OF_SERVERS = Set.of(SERVER_AUTHENTICATION, ANY);

    private KeyPurpose() {}

    /// Whether a certificate is for TLS servers: it says nothing of what it is for, or that among others. What cannot
    /// be read says something else.
    public static boolean isForServers(X509Certificate certificate) {
        try {
            List<String> purposes = certificate.getExtendedKeyUsage();
            return purposes == null || purposes.stream().anyMatch(OF_SERVERS::contains);
        } catch (CertificateParsingException unreadable) {
            return false; // what it is for cannot be known
        }
    }
}
