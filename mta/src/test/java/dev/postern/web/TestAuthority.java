package dev.postern.web;

import dev.postern.crypto.Identity;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority of a test.
public final class TestAuthority {
    private static final Duration DAY = Duration.ofDays(1);

    private final X500Name name = new X500Name("CN=Test Authority");
    private final KeyPair key = key();
    private final X509Certificate root;

    public TestAuthority() throws Exception {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name, BigInteger.ONE, at(DAY.multipliedBy(-900)), at(DAY.multipliedBy(900)), name, key.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        root = signed(builder);
    }

    /// What those trust who trust it.
    public X509Certificate root() {
        return root;
    }

    /// A certificate for hosts that is valid today.
    public Identity certify(String... hosts) throws Exception {
        return certify(DAY.negated(), DAY, "CN=" + hosts[0], hosts);
    }

    /// A certificate that was valid until yesterday.
    public Identity expired(String... hosts) throws Exception {
        return certify(DAY.multipliedBy(-10), DAY.negated(), "CN=" + hosts[0], hosts);
    }

    /// A certificate whose subject alone names a host.
    public Identity withSubjectOnly(String host) throws Exception {
        return certify(DAY.negated(), DAY, "CN=" + host);
    }

    private Identity certify(Duration from, Duration until, String subject, String... hosts) throws Exception {
        KeyPair pair = key();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(System.nanoTime()),
                at(from),
                at(until),
                new X500Name(subject),
                pair.getPublic());
        if (hosts.length > 0) {
            GeneralName[] names = new GeneralName[hosts.length];
            for (int i = 0; i < hosts.length; i++) {
                names[i] = new GeneralName(GeneralName.dNSName, hosts[i]);
            }
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        return new Identity(pair.getPrivate(), List.of(signed(builder), root));
    }

    private X509Certificate signed(JcaX509v3CertificateBuilder builder) throws Exception {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
    }

    private static KeyPair key() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static Date at(Duration fromNow) {
        return Date.from(Instant.now().plus(fromNow));
    }
}
