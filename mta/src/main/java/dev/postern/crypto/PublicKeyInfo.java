package dev.postern.crypto;

import java.io.IOException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// Public keys as octets, each with the name of its algorithm (SubjectPublicKeyInfo, RFC 5280 §4.1.2.7).
public final class PublicKeyInfo {
    private PublicKeyInfo() {}

    /// The octets of a certificate's key as they stand in it: a key that a library has read and writes again may
    /// differ. Where another key was read than seems to stand there, it is the one that was read: that is what TLS
    /// goes by.
    public static byte[] of(X509Certificate certificate) {
        PublicKey read = certificate.getPublicKey();
        byte[] written = read.getEncoded();
        try {
            return within(certificate.getTBSCertificate())
                    .filter(standing -> Arrays.equals(standing, written)
                            || parse(standing).filter(read::equals).isPresent())
                    .orElse(written);
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate without its own octets", e);
        }
    }

    /// The key within the part of a certificate that is signed; empty where there is none.
    ///
    /// ```
    /// TBSCertificate ::= SEQUENCE {
    ///     version [0] EXPLICIT Version DEFAULT v1, serialNumber, signature, issuer, validity, subject,
    ///     subjectPublicKeyInfo SubjectPublicKeyInfo, … }
    /// ```
    ///
    /// @rfc 5280 §4.1
    static Optional<byte[]> within(byte[] toBeSigned) {
        DerWalk walk = new DerWalk(toBeSigned);
        boolean there = walk.enter(DerWalk.SEQUENCE)
                && walk.skipIf(DerWalk.VERSION)
                && walk.skip(DerWalk.INTEGER)
                && walk.skip(DerWalk.SEQUENCE)
                && walk.skip(DerWalk.SEQUENCE)
                && walk.skip(DerWalk.SEQUENCE)
                && walk.skip(DerWalk.SEQUENCE);
        int begin = walk.at();
        return there && walk.skip(DerWalk.SEQUENCE)
                ? Optional.of(Arrays.copyOfRange(toBeSigned, begin, walk.at()))
                : Optional.empty();
    }

    /// The key that some octets are; empty if they are none, have something behind it, or are of an algorithm that the
    /// JDK does not know.
    public static Optional<PublicKey> parse(byte[] der) {
        try {
            SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(ASN1Primitive.fromByteArray(der));
            return info == null ? Optional.empty() : Optional.of(new JcaPEMKeyConverter().getPublicKey(info));
        } catch (IOException unknown) {
            return Optional.empty(); // the key is malformed, or of an unknown algorithm
        } catch (RuntimeException malformed) {
            return Optional.empty(); // the libraries say in many ways that this is something else
        }
    }
}
