package dev.postern.app;

import dev.postern.acme.AcmeFolder;
import dev.postern.acme.AcmeKeeper;
import dev.postern.acme.AcmeSettings;
import dev.postern.acme.ChallengeBoard;
import dev.postern.acme.TextRecords;
import dev.postern.app.config.Config;
import dev.postern.certificates.ActivationGuard;
import dev.postern.certificates.CertificateSources;
import dev.postern.certificates.Certificates;
import dev.postern.certificates.KeyFiles;
import dev.postern.dns.DomainName;
import dev.postern.dns.Resolver;
import dev.postern.dns.client.AuthoritativeClient;
import dev.postern.dns.client.DnsSettings;
import dev.postern.event.Events;
import dev.postern.mailauth.keys.Publication;
import dev.postern.tls.ServerTls;
import dev.postern.tls.TlsProvider;
import dev.postern.tls.WebTls;
import dev.postern.web.Pages;
import dev.postern.web.WebServer;
import dev.postern.web.WebServerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/// The certificates of a server, with all that brings new ones: the files, the authority, and the web server
/// that the authority asks. The authority's and the web server's libraries are loaded only where they are used.
final class CertificateOffice {
    private final Config started;
    private final Ground ground;
    private final AtomicReference<TextRecords> records;
    private final ChallengeBoard board = new ChallengeBoard(new LatestRecords());
    private final Certificates certificates;
    private final AcmeKeeper keeper;
    private final Deque<Runnable> endings = new ArrayDeque<>();
    private Optional<Thread> keeping = Optional.empty();

    /// What is needed around them.
    ///
    /// @param pages that the web server has beside those of challenges
    record Ground(
            TlsProvider provider,
            Resolver resolver,
            ActivationGuard guard,
            Pages pages,
            InstantSource clock,
            RandomGenerator random,
            Events events) {}

    /// @throws IOException if no certificate can be shown
    CertificateOffice(Config config, Ground ground) throws IOException {
        this.started = config;
        this.ground = ground;
        this.records = new AtomicReference<>(records(config));
        this.certificates = new Certificates(
                sources(config),
                new Certificates.Ground(
                        ground.provider(),
                        config.data().resolve("tls").resolve("shown"),
                        ground.guard(),
                        ground.clock(),
                        ground.events()));
        this.keeper = new AcmeKeeper(
                settings(config),
                new AcmeKeeper.Ground(folder(config), board, ground.clock(), ground.random(), ground.events()),
                certificates::look);
    }

    /// TLS with what is shown at each moment.
    ServerTls tls() {
        return certificates.tls();
    }

    /// Begins to look for new certificates, and opens the web server if there is to be one.
    ///
    /// @throws IOException if an address cannot be opened
    void open() throws IOException {
        WebServerSettings settings =
                WebServerSettings.at(started.web().http(), started.web().https());
        if (!settings.isEmpty()) {
            LibraryLog.arrange();
            WebServer server =
                    WebServer.open(settings, Pages.firstOf(List.of(board, ground.pages())), new WebTls(tls(), board));
            endings.push(server::close);
        }
        Thread looking = Thread.ofVirtual().name("postern-certificates").start(certificates);
        endings.push(looking::interrupt);
        keep(started);
    }

    /// Takes another configuration; where the web server listens stays.
    ///
    /// @throws IOException if no certificate of it can be shown; then everything stays as it was
    synchronized void use(Config config) throws IOException {
        certificates.use(sources(config));
        records.set(records(config));
        keeper.use(settings(config));
        keep(config);
    }

    private synchronized void keep(Config config) {
        if (config.tls().acme().isPresent() && keeping.isEmpty()) {
            LibraryLog.arrange();
            Thread thread = Thread.ofPlatform().daemon().name("postern-acme").start(keeper);
            keeping = Optional.of(thread);
            endings.push(thread::interrupt);
        }
    }

    /// Ends what was begun.
    synchronized void end() {
        while (!endings.isEmpty()) {
            endings.pop().run();
        }
    }

    private CertificateSources sources(Config config) throws IOException {
        AcmeFolder folder = folder(config);
        List<KeyFiles> awaited = settings(config).map(folder::certificates).orElse(List.of());
        Path own = config.data().resolve("tls");
        return new CertificateSources(
                config.tls().certificates(),
                awaited,
                OwnCertificate.in(
                        own,
                        config.hostname(),
                        ground.clock().instant(),
                        ground.provider().provider()),
                config.hostname());
    }

    private static Optional<AcmeSettings> settings(Config config) {
        return config.tls().acme().map(Config.Acme::settings);
    }

    private static AcmeFolder folder(Config config) {
        return new AcmeFolder(config.data().resolve("acme"));
    }

    private TextRecords records(Config config) {
        if (config.tls().acme().isEmpty()) {
            return TextRecords.none();
        }
        Config.Acme acme = config.tls().acme().get();
        if (acme.hook().isPresent()) {
            return new HookedRecords(acme.hook().get());
        }
        return new UpdatedRecords(
                ZoneChanges.updater(config),
                new Publication(
                        ground.resolver(),
                        new AuthoritativeClient(DnsSettings.DNS_PORT, Duration.ofSeconds(2), 2),
                        Set.of()),
                acme.dnsWait());
    }

    /// Those of the latest configuration.
    private final class LatestRecords implements TextRecords {
        @Override
        public void add(DomainName name, String value) throws IOException, InterruptedException {
            records.get().add(name, value);
        }

        @Override
        public void remove(DomainName name, String value) throws IOException, InterruptedException {
            records.get().remove(name, value);
        }
    }
}
