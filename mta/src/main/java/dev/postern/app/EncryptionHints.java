package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.dns.client.Validation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What a configuration leaves undone for the encryption of mail, each with what to write. Mail goes without it.
final class EncryptionHints {
    private EncryptionHints() {}

    /// One sentence for each.
    ///
    /// @throws IOException if the resolvers of this machine are not known
    static List<String> of(Config config) throws IOException {
        List<String> hints = new ArrayList<>();
        if (isSelfSigned(config)) {
            hints.add("clients see a certificate that this server has signed itself: STARTTLS works, but mail programs"
                    + " and senders that check names refuse it. Write [tls.acme], or tls.certificate and tls.key"
                    + " (doc/operator/certificates.md)");
        }
        if (!config.delivery().startTls()) {
            hints.add("delivery.starttls is false: mail to other servers goes in the clear but to [destinations]");
        } else if (config.dns().validation().isEmpty()
                && NameServers.of(config).validation() instanceof Validation.Off) {
            hints.add("nobody validates DNSSEC, so DANE protects no mail to other servers. Write validate = \"self\""
                    + " below [dns], or let a resolver on this machine validate (doc/operator/configuration.md)");
        }
        return hints;
    }

    /// Whether there is none but the certificate that the server makes itself.
    static boolean isSelfSigned(Config config) {
        return config.tls().certificates().isEmpty() && config.tls().acme().isEmpty();
    }
}
