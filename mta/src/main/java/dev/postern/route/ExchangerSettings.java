package dev.postern.route;

import dev.postern.dns.DomainName;
import dev.postern.wire.Endpoint;
import java.time.Duration;
import java.util.Set;

/// What the look-up of mail exchangers needs to know of this server, and its bounds.
///
/// @param ownNames the names by which others may list this server as an exchanger
/// @param ownEndpoints the addresses and ports at which this server takes mail from others
/// @param notPublic whether exchangers may have addresses that are not public: loopback, private, link-local
/// @param families the versions of the Internet Protocol that are used
/// @param maxHosts how many exchangers of one domain are looked at, the best-preferred first, 1 to 100
/// @param maxAddresses how many addresses are tried in one attempt, 1 to 1000
/// @param patience how long one look-up may go on asking for further hosts; the first is always asked for
public record ExchangerSettings(
        Set<DomainName> ownNames,
        Set<Endpoint.Inet> ownEndpoints,
        boolean notPublic,
        IpFamilies families,
        int maxHosts,
        int maxAddresses,
        Duration patience) {
    private static final int DEFAULT_HOSTS = 10;
    private static final int DEFAULT_ADDRESSES = 20;
    private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_HOSTS = 100;
    private static final int MOST_ADDRESSES = 1000;

    /// @throws IllegalArgumentException if a bound is out of its range
    public ExchangerSettings {
        ownNames = Set.copyOf(ownNames);
        ownEndpoints = Set.copyOf(ownEndpoints);
        if (maxHosts < 1 || maxHosts > MOST_HOSTS || maxAddresses < 1 || maxAddresses > MOST_ADDRESSES) {
            throw new IllegalArgumentException(maxHosts + " hosts, " + maxAddresses + " addresses");
        }
        if (patience.isNegative()) {
            throw new IllegalArgumentException("patience " + patience);
        }
    }

    /// The usual bounds: only public addresses, both families, 10 hosts, 20 addresses, one minute.
    public static ExchangerSettings usual(Set<DomainName> ownNames, Set<Endpoint.Inet> ownEndpoints) {
        return new ExchangerSettings(
                ownNames, ownEndpoints, false, IpFamilies.BOTH, DEFAULT_HOSTS, DEFAULT_ADDRESSES, DEFAULT_PATIENCE);
    }

    /// The same, but exchangers may have addresses that are not public: for a network of its own.
    public ExchangerSettings withNotPublic() {
        return new ExchangerSettings(ownNames, ownEndpoints, true, families, maxHosts, maxAddresses, patience);
    }
}
