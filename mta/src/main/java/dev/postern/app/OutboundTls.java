package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.dns.DomainName;
import dev.postern.dns.Resolver;
import dev.postern.tls.ClientTls;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.dane.DaneSource;
import dev.postern.tlspolicy.dane.DaneVerifier;
import dev.postern.tlspolicy.dane.TlsaLookup;
import dev.postern.tlspolicy.hops.HopPolicy;
import dev.postern.tlspolicy.mtasts.StsSource;
import dev.postern.transport.Encrypting;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// How sessions with other servers are protected, as one configuration wants it.
final class OutboundTls {
    private OutboundTls() {}

    /// Where it is asked what mail domains publish, and who is told how sessions went; the same for every
    /// configuration.
    record Sources(DaneSource dane, Encrypting.DaneMatching matching, StsSource sts, TlsTrial.Observer trials) {
        /// What can be had of a resolver.
        static Sources of(Resolver dns, InstantSource clock, StsSource sts, TlsTrial.Observer trials) {
            DaneVerifier verifier = new DaneVerifier(clock);
            return new Sources(new TlsaLookup(dns), wanted -> shown -> verifier.check(wanted, shown), sts, trials);
        }
    }

    /// What decides for each next hop.
    static HopPolicy policy(Config config, Sources sources) {
        return new HopPolicy(
                config.delivery().startTls() ? HopPolicy.Usual.PUBLISHED : HopPolicy.Usual.CLEAR,
                config.destinations(),
                sources.dane(),
                sources.sts());
    }

    /// How sessions are protected.
    ///
    /// @throws IOException if the certificate of a destination cannot be shown, or its version of TLS not be spoken
    static Encrypting of(Config config, ClientTls tls, Sources sources) throws IOException {
        Map<ClientTls.Manner, ClientTls> manners = new HashMap<>();
        manners.put(ClientTls.Manner.usual(), tls);
        for (Config.Destination destination : config.destinations().byName().values()) {
            if (!manners.containsKey(destination.manner())) {
                manners.put(destination.manner(), tls.in(destination.manner()));
            }
        }
        return new Encrypting(
                policy(config, sources),
                name -> manners.getOrDefault(manner(config, name), tls),
                sources.matching(),
                sources.trials());
    }

    private static ClientTls.Manner manner(Config config, Optional<DomainName> destination) {
        return destination
                .flatMap(config.destinations()::named)
                .map(Config.Destination::manner)
                .orElseGet(ClientTls.Manner::usual);
    }
}
