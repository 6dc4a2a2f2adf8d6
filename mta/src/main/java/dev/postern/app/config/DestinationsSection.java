package dev.postern.app.config;

import dev.postern.certificates.KeyFiles;
import dev.postern.crypto.CertificateNames;
import dev.postern.crypto.Identity;
import dev.postern.dns.DomainName;
import dev.postern.event.IoFault;
import dev.postern.queue.LaneBounds;
import dev.postern.route.DomainPattern;
import dev.postern.route.RelayDomain;
import dev.postern.route.SmarthostSettings;
import dev.postern.smtp.Host;
import dev.postern.tls.ClientTls;
import dev.postern.tls.TlsProvider;
import dev.postern.tls.TlsVersion;
import dev.postern.tlspolicy.hops.DestinationPolicy;
import dev.postern.tlspolicy.hops.DestinationPolicy.Level;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The sections `[destinations."…"]`: how sessions with the hosts of one mail domain, or with one given host, are
/// protected, and how much these may get.
final class DestinationsSection {
    private static final int MOST_PER_MINUTE = 6_000_000;
    private static final String UNTOLD = "";
    private static final List<String> LEVELS =
            List.of("none", "may", "encrypt", "verify", "secure", "fingerprint", "dane", "dane-only");

    private final Section section;
    private final String name;
    private final Site site;

    private DestinationsSection(Section section, String name, Site site) {
        this.section = section;
        this.name = name;
        this.site = site;
    }

    /// What the sections are read beside.
    ///
    /// @param folder where relative paths begin
    /// @param provider `auto`, `conscrypt` or `jsse`
    /// @param proven smarthosts whose own settings want more than `may`
    /// @param relayed domains that we carry mail for
    /// @param bounds how much each next hop may get of which nothing else is said
    record Site(Path folder, String provider, Set<Host> proven, List<RelayDomain> relayed, LaneBounds bounds) {
        /// The given host that mail for a destination goes to, whatever is said of the destination.
        Optional<Host> inside(DomainPattern destination) {
            return relayed.stream()
                    .filter(relay -> relay.domains().equals(destination)
                            || (!destination.below() && relay.domains().covers(destination.domain())))
                    .flatMap(relay -> relay.host().stream())
                    .map(SmarthostSettings::host)
                    .filter(host -> !host.equals(new Host.Domain(destination.domain())))
                    .findFirst();
        }

        /// Whether sessions of TLS 1.0 and 1.1 can be had.
        boolean knowsOldVersions() {
            return !provider.equals("jsse") && TlsProvider.conscrypt().isPresent();
        }
    }

    /// Reads them.
    static Config.Destinations read(Section root, Site site) {
        Map<DomainPattern, Config.Destination> destinations = new LinkedHashMap<>();
        root.sections("destinations", "DOMAIN").forEach((name, inner) -> {
            if (inner.isOfSections()) {
                root.fault(
                        "destinations",
                        name,
                        "a domain stands in quotes here, such as [destinations.\"" + name + ".example\"]: without them"
                                + " its dots divide sections");
                return;
            }
            Config.Destination destination = new DestinationsSection(inner, name, site).destination();
            inner.finish();
            Optional<DomainPattern> pattern = DomainPattern.parse(name);
            if (pattern.isEmpty()) {
                root.fault(
                        "destinations",
                        name,
                        "\"" + name + "\" is no destination: write a domain, \"*.\" and a domain for those below it, or"
                                + " the host of a smarthost");
            } else if (destinations.putIfAbsent(pattern.get(), destination) != null) {
                root.fault("destinations", name, "the destination \"" + pattern.get() + "\" stands here twice");
            } else {
                site.inside(pattern.get())
                        .ifPresent(
                                host -> root.fault(
                                        "destinations",
                                        name,
                                        "mail for \"" + name + "\" goes to " + host
                                                + " by relay.domains, so the name of that host"
                                                + " counts: write [destinations.\"HOST\"], and that name in relay.domains, too"));
            }
        });
        return new Config.Destinations(destinations);
    }

    private Config.Destination destination() {
        Optional<String> tls =
                Optional.of(section.choice("tls", UNTOLD, LEVELS)).filter(word -> !word.equals(UNTOLD));
        Optional<Level> level =
                tls.map(word -> Level.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_')));
        boolean given = DomainName.parse(name)
                .filter(host -> site.proven().contains(new Host.Domain(host)))
                .isPresent();
        if (given && (level.equals(Optional.of(Level.NONE)) || level.equals(Optional.of(Level.MAY)))) {
            section.fault("tls", "the smarthost \"" + name + "\" has a \"tls\" of its own that wants more");
        }
        Set<String> fingerprints = fingerprints(level);
        List<String> names = names(level);
        ClientTls.Manner manner = new ClientTls.Manner(oldest(level), certificate(level));
        Optional<Level> usable = level.filter(one -> one != Level.FINGERPRINT || !fingerprints.isEmpty());
        return new Config.Destination(
                usable.map(one -> new DestinationPolicy(name, one, names, fingerprints)), manner, bounds());
    }

    private LaneBounds bounds() {
        LaneBounds usual = site.bounds();
        int most = section.number("concurrency", usual.most(), 1, DeliverySection.MOST_AT_ONCE);
        int first = section.number("first-concurrency", Math.min(usual.first(), most), 1, DeliverySection.MOST_AT_ONCE);
        return new LaneBounds(
                DeliverySection.first(section, first, most),
                most,
                section.number("messages-per-minute", usual.perMinute(), 0, MOST_PER_MINUTE));
    }

    private Set<String> fingerprints(Optional<Level> level) {
        boolean wanted = level.equals(Optional.of(Level.FINGERPRINT));
        Set<String> digests =
                new TreeSet<>(section.parsedList("fingerprints", Fingerprint.EXPECTED, Fingerprint::parse));
        if (wanted && !section.has("fingerprints")) {
            section.fault(
                    "tls",
                    "tls = \"fingerprint\" needs \"fingerprints\"; `openssl x509 -fingerprint -sha256`"
                            + " prints that of a certificate");
        } else if (!wanted && section.has("fingerprints")) {
            section.fault("fingerprints", "\"fingerprints\" are looked at with tls = \"fingerprint\" only");
        }
        return wanted ? digests : Set.of();
    }

    private List<String> names(Optional<Level> level) {
        boolean wanted = level.equals(Optional.of(Level.VERIFY)) || level.equals(Optional.of(Level.SECURE));
        List<String> names = section.parsedList(
                "names",
                "a host name, or \"*.\" and a domain for all names of one label more",
                text -> CertificateNames.Name.parse(text).map(CertificateNames.Name::toString));
        if (!wanted && section.has("names")) {
            section.fault("names", "\"names\" are looked at with tls = \"verify\" or \"secure\" only");
        }
        return wanted ? names : List.of();
    }

    private TlsVersion oldest(Optional<Level> level) {
        TlsVersion oldest = section.parsed("oldest-tls", "\"1.0\", \"1.1\", \"1.2\" or \"1.3\"", TlsVersion::parse)
                .orElse(TlsVersion.TLS_1_2);
        if (section.has("oldest-tls") && level.equals(Optional.of(Level.NONE))) {
            section.fault("oldest-tls", "\"oldest-tls\" has no meaning with tls = \"none\"");
        } else if (oldest.isOld() && !site.knowsOldVersions()) {
            section.fault(
                    "oldest-tls",
                    "TLS " + oldest + " is spoken by Conscrypt only, which "
                            + (site.provider().equals("jsse") ? "tls.provider rules out" : "does not load here")
                            + ": the JDK has it switched off");
            return TlsVersion.TLS_1_2;
        }
        return oldest;
    }

    private Optional<Identity> certificate(Optional<Level> level) {
        Optional<Path> certificate = section.string("certificate").map(site.folder()::resolve);
        Optional<Path> key = section.string("key").map(site.folder()::resolve);
        String given = section.has("certificate") ? "certificate" : "key";
        if (section.has("certificate") != section.has("key")) {
            section.fault(given, "\"certificate\" and \"key\" of a destination belong together; write both or none");
        } else if (section.has(given) && level.equals(Optional.of(Level.NONE))) {
            section.fault(given, "a certificate is not shown with tls = \"none\"");
        } else if (certificate.isPresent() && key.isPresent()) {
            try {
                return Optional.of(new KeyFiles(certificate.get(), key.get())
                        .read(TlsProvider.best().provider()));
            } catch (IOException e) {
                section.fault("certificate", IoFault.sentence(e));
            }
        }
        return Optional.empty();
    }
}
