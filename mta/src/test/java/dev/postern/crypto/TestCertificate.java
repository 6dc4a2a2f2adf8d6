package dev.postern.crypto;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate made for a test, with its key pair, so that it can issue others.
public record TestCertificate(KeyPair pair, X509Certificate certificate) {
    /// The moment around which certificates are valid unless it is said otherwise, by ten days on both sides.
    public static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    private static final Duration VALIDITY = Duration.ofDays(10);

    /// A new key pair: `EC`, `RSA`, `RSASSA-PSS`, `Ed25519`.
    public static KeyPair newPair(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (!algorithm.equals("Ed25519")) {
                generator.initialize(algorithm.equals("EC") ? 256 : 2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Begins one for a subject such as `CN=mx.example.org`, with an EC key of its own.
    public static Draft named(String subject) {
        return new Draft(subject);
    }

    /// An authority that signs itself.
    public static TestCertificate root(String subject) {
        return named(subject).authority().bySelf();
    }

    /// What a certificate is to hold.
    public static final class Draft {
        private final X500Name subject;
        private final List<Extension> extensions = new ArrayList<>();
        private KeyPair pair;
        private Instant from = NOW.minus(VALIDITY);
        private Instant until = NOW.plus(VALIDITY);
        private String hash = "SHA256";

        private Draft(String subject) {
            this.subject = new X500Name(subject);
            this.pair = newPair("EC");
        }

        public Draft key(KeyPair its) {
            this.pair = its;
            return this;
        }

        /// Signed with another hash than SHA-256, by an EC or RSA key.
        public Draft hashed(String with) {
            this.hash = with;
            return this;
        }

        public Draft valid(Instant begin, Instant end) {
            this.from = begin;
            this.until = end;
            return this;
        }

        public Draft expired() {
            return valid(NOW.minus(VALIDITY), NOW.minus(Duration.ofDays(1)));
        }

        public Draft dns(String... hosts) {
            return extension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(Arrays.stream(hosts)
                            .map(host -> new GeneralName(GeneralName.dNSName, host))
                            .toArray(GeneralName[]::new)));
        }

        public Draft authority() {
            return extension(Extension.basicConstraints, true, new BasicConstraints(true))
                    .usage(KeyUsage.keyCertSign);
        }

        public Draft authority(int pathLength) {
            return extension(Extension.basicConstraints, true, new BasicConstraints(pathLength))
                    .usage(KeyUsage.keyCertSign);
        }

        public Draft usage(int keyUsage) {
            return extension(Extension.keyUsage, true, new KeyUsage(keyUsage));
        }

        public Draft extension(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
            try {
                extensions.add(
                        new Extension(id, critical, value.toASN1Primitive().getEncoded()));
                return this;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        public TestCertificate bySelf() {
            return signed(subject, pair);
        }

        public TestCertificate by(TestCertificate issuer) {
            return signed(
                    X500Name.getInstance(
                            issuer.certificate.getSubjectX500Principal().getEncoded()),
                    issuer.pair);
        }

        private TestCertificate signed(X500Name issuer, KeyPair signer) {
            try {
                JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                        issuer,
                        new BigInteger(127, new SecureRandom()),
                        Date.from(from),
                        Date.from(until),
                        subject,
                        pair.getPublic());
                for (Extension extension : extensions) {
                    builder.addExtension(extension);
                }
                X509CertificateHolder holder = builder.build(signer(signer.getPrivate()));
                return new TestCertificate(pair, new JcaX509CertificateConverter().getCertificate(holder));
            } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
                throw new IllegalStateException(e);
            }
        }

        private ContentSigner signer(PrivateKey key)
                throws GeneralSecurityException, IOException, OperatorCreationException {
            return switch (key.getAlgorithm()) {
                case "EC" -> new JcaContentSignerBuilder(hash + "withECDSA").build(key);
                case "RSA" -> new JcaContentSignerBuilder(hash + "withRSA").build(key);
                case "RSASSA-PSS" -> new PssSigner(key);
                default -> new JcaContentSignerBuilder("Ed25519").build(key);
            };
        }
    }

    /// Signs with RSA-PSS and SHA-256 as the JDK does; the library's own signer finds no such algorithm there.
    private static final class PssSigner implements ContentSigner {
        private final ByteArrayOutputStream signed = new ByteArrayOutputStream();
        private final Signature signature = Signature.getInstance("RSASSA-PSS");
        private final AlgorithmIdentifier algorithm;

        PssSigner(PrivateKey key) throws GeneralSecurityException, IOException {
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            signature.initSign(key);
            algorithm = new AlgorithmIdentifier(
                    PKCSObjectIdentifiers.id_RSASSA_PSS,
                    ASN1Primitive.fromByteArray(signature.getParameters().getEncoded()));
        }

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return algorithm;
        }

        @Override
        public OutputStream getOutputStream() {
            return signed;
        }

        @Override
        public byte[] getSignature() {
            try {
                signature.update(signed.toByteArray());
                return signature.sign();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
