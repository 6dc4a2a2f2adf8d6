package dev.postern.app;

import dev.postern.acme.AcmeSettings;
import dev.postern.app.config.Config;
import dev.postern.certificates.CertificateSources;
import dev.postern.crypto.CertificateNames;
import dev.postern.dns.DomainName;
import java.nio.file.Path;
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
            about(read.identity().chain().getFirst(), read.files().certificate(), now, warnings);
        }
        if (!isOurs(config)) {
            warnings.add("no certificate is for " + config.hostname() + ", so strict senders will not take this server"
                    + " for it");
        }
        return warnings;
    }

    private static void about(X509Certificate leaf, Path file, Instant now, List<String> warnings) {
        Instant until = leaf.getNotAfter().toInstant();
        if (!until.isAfter(now)) {
            warnings.add("the certificate in " + file + " has ended on " + until);
        } else if (!until.isAfter(now.plus(SOON))) {
            warnings.add("the certificate in " + file + " ends on " + until);
        }
        if (leaf.getNotBefore().toInstant().isAfter(now)) {
            warnings.add("the certificate in " + file + " begins on "
                    + leaf.getNotBefore().toInstant());
        }
        if (leaf.getPublicKey() instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
            warnings.add("the key of the certificate in " + file + " has only "
                    + rsa.getModulus().bitLength() + " bits, which many refuse; make one of " + LEAST_RSA_BITS
                    + " or more");
        }
    }

    private static boolean isOurs(Config config) {
        DomainName host = config.hostname();
        boolean ownIsShown =
                config.tls().certificates().isEmpty() && config.tls().acme().isEmpty();
        return ownIsShown
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
