package dev.postern.app.config;

import dev.postern.policy.Network;
import dev.postern.policy.NetworkSet;
import dev.postern.smtpserver.Balancers;
import java.time.Duration;
import java.util.List;

/// The section `[front]`: which servers speak for clients of theirs, and who is told more than strangers.
final class FrontSection {
    /// Whoever speaks for others is believed, so no list of them may hold half the world.
    private static final int LEAST_PREFIX = 8;

    private FrontSection() {}

    /// Reads it. A balancer is taken for nothing but a balancer: what it says of no client is no listed host's word.
    static Config.Front read(Section section) {
        NetworkSet hosts = networks(section, "balancers");
        Balancers usual = Balancers.at(hosts);
        Duration patience = section.positive("header-time-out", usual.patience());
        Config.Front front = new Config.Front(
                new Balancers(hosts, patience, usual.waiting()),
                new Config.Front.XClient(
                        networks(section, "xclient").except(hosts), section.flag("xclient-login", false)),
                networks(section, "xforward").except(hosts),
                section.choice("lookups", "nobody", List.of("nobody", "trusted"))
                        .equals("trusted"));
        section.finish();
        return front;
    }

    private static NetworkSet networks(Section section, String key) {
        List<Network> networks = section.networks(key);
        networks.stream()
                .filter(network -> network.bits() < LEAST_PREFIX)
                .forEach(network -> section.fault(
                        key, "\"" + network + "\" would believe the whole world; list the servers themselves"));
        return new NetworkSet(networks);
    }
}
