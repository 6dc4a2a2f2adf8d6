package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.dns.Resolver;
import dev.postern.dns.ZoneUpdater;
import dev.postern.dns.client.AuthoritativeClient;
import dev.postern.dns.client.DnsSettings;
import dev.postern.event.Events;
import dev.postern.web.Pages;
import dev.postern.zonerecords.PinnedKeys;
import dev.postern.zonerecords.PolicyPages;
import dev.postern.zonerecords.Publication;
import dev.postern.zonerecords.RolloverGuard;
import dev.postern.zonerecords.Site;
import dev.postern.zonerecords.TlsaWatch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Supplier;

/// What the zones of a running server have to do with its certificates and its web server.
///
/// @param config the present one
record OwnZones(Supplier<Config> config, Resolver resolver, InstantSource clock, Events events) {
    private static final Duration PER_TRY = Duration.ofSeconds(2);
    private static final int TRIES = 2;

    /// Holds certificates back whose TLSA records are not published.
    ///
    /// @param data where it may remember something
    /// @param updater publishes them where it may
    RolloverGuard guard(Path data, ZoneUpdater updater) {
        return new RolloverGuard(whose(), waiting(data), new RolloverGuard.Ground(updater, clock, events));
    }

    /// Looks now and then whether there are TLSA records.
    TlsaWatch watch(Path data) {
        return new TlsaWatch(whose(), waiting(data), events);
    }

    private static Path waiting(Path data) {
        return data.resolve("tls").resolve("waiting");
    }

    private RolloverGuard.Names whose() {
        return new RolloverGuard.Names(resolver, publication(), this::names);
    }

    /// Tells which keys stay when their certificates are renewed.
    PinnedKeys pinned() {
        return new PinnedKeys(resolver, publication(), this::names);
    }

    /// The pages that our domains need.
    Pages pages() {
        return new PolicyPages(
                () -> config.get().domains().local(),
                () -> config.get().mtaSts().own());
    }

    /// Asks the servers of our zones, port 53 of each.
    Publication publication() {
        return new Publication(resolver, new AuthoritativeClient(DnsSettings.DNS_PORT, PER_TRY, TRIES), Set.of());
    }

    private Site.Names names() {
        Config now = config.get();
        return new Site.Names(now.hostname(), now.domains().local());
    }
}
