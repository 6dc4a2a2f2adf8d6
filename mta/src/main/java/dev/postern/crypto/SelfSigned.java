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
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Certificates that we make and sign ourselves, so that STARTTLS works from the first start: ECDSA
/// on P-256.
public final class SelfSigned {
    private static final Duration CLOCK_SLACK = Duration.ofDays(1);

    private SelfSigned() {}

    /// A key pair with its certificate.
    public record Made(KeyPair keyPair, Identity identity) {}

    /// A certificate for host names, valid from a day before `now`.
    ///
    /// @param hostNames at least one, the first becomes the common name
    /// @param signer makes the key and signs; where there is none, the JDK does
    /// @throws IOException if the machine cannot make keys
    public static Made make(List<String> hostNames, Instant now, Duration validity, Optional<Provider> signer)
            throws IOException {
        try {
            SecureRandom random = new SecureRandom();
            KeyPairGenerator generator = signer.isPresent()
                    ? KeyPairGenerator.getInstance("EC", signer.get())
                    : KeyPairGenerator.getInstance("EC");
            JcaContentSignerBuilder signing = new JcaContentSignerBuilder("SHA256withECDSA");
            signer.ifPresent(signing::setProvider);
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            X500Name name = new X500Name("CN=" + hostNames.getFirst());
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(127, random),
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
            X509Certificate certificate =
                    new JcaX509CertificateConverter().getCertificate(builder.build(signing.build(pair.getPrivate())));
            return new Made(pair, new Identity(pair.getPrivate(), List.of(certificate)));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("cannot make a certificate: " + e.getMessage(), e);
        }
    }
}
