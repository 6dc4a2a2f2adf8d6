package dev.postern.app.config;

import dev.postern.acme.AcmeSettings;
import dev.postern.dns.DomainName;
import dev.postern.tlspolicy.mtasts.PolicyFile;
import dev.postern.tlspolicy.mtasts.StsPolicy;
import dev.postern.zonerecords.StsSite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The keys of `[mta-sts]` about our own domains: what they say about the TLS of their exchangers.
final class OwnStsKeys {
    private static final Duration USUAL_AGE = Duration.ofDays(7);
    private static final String OFF = "off";

    private final Section section;
    private final Ground ground;

    private OwnStsKeys(Section section, Ground ground) {
        this.section = section;
        this.ground = ground;
    }

    /// What they have to fit to.
    ///
    /// @param hostname of this server, which every policy names
    /// @param https whether our web server listens under TLS
    record Ground(DomainName hostname, boolean https) {}

    /// Reads them.
    static Optional<StsSite> read(Section section, Ground ground) {
        return new OwnStsKeys(section, ground).site();
    }

    /// The names that a certificate of ours is for: this server's, and those of the hosts of policies that it serves,
    /// as many as go into one.
    static List<DomainName> certified(DomainName hostname, List<DomainName> domains, Config.MtaSts sts) {
        List<DomainName> names = new ArrayList<>(List.of(hostname));
        if (sts.own().filter(StsSite::served).isPresent()) {
            domains.stream()
                    .flatMap(domain -> PolicyFile.host(domain).stream())
                    .limit(AcmeSettings.MOST_NAMES - 1L)
                    .forEach(names::add);
        }
        return names;
    }

    private Optional<StsSite> site() {
        String mode = section.choice("mode", OFF, List.of("enforce", "testing", "none", OFF));
        Duration age = section.positive("max-age", USUAL_AGE);
        if (age.toSeconds() > StsPolicy.MOST_SECONDS || age.toSeconds() < 1) {
            section.fault("max-age", "\"mta-sts.max-age\" must be from 1s to 365d");
            age = USUAL_AGE;
        }
        List<String> hosts = new ArrayList<>(List.of(ground.hostname().text()));
        section.parsedList("hosts", "the name of a host, or \"*.\" and a name", OwnStsKeys::pattern).stream()
                .filter(pattern -> !hosts.contains(pattern))
                .forEach(hosts::add);
        boolean served = section.flag("serve", false);
        if (served && !ground.https()) {
            section.fault(
                    "serve",
                    "a policy is served under TLS only: write https = [\"0.0.0.0:443\", \"[::]:443\"] below [listen]");
        }
        if (mode.equals(OFF)) {
            if (served) {
                section.fault("serve", "there is no policy to serve: write mode = \"testing\" below [mta-sts]");
            }
            for (String key : List.of("hosts", "max-age")) {
                if (section.has(key)) {
                    section.fault(
                            key,
                            "\"mta-sts." + key
                                    + "\" is for a policy of ours: write mode = \"testing\" beside it, or take"
                                    + " it out");
                }
            }
            return Optional.empty();
        }
        return Optional.of(
                new StsSite(new StsPolicy(StsPolicy.Mode.valueOf(mode.toUpperCase(Locale.ROOT)), hosts, age), served));
    }

    private static Optional<String> pattern(String text) {
        boolean wild = text.startsWith("*.");
        return DomainName.parse(wild ? text.substring(2) : text)
                .filter(DomainName::isHostName)
                .map(name -> (wild ? "*." : "") + name);
    }
}
