package dev.postern.transport;

import dev.postern.dns.ZoneResolver;
import dev.postern.event.Event;
import dev.postern.route.ExchangerSettings;
import dev.postern.route.MailExchangers;
import dev.postern.smtpclient.ClientSettings;
import dev.postern.smtpclient.ClientTimeouts;
import dev.postern.smtpclient.Connector;
import dev.postern.smtpclient.FakeServer;
import dev.postern.smtpclient.MemoryConnector;
import dev.postern.smtpclient.SessionOpener;
import dev.postern.spool.ManualClock;
import dev.postern.tls.CertificateCheck;
import dev.postern.tls.ClientTls;
import dev.postern.tls.TlsProvider;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.dane.DaneSource;
import dev.postern.tlspolicy.hops.DestinationPolicies;
import dev.postern.tlspolicy.hops.HopPolicy;
import dev.postern.tlspolicy.mtasts.StsSource;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/// A small internet: zones, and servers by their addresses; what is not there cannot be connected to.
final class Internet {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Map<String, Iterator<FakeServer>> servers = new HashMap<>();
    private final MemoryConnector connector = new MemoryConnector(this::server);
    final ManualClock clock = new ManualClock(Mail.ARRIVED);
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final String zone;

    /// @param zone a master file
    Internet(String zone) {
        this.zone = zone;
    }

    /// Puts servers at an address and port, one for each connection; a further connection is refused.
    Internet with(String endpoint, FakeServer... oneAConnection) {
        servers.put(endpoint, List.of(oneAConnection).iterator());
        return this;
    }

    private java.util.function.Consumer<dev.postern.wire.Connection> server(Endpoint endpoint) {
        Iterator<FakeServer> next = servers.get(endpoint.toString());
        if (next == null || !next.hasNext()) {
            throw new IllegalStateException("Connection refused");
        }
        return next.next()::serve;
    }

    /// Where connections were tried to, in order.
    List<String> tried() {
        return connector.tried().stream().map(Endpoint::toString).toList();
    }

    int open() {
        return connector.open();
    }

    List<Event> events() {
        return events;
    }

    static ClientSettings client() {
        return new ClientSettings(
                "client.example.org",
                new ClientTimeouts(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG),
                1 << 16);
    }

    SessionOpener opener() {
        return new SessionOpener(connector, client(), events::add);
    }

    SmtpTransport transport(SessionBounds bounds) {
        return transport(bounds, connector, encrypting(clear(), tls()));
    }

    /// What decides where nothing is encrypted.
    static HopPolicy clear() {
        return new HopPolicy(HopPolicy.Usual.CLEAR, DestinationPolicies.none(), DaneSource.none(), StsSource.none());
    }

    /// How sessions are protected, where nobody is told how they went.
    static Encrypting encrypting(HopPolicy policy, ClientTls tls) {
        return new Encrypting(policy, _ -> tls, _ -> CertificateCheck.none(), TlsTrial.Observer.none());
    }

    SmtpTransport transport(SessionBounds bounds, Connector by, Encrypting encrypting) {
        return transport(bounds, new SessionOpener(by, client(), events::add), encrypting);
    }

    SmtpTransport transport(SessionBounds bounds, SessionOpener opener, Encrypting encrypting) {
        MailExchangers exchangers = new MailExchangers(
                ZoneResolver.of(zone),
                ExchangerSettings.usual(Set.of(), Set.of()).withNotPublic(),
                new Random(1));
        return new SmtpTransport(bounds, opener, exchangers, new SmtpTransport.Ground(encrypting, clock, events::add));
    }

    static ClientTls tls() {
        return tls(TlsProvider.jsse());
    }

    static ClientTls tls(TlsProvider provider) {
        try {
            return new ClientTls(provider, List.of());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
