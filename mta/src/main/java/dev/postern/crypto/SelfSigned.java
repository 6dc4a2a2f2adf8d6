package dev.postern.crypto;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Keys, and the certificates that we sign with them ourselves, so that STARTTLS works from the first start.
public final class SelfSigned {
    private static final Duration CLOCK_SLACK = Duration.ofDays(1);
    private static final Duration PROOF_VALIDITY = Duration.ofDays(7);

    /// id-pe-acmeIdentifier (RFC 8737 §6.1).
    private static final ASN1ObjectIdentifier ACME_IDENTIFIER = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.31");

    private SelfSigned() {}

    /// A key pair with its certificate.
    public record Made(KeyPair keyPair, Identity identity) {}

    /// The kinds of keys that we make.
    public enum Kind {
        /// ECDSA on P-256.
        ECDSA("EC", "SHA256withECDSA"),
        /// RSA of 3072 bits.
        RSA("RSA", "SHA256withRSA"),
        /// Ed25519.
        ED25519("Ed25519", "Ed25519");

        private static final int RSA_BITS = 3072;

        private final String algorithm;
        private final String signature;

        Kind(String algorithm, String signature) {
            this.algorithm = algorithm;
            this.signature = signature;
        }

        /// A new pair.
        ///
        /// @param maker where there is none, the JDK
        /// @throws IOException if the machine cannot make keys
        public KeyPair pair(Optional<Provider> maker) throws IOException {
            try {
                KeyPairGenerator generator = maker.isPresent()
                        ? KeyPairGenerator.getInstance(algorithm, maker.get())
                        : KeyPairGenerator.getInstance(algorithm);
                switch (this) {
                    case ECDSA -> generator.initialize(new ECGenParameterSpec("secp256r1"), new SecureRandom());
                    case RSA -> generator.initialize(RSA_BITS, new SecureRandom());
                    case ED25519 -> {} // has one size only
                }
                return generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IOException("cannot make a key: " + e.getMessage(), e);
            }
        }
    }

    /// A certificate with an ECDSA key for host names, valid from a day before `now`.
    ///
    /// @param hostNames at least one, the first becomes the common name
    /// @param signer makes the key and signs; where there is none, the JDK does
    /// @throws IOException if the machine cannot make keys
    public static Made make(List<String> hostNames, Instant now, Duration validity, Optional<Provider> signer)
            throws IOException {
        return make(Kind.ECDSA, hostNames, now, validity, signer);
    }

    /// A certificate with a key of some kind for host names, valid from a day before `now`.
    ///
    /// @param hostNames at least one, the first becomes the common name
    /// @param signer makes the key and signs; where there is none, the JDK does
    /// @throws IOException if the machine cannot make keys
    public static Made make(
            Kind kind, List<String> hostNames, Instant now, Duration validity, Optional<Provider> signer)
            throws IOException {
        KeyPair pair = kind.pair(signer);
        List<X509Certificate> chain =
                certify(pair, hostNames, now, validity, new Marks(kind.signature, Optional.empty(), signer));
        return new Made(pair, new Identity(pair.getPrivate(), chain));
    }

    /// A certificate of a key that there is, signed with it by the JDK.
    ///
    /// @param hostNames at least one, the first becomes the common name
    /// @throws IOException if the machine cannot sign
    public static List<X509Certificate> certify(KeyPair pair, List<String> hostNames, Instant now, Duration validity)
            throws IOException {
        return certify(pair, hostNames, now, validity, new Marks(signature(pair), Optional.empty(), Optional.empty()));
    }

    /// A certificate that proves to an authority that a host is ours.
    ///
    /// @param proof the SHA-256 of the key authorization
    /// @throws IOException if the machine cannot make keys
    /// @rfc 8737 §3
    public static Identity proof(String hostName, byte[] proof, Instant now) throws IOException {
        KeyPair pair = Kind.ECDSA.pair(Optional.empty());
        Marks marks = new Marks(Kind.ECDSA.signature, Optional.of(proof), Optional.empty());
        return new Identity(pair.getPrivate(), certify(pair, List.of(hostName), now, PROOF_VALIDITY, marks));
    }

    private static String signature(KeyPair pair) {
        return switch (pair.getPublic().getAlgorithm()) {
            case "RSA" -> Kind.RSA.signature;
            case "EC" -> Kind.ECDSA.signature;
            default -> Kind.ED25519.signature;
        };
    }

    /// How a certificate is signed, and what else stands in it.
    private record Marks(String signature, Optional<byte[]> proof, Optional<Provider> signer) {}

    private static List<X509Certificate> certify(
            KeyPair pair, List<String> hostNames, Instant now, Duration validity, Marks marks) throws IOException {
        try {
            JcaContentSignerBuilder signing = new JcaContentSignerBuilder(marks.signature());
            marks.signer().ifPresent(signing::setProvider);
            X500Name name = new X500Name("CN=" + hostNames.getFirst());
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(127, new SecureRandom()),
                    Date.from(now.minus(CLOCK_SLACK)),
                    Date.from(now.plus(validity)),
                    name,
                    pair.getPublic());
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(hostNames.stream()
                            .map(host -> new GeneralName(GeneralName.dNSName, host))
                            .toArray(GeneralName[]::new)));
            if (marks.proof().isPresent()) {
                builder.addExtension(
                        ACME_IDENTIFIER, true, new DEROctetString(marks.proof().get()));
            }
            return List.of(
                    new JcaX509CertificateConverter().getCertificate(builder.build(signing.build(pair.getPrivate()))));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("cannot make a certificate: " + e.getMessage(), e);
        }
    }
}
