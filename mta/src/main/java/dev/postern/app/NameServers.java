package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.dns.client.DnsSettings;
import dev.postern.dns.client.ResolvConf;
import dev.postern.dns.client.Validation;
import java.io.IOException;
import java.util.Optional;

/// Whom a server with some configuration asks for names, and who validates what they answer.
final class NameServers {
    private NameServers() {}

    /// Those of this machine.
    ///
    /// @throws IOException if they cannot be read
    static DnsSettings ofTheSystem() throws IOException {
        return DnsSettings.of(ResolvConf.read(ResolvConf.USUAL));
    }

    /// As the configuration says; where it validates itself, by the keys that the running server has followed.
    ///
    /// @throws IOException if the system's own servers, or these keys, cannot be read
    static DnsSettings of(Config config) throws IOException {
        DnsSettings settings = config.dns().servers().isEmpty()
                ? ofTheSystem()
                : DnsSettings.of(config.dns().servers());
        Optional<TrustAnchorFile> kept = TrustAnchorFile.in(config);
        Validation validation = kept.isPresent()
                ? new Validation.Self(kept.get().read().anchors())
                : config.dns().validation().orElse(settings.validation());
        return settings.validating(validation).patient(config.dns().timeOut(), settings.tries());
    }
}
