package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.app.config.OwnAddresses;
import dev.postern.policy.NetworkSet;
import java.net.InetAddress;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Clients that are neither counted nor banned: the allowed networks, those that may relay, and this machine where it
/// calls itself by an address that is not loopback, as `postern probe` does.
record ExemptClients(NetworkSet allowed, NetworkSet relaying, Set<InetAddress> own) implements Predicate<InetAddress> {
    /// Those of a configuration.
    static ExemptClients of(Config config) {
        return new ExemptClients(
                config.guarding().allow(),
                config.relay().networks(),
                OwnAddresses.of(config.listen()).stream()
                        .filter(address -> !address.isLoopbackAddress())
                        .collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public boolean test(InetAddress client) {
        return allowed.contains(client) || relaying.contains(client) || own.contains(client);
    }
}
