package dev.postern.app.config;

import dev.postern.dns.DomainName;
import dev.postern.policy.AuthenticationSettings;
import dev.postern.policy.NetworkSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The section `[authentication]`: whether senders are checked, and what follows from it.
final class AuthenticationSection {
    private AuthenticationSection() {}

    /// Reads it.
    ///
    /// @param authservId the name of this server
    /// @return empty where senders are not checked
    static Optional<AuthenticationSettings> read(Section section, DomainName authservId) {
        boolean verify = section.flag("verify", true);
        AuthenticationSettings settings = new AuthenticationSettings(
                authservId,
                section.choice("dmarc", "obey", List.of("obey", "mark")).equals("obey"),
                switch (section.choice("quarantine", "mark", List.of("mark", "hold", "refuse"))) {
                    case "hold" -> AuthenticationSettings.Quarantine.HOLD;
                    case "refuse" -> AuthenticationSettings.Quarantine.REFUSE;
                    default -> AuthenticationSettings.Quarantine.MARK;
                },
                section.choice("dns-failure", "mark", List.of("mark", "defer")).equals("defer"),
                new NetworkSet(section.networks("trusted-forwarders")),
                Set.copyOf(section.domains("trusted-sealers")));
        section.finish();
        return verify ? Optional.of(settings) : Optional.empty();
    }
}
