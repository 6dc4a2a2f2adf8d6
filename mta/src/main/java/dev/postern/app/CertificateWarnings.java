package dev.postern.app;

import dev.postern.acme.AcmeSettings;
import dev.postern.app.config.Config;
import dev.postern.certificates.CertificateSources;
import dev.postern.crypto.CertificateNames;
import dev.postern.dns.DomainName;
import dev.postern.tlspolicy.mtasts.PolicyFile;
import dev.postern.tlspolicy.mtasts.StsPolicy;
import dev.postern.zonerecords.StsSite;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What is not right about the certificates of a configuration, and does not keep mail from going.
final class CertificateWarnings {
    private static final Duration SOON = Duration.ofDays(14);
    private static final int LEAST_RSA_BITS = 2048;

    private CertificateWarnings() {}

    /// All of it.
    static List<String> of(Config config, Instant now) {
        List<String> warnings = new ArrayList<>();
        for (CertificateSources.Read read : config.tls().certificates()) {
            about(
                    read.identity().chain().getFirst(),
                    "the certificate in " + read.files().certificate(),
                    now,
                    warnings);
        }
        config.destinations()
                .byName()
                .forEach((name, destination) -> destination
                        .manner()
                        .certificate()
                        .ifPresent(shown -> about(
                                shown.chain().getFirst(),
                                "the certificate for [destinations.\"" + name + "\"]",
                                now,
                                warnings)));
        if (!isFor(config, config.hostname())) {
            warnings.add("no certificate is for " + config.hostname() + ", so strict senders will not take this server"
                    + " for it");
        }
        config.mtaSts().own().ifPresent(policy -> aboutPolicy(policy, config, warnings));
        return warnings;
    }

    /// A policy that the certificate makes impossible to keep to, or to fetch.
    private static void aboutPolicy(StsSite site, Config config, List<String> warnings) {
        if (site.policy().mode() != StsPolicy.Mode.NONE && EncryptionHints.isSelfSigned(config)) {
            warnings.add("mta-sts.mode tells other servers to send here under a certificate from an authority only, and"
                    + " this server has none: with \"enforce\" they deliver nothing. Write [tls.acme], or"
                    + " tls.certificate and tls.key");
        }
        if (site.served()) {
            config.domains().local().stream()
                    .flatMap(domain -> PolicyFile.host(domain).stream())
                    .filter(host -> EncryptionHints.isSelfSigned(config) || !isFor(config, host))
                    .forEach(
                            host -> warnings.add(
                                    "mta-sts.serve is true, but no certificate is for " + host
                                            + ", so nobody takes the policy from there; add it to tls.acme.names, or to the certificate"));
        }
    }

    private static void about(X509Certificate leaf, String which, Instant now, List<String> warnings) {
        Instant until = leaf.getNotAfter().toInstant();
        if (!until.isAfter(now)) {
            warnings.add(which + " has ended on " + until + "; strict senders refuse it");
        } else if (!until.isAfter(now.plus(SOON))) {
            warnings.add(which + " ends on " + until);
        }
        if (leaf.getNotBefore().toInstant().isAfter(now)) {
            warnings.add(which + " begins on " + leaf.getNotBefore().toInstant());
        }
        if (leaf.getPublicKey() instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
            warnings.add("the key of " + which + " has only "
                    + rsa.getModulus().bitLength() + " bits, which many refuse; make one of " + LEAST_RSA_BITS
                    + " or more");
        }
    }

    private static boolean isFor(Config config, DomainName host) {
        return EncryptionHints.isSelfSigned(config)
                || config.tls().certificates().stream()
                        .anyMatch(read -> CertificateNames.of(
                                        read.identity().chain().getFirst())
                                .covering(host)
                                .isPresent())
                || config.tls()
                        .acme()
                        .map(Config.Acme::settings)
                        .map(AcmeSettings::names)
                        .filter(names -> names.contains(host))
                        .isPresent();
    }
}
