package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.dns.DomainName;
import dev.postern.queue.LaneBounds;
import dev.postern.queue.LaneRules;
import dev.postern.route.DomainPattern;
import dev.postern.route.RelayDomain;
import dev.postern.route.Route;
import dev.postern.route.Sites;
import dev.postern.route.SmarthostRule;
import dev.postern.route.SmarthostSettings;
import dev.postern.smtp.Host;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// How much the next hops may get, as a configuration says of their mail domains; where mail goes to a given host, of
/// that; and where domains share their exchangers and nothing is said of them, of the first exchanger.
///
/// @param given the host of each lane that leads to one
/// @param destinations what is said of some
/// @param usual for all others
record DestinationLimits(Map<String, DomainName> given, Config.Destinations destinations, LaneBounds usual)
        implements LaneRules {
    DestinationLimits {
        given = Map.copyOf(given);
    }

    /// Those of a configuration.
    static DestinationLimits of(Config config) {
        Map<String, DomainName> given = new HashMap<>();
        Stream.of(
                        config.routes().rules().stream().map(SmarthostRule::host),
                        Stream.of(config.routes().fallback()),
                        config.relay().domains().stream().map(RelayDomain::host))
                .flatMap(hosts -> hosts)
                .flatMap(Optional::stream)
                .forEach(host -> name(host).ifPresent(name -> given.put(new Route.Smarthost(host).lane(), name)));
        return new DestinationLimits(
                given, config.destinations(), config.delivery().bounds());
    }

    private static Optional<DomainName> name(SmarthostSettings settings) {
        return settings.host() instanceof Host.Domain(DomainName name) ? Optional.of(name) : Optional.empty();
    }

    @Override
    public LaneBounds of(String lane) {
        return Sites.terms(lane)
                .flatMap(DomainPattern::parse)
                .flatMap(terms -> Optional.ofNullable(destinations.byName().get(terms)))
                .or(() -> named(lane))
                .map(Config.Destination::bounds)
                .orElse(usual);
    }

    private Optional<Config.Destination> named(String lane) {
        return Optional.ofNullable(given.get(lane))
                .or(() -> Route.Mx.domainOf(lane))
                .or(() -> Sites.firstHost(lane))
                .flatMap(destinations::named);
    }
}
