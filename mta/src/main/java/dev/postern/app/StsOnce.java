package dev.postern.app;

import dev.postern.dns.Resolver;
import dev.postern.event.Events;
import dev.postern.tlspolicy.mtasts.PolicyFetcher;
import dev.postern.tlspolicy.mtasts.StsPolicies;
import dev.postern.tlspolicy.mtasts.StsSettings;
import dev.postern.tlspolicy.mtasts.StsSource;
import dev.postern.web.HttpsClient;
import java.io.Closeable;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// The MTA-STS policies of other mail domains for one command: fetched when they are asked for, and kept nowhere.
final class StsOnce implements Closeable {
    private static final int FETCHES = 2;

    private final HttpsClient web;
    private final StsPolicies policies;

    /// @param roots the certificates that are trusted; empty for the JDK's
    /// @param notPublic whether hosts of policies may have addresses that are not public
    StsOnce(Resolver resolver, List<X509Certificate> roots, boolean notPublic) {
        web = OutboundWeb.of(roots, notPublic, resolver);
        StsSettings usual = StsSettings.usual();
        policies = new StsPolicies(
                new StsSettings(usual.port(), Duration.ofSeconds(PolicyFetcher.SECONDS), FETCHES, FETCHES, 1),
                new StsPolicies.Ground(
                        resolver,
                        StsKeeping.fetcher(web),
                        task -> Thread.ofVirtual().name("postern-sts").start(task),
                        InstantSource.system(),
                        Events.none()));
    }

    /// Tells them.
    StsSource source() {
        return policies;
    }

    @Override
    public void close() throws IOException {
        web.close();
    }
}
