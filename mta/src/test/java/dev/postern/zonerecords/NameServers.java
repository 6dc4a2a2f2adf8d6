package dev.postern.zonerecords;

import dev.postern.dns.AuthoritativeAnswer;
import dev.postern.dns.AuthoritativeResolver;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Zone;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Name servers in memory, each with a master file of its own that may change.
final class NameServers implements AuthoritativeResolver {
    /// How long others keep that there is nothing.
    static final Duration NEGATIVE = Duration.ofMinutes(1);

    private final Map<InetAddress, Zone> zones = new HashMap<>();

    /// Lets the server at an address have these records from now on.
    void serve(String address, String masterFile) {
        zones.put(InetAddress.ofLiteral(address), Zone.of(masterFile));
    }

    /// Lets the server at an address answer nobody.
    void silence(String address) {
        zones.remove(InetAddress.ofLiteral(address));
    }

    @Override
    public <R> AuthoritativeAnswer<R> ask(InetAddress server, DomainName name, RecordType<R> type) {
        Zone zone = zones.get(server);
        if (zone == null) {
            return new AuthoritativeAnswer.Failed<>("it does not answer");
        }
        return switch (zone.step(name, type)) {
            case Zone.Records<R> found -> new AuthoritativeAnswer.Found<>(found.records(), found.ttl());
            case Zone.Alias<R> alias -> new AuthoritativeAnswer.Alias<>(alias.target(), alias.ttl());
            case Zone.NoData<R> _ -> new AuthoritativeAnswer.NoData<>(NEGATIVE);
            case Zone.NoDomain<R> _ -> new AuthoritativeAnswer.NoDomain<>(NEGATIVE);
            case Zone.Failure<R> _ -> new AuthoritativeAnswer.Failed<>("it answers SERVFAIL");
        };
    }
}
