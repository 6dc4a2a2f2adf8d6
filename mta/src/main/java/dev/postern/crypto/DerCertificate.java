package dev.postern.crypto;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;

/// Certificates as octets (RFC 5280 §4.1).
public final class DerCertificate {
    private static final int SEQUENCE = 0x30;

    private DerCertificate() {}

    /// The certificate that some octets are, in the JDK's own form; empty if they are none, or have something behind
    /// it.
    public static Optional<X509Certificate> parse(byte[] der) {
        if (der.length == 0 || der[0] != SEQUENCE) {
            return Optional.empty(); // the factory would take PEM as well
        }
        try {
            return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der))
                                    instanceof X509Certificate certificate
                            && Arrays.equals(certificate.getEncoded(), der)
                    ? Optional.of(certificate)
                    : Optional.empty();
        } catch (CertificateException none) {
            return Optional.empty(); // the exception is how the factory says "none"
        } catch (RuntimeException malformed) {
            return Optional.empty(); // and so are others, for an Ed25519 key of no octets an index out of bounds
        }
    }

    /// The octets of a certificate.
    public static byte[] of(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate without its own octets", e);
        }
    }
}
