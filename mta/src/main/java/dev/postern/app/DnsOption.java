package dev.postern.app;

import dev.postern.dns.Resolver;
import dev.postern.dns.Zone;
import dev.postern.dns.ZoneResolver;
import dev.postern.dns.client.DnsClient;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options `--dns` and `--zone`, shared by every command that looks something up: whom to ask, or a file to read
/// instead.
final class DnsOption {
    @Mixin
    private NameServerOption server = new NameServerOption();

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
        DnsClient client = new DnsClient(server.settings(NameServers::ofTheSystem), InstantSource.system());
        return new Opened(client, client::close);
    }

    private static String text(Path zone) throws Failure, IOException {
        try {
            return Files.readString(zone);
        } catch (CharacterCodingException binary) {
            throw new Failure(zone + " is no master file: it holds octets that are not UTF-8");
        }
    }
}
