package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.app.config.OwnAddresses;
import dev.postern.delivery.TransportChoice;
import dev.postern.dns.DomainName;
import dev.postern.dns.Resolver;
import dev.postern.event.Events;
import dev.postern.reporting.ReportTransport;
import dev.postern.reportstore.ReportArchive;
import dev.postern.route.ExchangerSettings;
import dev.postern.route.MailExchangers;
import dev.postern.route.Route;
import dev.postern.route.Sites;
import dev.postern.smtpclient.ClientSettings;
import dev.postern.smtpclient.ClientTimeouts;
import dev.postern.smtpclient.Connector;
import dev.postern.smtpclient.SessionOpener;
import dev.postern.tls.ClientTls;
import dev.postern.transport.LmtpSettings;
import dev.postern.transport.LmtpTransport;
import dev.postern.transport.MaildirSettings;
import dev.postern.transport.MaildirTransport;
import dev.postern.transport.PipeCommand;
import dev.postern.transport.PipeSettings;
import dev.postern.transport.PipeTransport;
import dev.postern.transport.SessionBounds;
import dev.postern.transport.SmtpTransport;
import dev.postern.transport.Transport;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The means by which mail leaves, as one configuration wants them.
///
/// @param smtp to other servers
/// @param local into inboxes and programs, by the names that routes use
record Transports(Transport smtp, Map<String, Transport> local) implements TransportChoice {
    private static final Duration PROGRAM_TIME = Duration.ofMinutes(5);

    Transports {
        local = Map.copyOf(local);
    }

    /// What transports are made of, the same for every configuration.
    record Ground(
            Resolver resolver,
            Sites sites,
            Connector connector,
            ClientTls tls,
            OutboundTls.Sources sources,
            Events events,
            InstantSource clock,
            RandomGenerator random,
            ReportArchive archive) {}

    /// The transports of a configuration.
    ///
    /// @throws IOException if sessions cannot be protected as it wants
    static Transports of(Config config, Ground ground) throws IOException {
        SessionOpener opener = new SessionOpener(
                ground.connector(),
                new ClientSettings(
                        config.hostname().text(),
                        timeouts(config.delivery().connectTimeOut()),
                        ClientSettings.standard(config.hostname().text()).chunk()),
                ground.events());
        MailExchangers exchangers =
                new MailExchangers(ground.resolver(), exchangers(config), ground.random()).remembering(ground.sites());
        Map<String, Transport> local = new HashMap<>();
        local.put(config.inboxes().transport(), reading(inboxes(config, opener, ground), config, ground));
        config.domains()
                .addresses()
                .programs()
                .forEach((name, program) -> local.put(
                        name,
                        new PipeTransport(
                                new PipeSettings(PipeCommand.parse(program.command()), PROGRAM_TIME),
                                ground.events())));
        return new Transports(
                new SmtpTransport(
                        SessionBounds.standard(),
                        opener,
                        exchangers,
                        new SmtpTransport.Ground(
                                OutboundTls.of(config, ground.tls(), ground.sources()),
                                ground.clock(),
                                ground.events())),
                local);
    }

    private static ClientTimeouts timeouts(Duration connect) {
        ClientTimeouts rfc = ClientTimeouts.standard();
        return new ClientTimeouts(
                connect,
                rfc.greeting(),
                rfc.hello(),
                rfc.handshake(),
                rfc.auth(),
                rfc.mail(),
                rfc.rcpt(),
                rfc.dataStart(),
                rfc.block(),
                rfc.dataEnd(),
                rfc.quit(),
                rfc.transaction());
    }

    /// How mail exchangers are looked up.
    static ExchangerSettings exchangers(Config config) {
        Set<DomainName> names = Set.of(config.hostname());
        ExchangerSettings usual = ExchangerSettings.usual(names, OwnAddresses.endpoints(config.listen()));
        return config.delivery().privateAddresses() ? usual.withNotPublic() : usual;
    }

    /// The inboxes, but for the reports to those where such are read.
    private static Transport reading(Transport inboxes, Config config, Ground ground) {
        return config.reports().read().isEmpty()
                ? inboxes
                : new ReportTransport(
                        inboxes,
                        config.reports().read(),
                        new ReportTransport.Archive(ground.archive(), config.hostname()),
                        ground.clock(),
                        ground.events());
    }

    private static Transport inboxes(Config config, SessionOpener opener, Ground ground) {
        return switch (config.inboxes()) {
            case Config.Inboxes.Maildir maildir ->
                new MaildirTransport(
                        new MaildirSettings(maildir.path(), config.hostname().text()), ground.clock(), ground.events());
            case Config.Inboxes.Lmtp lmtp ->
                new LmtpTransport(
                        new LmtpSettings(lmtp.server().toString(), lmtp.server(), SessionBounds.standard()),
                        opener,
                        ground.tls());
            case Config.Inboxes.Pipe pipe -> new PipeTransport(pipe.settings(), ground.events());
        };
    }

    @Override
    public Transport transport(Route route) {
        return switch (route) {
            case Route.Mx _, Route.Smarthost _ -> smtp;
            case Route.Local inbox ->
                Optional.ofNullable(local.get(inbox.transport()))
                        .orElseThrow(() -> new IllegalStateException("there is no transport " + inbox.transport()));
            case Route.Refused _ -> throw new IllegalStateException("nothing carries what is refused");
        };
    }
}
