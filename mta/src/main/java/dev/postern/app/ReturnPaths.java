package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.batv.SignedReturnPaths;
import dev.postern.dns.DomainName;
import dev.postern.route.AddressTable;
import dev.postern.route.Directory;
import dev.postern.route.ReturnAddresses;
import dev.postern.route.SignedAddresses;
import dev.postern.srs.SenderRewriting;
import dev.postern.srs.SrsSecrets;
import dev.postern.srs.SrsSettings;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/// What becomes of the reverse-paths of mail that leaves, by the configuration and with the secrets that go with it.
///
/// @param rewriting of forwarded mail; empty: they stay as they are
/// @param signing of our own mail; empty: they stay as they are
record ReturnPaths(Optional<SenderRewriting> rewriting, Optional<SignedReturnPaths> signing) {
    /// Where secrets come from.
    @FunctionalInterface
    interface SecretSource {
        /// The secrets that are kept under a name.
        SrsSecrets secrets(String name) throws IOException;
    }

    /// Those of a configuration; only the secrets that are used are asked for.
    ///
    /// @throws IOException if secrets cannot be had
    static ReturnPaths of(Config config, SecretSource source, InstantSource clock) throws IOException {
        Optional<SenderRewriting> rewriting = Optional.empty();
        Optional<DomainName> domain = config.forwarding().returnDomain();
        if (domain.isPresent()) {
            SrsSettings settings =
                    new SrsSettings(domain.get(), Set.copyOf(config.domains().local()), SrsSettings.USUAL_DAYS);
            rewriting = Optional.of(new SenderRewriting(settings, source.secrets(ReturnSecrets.SRS), clock));
        }
        Optional<SignedReturnPaths> signing = Optional.empty();
        if (config.bounces().isPresent()) {
            signing = Optional.of(
                    new SignedReturnPaths(config.bounces().get(), source.secrets(ReturnSecrets.BATV), clock));
        }
        return new ReturnPaths(rewriting, signing);
    }

    /// What every address means, return addresses included.
    Directory directory(AddressTable addresses) {
        Directory directory = rewriting
                .<Directory>map(srs -> new ReturnAddresses(addresses, srs))
                .orElse(addresses);
        return signing.<Directory>map(paths -> new SignedAddresses(directory, paths))
                .orElse(directory);
    }
}
