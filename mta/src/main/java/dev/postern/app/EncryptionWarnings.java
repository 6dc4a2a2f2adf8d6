package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.policy.ListenerRole;
import dev.postern.policy.Network;
import dev.postern.wire.Endpoint;
import java.util.ArrayList;
import java.util.List;

/// What the section `[encryption]` requires of nobody, or of clients that cannot give it.
final class EncryptionWarnings {
    private EncryptionWarnings() {}

    /// One sentence for each.
    static List<String> of(Config config) {
        List<String> warnings = new ArrayList<>();
        if (requires(config, ListenerRole.MX)) {
            warnings.add("encryption.required-listeners has mx: other servers that do not use STARTTLS cannot deliver"
                    + " here; a server that MX records lead to should take their mail (RFC 3207 section 4)");
        }
        if (requires(config, ListenerRole.LMTP)
                && config.listen().lmtp().stream().noneMatch(Endpoint.Inet.class::isInstance)) {
            warnings.add("encryption.required-listeners has lmtp, which listens on no network: what comes over a Unix"
                    + " socket is not encrypted");
        }
        if (requires(config, ListenerRole.MX) && config.listen().mx().isEmpty()) {
            warnings.add("encryption.required-listeners has mx, which does not listen");
        }
        boolean ofClients = !config.encryption().listeners().isEmpty()
                || !config.encryption().networks().networks().isEmpty()
                || !config.encryption().senders().isEmpty();
        for (Network network : config.front().xclient().hosts().networks()) {
            if (ofClients) {
                warnings.add("clients that a server in " + network + " speaks for by XCLIENT meet [encryption] only"
                        + " where that server itself uses STARTTLS with us: how they came to it is not known here");
            }
        }
        return warnings;
    }

    private static boolean requires(Config config, ListenerRole role) {
        return config.encryption().listeners().contains(role);
    }
}
