package dev.postern.app;

import dev.postern.acme.AcmeFolder;
import dev.postern.acme.AcmeKeeper;
import dev.postern.acme.AcmeSettings;
import dev.postern.acme.ChallengeBoard;
import dev.postern.acme.TextRecords;
import dev.postern.app.config.Config;
import dev.postern.certificates.CertificateSources;
import dev.postern.certificates.Certificates;
import dev.postern.certificates.KeyFiles;
import dev.postern.dns.DomainName;
import dev.postern.dns.UpdateAnswer;
import dev.postern.dns.ZoneUpdate;
import dev.postern.dns.ZoneUpdater;
import dev.postern.event.Events;
import dev.postern.tls.ServerTls;
import dev.postern.tls.TlsProvider;
import dev.postern.tls.WebTls;
import dev.postern.web.Pages;
import dev.postern.web.WebServer;
import dev.postern.web.WebServerSettings;
import dev.postern.wire.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/// The certificates of a server, with all that brings new ones: the files, the authority, and the web server that the
/// authority asks. The authority's and the web server's libraries are loaded only where they are used.
final class CertificateOffice {
    private final Config started;
    private final Ground ground;
    private final AtomicReference<Config> present;
    private final ChallengeBoard board = new ChallengeBoard(new LatestRecords());
    private final Certificates certificates;
    private final AcmeKeeper keeper;
    private final Endings endings;
    private Optional<Thread> keeping = Optional.empty();

    /// What is needed around them.
    ///
    /// @param zones ours, whose records certificates have to fit to
    record Ground(TlsProvider provider, OwnZones zones, InstantSource clock, RandomGenerator random, Events events) {}

    /// @throws IOException if no certificate can be shown
    CertificateOffice(Config config, Ground ground) throws IOException {
        this.started = config;
        this.ground = ground;
        this.endings = new Endings(ground.events());
        this.present = new AtomicReference<>(config);
        this.certificates = new Certificates(
                sources(config),
                new Certificates.Ground(
                        ground.provider(),
                        config.data().resolve("tls").resolve("shown"),
                        ground.zones().guard(config.data(), new LatestUpdater()),
                        ground.clock(),
                        ground.events()));
        this.keeper = new AcmeKeeper(
                settings(config),
                new AcmeKeeper.Ground(
                        folder(config),
                        board,
                        ground.zones().pinned()::isPinned,
                        ground.clock(),
                        ground.random(),
                        ground.events()),
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
            WebServer server = WebServer.open(
                    settings, Pages.firstOf(List.of(board, ground.zones().pages())), new WebTls(tls(), board));
            endings.push(deadline -> server.close());
        }
        endings.push(Thread.ofVirtual().name("postern-certificates").start(certificates));
        endings.push(
                Thread.ofVirtual().name("postern-tlsa").start(ground.zones().watch(started.data())));
        keep(started);
    }

    /// Takes another configuration; where the web server listens stays.
    ///
    /// @throws IOException if no certificate of it can be shown; then everything stays as it was
    synchronized void use(Config config) throws IOException {
        certificates.use(sources(config));
        present.set(config);
        keeper.use(settings(config));
        keep(config);
    }

    private synchronized void keep(Config config) {
        if (config.tls().acme().isPresent() && keeping.isEmpty()) {
            LibraryLog.arrange();
            Thread thread = Thread.ofPlatform().daemon().name("postern-acme").start(keeper);
            keeping = Optional.of(thread);
            endings.push(thread);
        }
    }

    /// Ends what was begun.
    synchronized void end(Deadline deadline) {
        endings.end(deadline);
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

    /// Where what the authority issues is kept.
    static AcmeFolder folder(Config config) {
        return new AcmeFolder(config.data().resolve("acme"));
    }

    private TextRecords records() {
        Config config = present.get();
        if (config.tls().acme().isEmpty()) {
            return TextRecords.none();
        }
        Config.Acme acme = config.tls().acme().get();
        if (acme.hook().isPresent()) {
            return new HookedRecords(acme.hook().get());
        }
        return new UpdatedRecords(ZoneChanges.updater(config), ground.zones().publication(), acme.dnsWait());
    }

    /// Those of the latest configuration.
    private final class LatestRecords implements TextRecords {
        @Override
        public void add(DomainName name, String value) throws IOException, InterruptedException {
            records().add(name, value);
        }

        @Override
        public void remove(DomainName name, String value) throws IOException, InterruptedException {
            records().remove(name, value);
        }
    }

    /// That of the latest configuration.
    private final class LatestUpdater implements ZoneUpdater {
        @Override
        public Optional<DomainName> zone(DomainName name) {
            return ZoneChanges.updater(present.get()).zone(name);
        }

        @Override
        public UpdateAnswer send(ZoneUpdate update) {
            return ZoneChanges.updater(present.get()).send(update);
        }
    }
}
