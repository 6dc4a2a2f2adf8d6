package dev.postern.app;

import dev.postern.app.config.Endpoints;
import dev.postern.dns.Resolver;
import dev.postern.dns.Zone;
import dev.postern.dns.ZoneResolver;
import dev.postern.dns.client.DnsClient;
import dev.postern.dns.client.DnsSettings;
import dev.postern.dns.client.ResolvConf;
import dev.postern.wire.Endpoint;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options `--dns` and `--zone`, shared by every command that looks something up: whom to ask, or a file to read
/// instead.
final class DnsOption {
    private static final int PORT = 53;

    @Option(
            names = "--dns",
            paramLabel = "ADDRESS[:PORT]",
            description = "The name server to ask. Default: the system's.")
    private @Nullable String server;

    @Option(names = "--zone", paramLabel = "FILE", description = "A master file that is all of DNS: nobody is asked.")
    private @Nullable Path zone;

    /// A resolver that may have to be closed.
    record Opened(Resolver resolver, Closeable end) implements Closeable {
        @Override
        public void close() throws IOException {
            end.close();
        }
    }

    /// The resolver that was asked for.
    Opened open() throws Failure, IOException {
        if (zone != null) {
            return switch (Zone.parse(text(zone))) {
                case Zone.Good(Zone good) -> new Opened(new ZoneResolver(good), () -> {});
                case Zone.Bad bad ->
                    throw new Failure(zone + ": " + bad.faults().getFirst());
            };
        }
        DnsClient client = new DnsClient(settings());
        return new Opened(client, client::close);
    }

    private static String text(Path zone) throws Failure, IOException {
        try {
            return Files.readString(zone);
        } catch (CharacterCodingException binary) {
            throw new Failure(zone + " is no master file: it holds octets that are not UTF-8");
        }
    }

    private DnsSettings settings() throws Failure, IOException {
        String named = server;
        if (named == null) {
            return DnsSettings.of(ResolvConf.read(ResolvConf.USUAL));
        }
        Endpoint.Inet endpoint = Endpoints.inet(named)
                .or(() -> Endpoints.inet(Endpoints.withPort(named, PORT)))
                .orElseThrow(() ->
                        new Failure(2, "--dns must be an address, with or without a port, not \"" + named + "\""));
        return DnsSettings.of(List.of(endpoint));
    }
}
