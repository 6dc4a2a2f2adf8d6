package dev.postern.app.config;

import dev.postern.policy.Network;
import dev.postern.policy.NetworkSet;
import dev.postern.route.DomainPattern;
import dev.postern.route.RelayDomain;
import dev.postern.route.RouteSettings;
import dev.postern.route.SmarthostSettings;
import dev.postern.smtpserver.EtrnRights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The section `[relay]`: whom we relay for.
final class RelaySection {
    /// No site has a shorter prefix of IPv4 or IPv6 for itself.
    private static final int LEAST_PREFIX = 8;

    private RelaySection() {}

    /// Reads it. A balancer has no trust of its own: what comes from there speaks for others, or for nobody that it can
    /// tell.
    static Config.Relay read(Section section, NetworkSet balancers) {
        List<Network> networks = section.networks("networks");
        networks.stream()
                .filter(network -> network.bits() < LEAST_PREFIX)
                .forEach(network -> section.fault(
                        "networks",
                        "\"" + network + "\" would make this an open relay; list networks of at least /"
                                + LEAST_PREFIX));
        List<RelayDomain> domains = new ArrayList<>();
        section.pairs("domains").forEach((name, target) -> {
            Optional<DomainPattern> domain = DomainPattern.parse(name);
            Optional<Endpoints.HostAndPort> host = target.equalsIgnoreCase("mx")
                    ? Optional.empty()
                    : Endpoints.hostAndPort(target, RouteSettings.SMTP_PORT);
            if (domain.isEmpty() || (host.isEmpty() && !target.equalsIgnoreCase("mx"))) {
                section.fault(
                        "domains",
                        name,
                        "relay domain \"" + name + "\" = \"" + target
                                + "\" must be a domain and \"mx\" or a host such as \"inside.example.org:25\"");
            } else {
                domains.add(new RelayDomain(
                        domain.get(),
                        host.map(h -> new SmarthostSettings(
                                h.toString(),
                                h.host(),
                                h.port(),
                                SmarthostSettings.Tls.OPPORTUNISTIC,
                                Optional.empty()))));
            }
        });
        EtrnRights etrn = EtrnPairs.read(section, domains, balancers);
        section.finish();
        return new Config.Relay(new NetworkSet(networks).except(balancers), domains, etrn);
    }
}
