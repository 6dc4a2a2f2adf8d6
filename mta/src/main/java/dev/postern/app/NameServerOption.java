package dev.postern.app;

import dev.postern.app.config.Endpoints;
import dev.postern.dns.client.DnsSettings;
import dev.postern.wire.Endpoint;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option `--dns`: whom to ask.
final class NameServerOption {
    @Option(
            names = "--dns",
            paramLabel = "ADDRESS[:PORT]",
            description = "The name server to ask. Default: the system's.")
    private @Nullable String server;

    /// How to ask that server; empty if none was named.
    Optional<DnsSettings> settings() throws Failure {
        String named = server;
        if (named == null) {
            return Optional.empty();
        }
        Endpoint.Inet endpoint = Endpoints.inet(named)
                .or(() -> Endpoints.inet(Endpoints.withPort(named, DnsSettings.DNS_PORT)))
                .orElseThrow(() ->
                        new Failure(2, "--dns must be an address, with or without a port, not \"" + named + "\""));
        return Optional.of(DnsSettings.of(List.of(endpoint)));
    }
}
