package dev.postern.app;

import dev.postern.app.config.Endpoints;
import dev.postern.dns.client.DnsSettings;
import dev.postern.dns.client.TrustAnchors;
import dev.postern.dns.client.Validation;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options `--dns`, `--validate` and `--trust-anchors`: whom to ask, and whose word on DNSSEC counts.
final class NameServerOption {
    @Option(
            names = "--dns",
            paramLabel = "ADDRESS[:PORT]",
            description = "The name server to ask. Default: the system's.")
    private @Nullable String server;

    @Option(
            names = "--validate",
            paramLabel = "resolver|self|off",
            description = "Who validates by DNSSEC: the name server, this command, or nobody. Default: a name server"
                    + " on this machine.")
    private @Nullable String validate;

    @Option(
            names = "--trust-anchors",
            paramLabel = "FILE",
            description = "DS or DNSKEY records that this command validates by. Default: those of the root.")
    private @Nullable Path anchors;

    /// Whom a command asks that is told nothing else.
    @FunctionalInterface
    interface Usual {
        DnsSettings read() throws IOException;
    }

    /// How to ask.
    ///
    /// @param usual read where no server is named
    DnsSettings settings(Usual usual) throws Failure, IOException {
        String word = validate;
        Path file = anchors;
        if (file != null && (word == null || !word.equals("self"))) {
            throw new Failure(2, "--trust-anchors is for --validate self");
        }
        Optional<DnsSettings> named = named();
        DnsSettings settings = named.isPresent() ? named.get() : usual.read();
        if (word == null) {
            return settings;
        }
        return settings.validating(
                switch (word) {
                    case "resolver" -> new Validation.ByServers();
                    case "self" ->
                        new Validation.Self(file == null ? TrustAnchors.ofTheRoot() : TrustAnchors.read(file));
                    case "off" -> new Validation.Off();
                    default -> throw new Failure(2, "--validate must be resolver, self or off, not \"" + word + "\"");
                });
    }

    private Optional<DnsSettings> named() throws Failure {
        String address = server;
        if (address == null) {
            return Optional.empty();
        }
        Endpoint.Inet endpoint = Endpoints.inet(address)
                .or(() -> Endpoints.inet(Endpoints.withPort(address, DnsSettings.DNS_PORT)))
                .orElseThrow(() ->
                        new Failure(2, "--dns must be an address, with or without a port, not \"" + address + "\""));
        return Optional.of(DnsSettings.of(List.of(endpoint)));
    }
}
