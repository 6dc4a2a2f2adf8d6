package dev.postern.dns.client;

import dev.postern.wire.Endpoint;
import java.time.Duration;
import java.util.List;

/// Which name servers are asked, and how.
///
/// @param servers recursive name servers, the preferred first, 1 to 8
/// @param perTry how long one server is waited for, above 0
/// @param tries how often a server that does not answer is asked, 1 to 10
/// @param inFlight how many questions one server has at a time, 1 to 10000; beyond some 128 UDP loses them
/// @param validation who finds out whether DNSSEC vouches for an answer
public record DnsSettings(
        List<Endpoint.Inet> servers,
        Duration perTry,
        int tries,
        int inFlight,
        Validation validation,
        CacheSettings cache) {
    /// The port of name servers.
    public static final int DNS_PORT = 53;

    private static final int MAX_SERVERS = 8;
    private static final int MAX_TRIES = 10;
    private static final int MAX_IN_FLIGHT = 10_000;
    private static final Duration USUAL_TIME = Duration.ofSeconds(3);
    private static final int USUAL_TRIES = 2;
    private static final int USUAL_IN_FLIGHT = 128;
    private static final int CHAIN = 3;

    /// @throws IllegalArgumentException if a bound is out of its range
    public DnsSettings {
        servers = List.copyOf(servers);
        if (servers.isEmpty() || servers.size() > MAX_SERVERS) {
            throw new IllegalArgumentException(servers.size() + " name servers");
        }
        if (perTry.isNegative()
                || perTry.isZero()
                || tries < 1
                || tries > MAX_TRIES
                || inFlight < 1
                || inFlight > MAX_IN_FLIGHT) {
            throw new IllegalArgumentException(perTry + ", " + tries + " tries, " + inFlight + " in flight");
        }
    }

    /// The usual bounds for these servers; they are trusted to tell what is authentic if all of them are on this host.
    public static DnsSettings of(List<Endpoint.Inet> servers) {
        return new DnsSettings(
                servers, USUAL_TIME, USUAL_TRIES, USUAL_IN_FLIGHT, whose(servers), CacheSettings.usual());
    }

    private static Validation whose(List<Endpoint.Inet> servers) {
        return servers.stream().allMatch(server -> server.address().isLoopbackAddress())
                ? new Validation.ByServers()
                : new Validation.Off();
    }

    /// The usual bounds for the servers that this host is set up with.
    public static DnsSettings of(ResolvConf conf) {
        return of(conf.servers());
    }

    /// The same, with other times: for tests and for networks that are slow.
    public DnsSettings patient(Duration perTry, int tries) {
        return new DnsSettings(servers, perTry, tries, inFlight, validation, cache);
    }

    /// The same, with another one to validate.
    public DnsSettings validating(Validation other) {
        return new DnsSettings(servers, perTry, tries, inFlight, other, cache);
    }

    /// The time within which the last try of a question begins: every try at every server, and that more than
    /// once where a chain of keys may have to be asked for too.
    public Duration longest() {
        Duration once = perTry.multipliedBy((long) tries * servers.size());
        return switch (validation) {
            case Validation.Off _, Validation.ByServers _ -> once;
            case Validation.Self _ -> once.multipliedBy(CHAIN);
        };
    }
}
