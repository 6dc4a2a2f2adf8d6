package dev.postern.app.config;

import dev.postern.crypto.PrivateFile;
import dev.postern.dns.DomainName;
import dev.postern.dns.client.DnsSettings;
import dev.postern.dns.client.TrustAnchors;
import dev.postern.dns.client.TsigKey;
import dev.postern.dns.client.UpdateSettings;
import dev.postern.dns.client.Validation;
import dev.postern.event.IoFault;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The section `[dns]`: whom we ask for names, who validates what they answer, and who takes changes of our zones.
final class DnsSection {
    private static final Duration UPDATE_PATIENCE = Duration.ofSeconds(15);

    /// Of a file with a secret.
    private static final int MOST_OCTETS = 4096;

    private final Section section;
    private final Path folder;

    private DnsSection(Section section, Path folder) {
        this.section = section;
        this.folder = folder;
    }

    /// Reads it.
    ///
    /// @param folder where relative paths begin
    static Config.Dns read(Section section, Path folder) {
        DnsSection reading = new DnsSection(section, folder);
        Config.Dns dns = new Config.Dns(
                section.parsedList("servers", "an address, with or without a port", DnsSection::server),
                section.duration("time-out", Duration.ofSeconds(3)),
                reading.validation(),
                reading.update(section.section("update")));
        section.finish();
        return dns;
    }

    private static Optional<Endpoint.Inet> server(String text) {
        return Endpoints.inet(text).or(() -> Endpoints.inet(Endpoints.withPort(text, DnsSettings.DNS_PORT)));
    }

    private Optional<Validation> validation() {
        Optional<Path> file = section.string("trust-anchors").map(folder::resolve);
        Optional<Validation> validation = section.parsed(
                "validate",
                "one of resolver, self, off",
                word -> Optional.ofNullable(
                        switch (word) {
                            case "resolver" -> new Validation.ByServers();
                            case "self" -> new Validation.Self(anchors(file));
                            case "off" -> new Validation.Off();
                            default -> null;
                        }));
        if (file.isPresent() && !(validation.orElse(new Validation.Off()) instanceof Validation.Self)) {
            section.fault(
                    "trust-anchors",
                    "\"dns.trust-anchors\" is for validation in this process; write validate = \"self\" beside it");
        }
        return validation;
    }

    private TrustAnchors anchors(Optional<Path> file) {
        if (file.isPresent()) {
            try {
                return TrustAnchors.read(file.get());
            } catch (IOException e) {
                section.fault("trust-anchors", "the trust anchors cannot be read: " + IoFault.sentence(e));
            }
        }
        return TrustAnchors.ofTheRoot();
    }

    private Optional<UpdateSettings> update(Section update) {
        Optional<Endpoint.Inet> server =
                update.parsed("server", "an address, with or without a port", DnsSection::server);
        List<DomainName> zones = update.parsedList("zones", "a domain name", DomainName::parse);
        Optional<DomainName> name = update.parsed("key-name", "a domain name", DomainName::parse);
        // Not at each start: the algorithms bring the library for DNS with them, and that its log.
        Optional<TsigKey.Algorithm> algorithm =
                update.parsed("algorithm", () -> "one of " + algorithms(), TsigKey.Algorithm::parse);
        Optional<Path> file = update.string("key-file").map(folder::resolve);
        update.finish();
        if (!update.isThere()) {
            return Optional.empty();
        }
        for (String key : List.of("server", "zones", "key-name", "key-file")) {
            if (!update.has(key)) {
                update.fault(key, "\"dns.update\" needs \"" + key + "\"");
            }
        }
        // Under whatever name: what is wrong with the file is told beside all else.
        Optional<TsigKey> key = file.flatMap(secret -> key(
                update,
                name.orElse(DomainName.of("unnamed")),
                algorithm.orElse(TsigKey.Algorithm.HMAC_SHA256),
                secret));
        if (server.isEmpty() || zones.isEmpty() || name.isEmpty()) {
            return Optional.empty();
        }
        return key.map(its -> new UpdateSettings(server.get(), zones, its, UPDATE_PATIENCE));
    }

    private static String algorithms() {
        return String.join(
                ", ",
                Stream.of(TsigKey.Algorithm.values())
                        .map(TsigKey.Algorithm::word)
                        .toList());
    }

    private static Optional<TsigKey> key(Section update, DomainName name, TsigKey.Algorithm algorithm, Path file) {
        try {
            Optional<TsigKey> key = TsigKey.parse(
                    name, algorithm, new String(PrivateFile.read(file, MOST_OCTETS), StandardCharsets.ISO_8859_1));
            if (key.isEmpty()) {
                update.fault(
                        "key-file", file + " does not hold a secret in base64 of at least 16 octets, and nothing else");
            }
            return key;
        } catch (IOException e) {
            update.fault("key-file", "the key cannot be read: " + IoFault.sentence(e));
            return Optional.empty();
        }
    }
}
