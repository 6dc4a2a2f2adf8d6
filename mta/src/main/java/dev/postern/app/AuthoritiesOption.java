package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.dns.DomainName;
import dev.postern.dns.client.AuthoritativeClient;
import dev.postern.dns.client.DnsClient;
import dev.postern.zonerecords.Publication;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of commands that ask the authoritative name servers of a domain, one by one.
final class AuthoritiesOption {
    private static final Duration PER_TRY = Duration.ofSeconds(3);
    private static final int TRIES = 2;

    @Mixin
    private NameServerOption server = new NameServerOption();

    @Option(
            names = "--except",
            paramLabel = "SERVER",
            description = "A name server of the domain that is not asked, since it is out of order. Repeatable.")
    private List<String> except = List.of();

    @Option(
            names = "--server-port",
            paramLabel = "PORT",
            defaultValue = "53",
            description = "Where the name servers of the domain listen, if it is not port ${DEFAULT-VALUE}.")
    private int port;

    /// What asks them, and has to be closed.
    record Opened(Publication publication, DnsClient resolver) implements AutoCloseable {
        @Override
        public void close() {
            resolver.close();
        }
    }

    /// What asks them, with the resolver of the configuration unless another one is named.
    Opened open(Config config) throws Failure, IOException {
        Set<DomainName> without = new HashSet<>();
        for (String name : except) {
            without.add(DomainName.parse(name)
                    .orElseThrow(
                            () -> new Failure(2, "--except must be the name of a name server, not \"" + name + "\"")));
        }
        if (port < 1 || port > 0xFFFF) {
            throw new Failure(2, "--server-port must be 1 to 65535, not " + port);
        }
        DnsClient resolver = new DnsClient(server.settings(() -> NameServers.of(config)), InstantSource.system());
        AuthoritativeClient servers = new AuthoritativeClient(port, PER_TRY, TRIES);
        return new Opened(new Publication(resolver, servers, without), resolver);
    }
}
