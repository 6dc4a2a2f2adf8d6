package dev.postern.tlspolicy.dane;

import dev.postern.crypto.DerCertificate;
import dev.postern.crypto.PublicKeyInfo;
import dev.postern.dns.TlsaRecord;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/// TLSA records made of certificates.
///
/// @rfc 6698 §2.1
public final class CertificateAssociation {
    /// The usage of a record for the certificate of the server itself, DANE-EE.
    static final int END_ENTITY = 3;
    /// The usage of a record for an authority, DANE-TA.
    static final int TRUST_ANCHOR = 2;
    /// The selector of the whole certificate.
    static final int CERTIFICATE = 0;
    /// The selector of its public key.
    static final int PUBLIC_KEY = 1;
    /// The matching type of the data themselves.
    static final int FULL = 0;
    /// The matching type of their SHA-256.
    static final int SHA_256 = 1;
    /// The matching type of their SHA-512.
    static final int SHA_512 = 2;

    private CertificateAssociation() {}

    /// The record to publish for a server's certificate: `3 1 1`, which holds as long as the key is the same, whatever
    /// is renewed (RFC 7672 §3.1.1).
    public static TlsaRecord ofServer(X509Certificate certificate) {
        return of(certificate, END_ENTITY, PUBLIC_KEY, SHA_256);
    }

    /// The record to publish for whoever issues a server's certificates: `2 1 1`. It demands that the server sends the
    /// issuer's certificate, also if it is a root (RFC 7672 §3.1.2).
    ///
    /// @param issuer the certificate of the issuer, not of the server
    public static TlsaRecord ofIssuer(X509Certificate issuer) {
        return of(issuer, TRUST_ANCHOR, PUBLIC_KEY, SHA_256);
    }

    /// The record of these parameters that matches a certificate.
    ///
    /// @param selector 0 or 1
    /// @param matching 0, 1 or 2
    /// @throws IllegalArgumentException if selector or matching type is another
    public static TlsaRecord of(X509Certificate certificate, int usage, int selector, int matching) {
        byte[] selected = switch (selector) {
            case CERTIFICATE -> DerCertificate.of(certificate);
            case PUBLIC_KEY -> PublicKeyInfo.of(certificate);
            default -> throw new IllegalArgumentException("selector " + selector);
        };
        byte[] data = switch (matching) {
            case FULL -> selected;
            case SHA_256 -> digest("SHA-256", selected);
            case SHA_512 -> digest("SHA-512", selected);
            default -> throw new IllegalArgumentException("matching type " + matching);
        };
        return new TlsaRecord(usage, selector, matching, HexFormat.of().formatHex(data));
    }

    private static byte[] digest(String algorithm, byte[] octets) {
        try {
            return MessageDigest.getInstance(algorithm).digest(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
