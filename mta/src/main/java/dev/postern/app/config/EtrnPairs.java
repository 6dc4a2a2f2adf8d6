package dev.postern.app.config;

import dev.postern.policy.Network;
import dev.postern.policy.NetworkSet;
import dev.postern.route.DomainPattern;
import dev.postern.route.RelayDomain;
import dev.postern.smtpserver.EtrnRights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The pairs `[relay.etrn]`: which hosts may ask for the waiting mail of which relay domains.
final class EtrnPairs {
    private static final String KEY = "etrn";

    private EtrnPairs() {}

    /// Reads them.
    ///
    /// @param relayed the relay domains
    /// @param balancers that are no hosts of a domain
    static EtrnRights read(Section relay, List<RelayDomain> relayed, NetworkSet balancers) {
        List<EtrnRights.Right> rights = new ArrayList<>();
        relay.pairs(KEY).forEach((name, text) -> {
            Optional<DomainPattern> domain = DomainPattern.parse(name)
                    .filter(pattern ->
                            relayed.stream().anyMatch(one -> one.domains().equals(pattern)));
            List<Optional<Network>> networks = List.of(text.strip().split("[ ,]+")).stream()
                    .map(Network::parse)
                    .toList();
            if (domain.isEmpty()) {
                relay.fault(KEY, name, "\"" + name + "\" may ask for its mail but is none of the relay domains");
            } else if (networks.stream().anyMatch(Optional::isEmpty)) {
                relay.fault(
                        KEY, name, "\"" + name + "\" = \"" + text + "\" must be address ranges such as \"192.0.2.7\"");
            } else {
                NetworkSet hosts = new NetworkSet(
                        networks.stream().map(Optional::orElseThrow).toList());
                rights.add(new EtrnRights.Right(domain.get(), hosts.except(balancers)));
            }
        });
        return new EtrnRights(rights);
    }
}
