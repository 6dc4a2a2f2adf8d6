package dev.postern.app;

import dev.postern.admin.ControlSocket;
import dev.postern.app.config.Config;
import dev.postern.app.config.ConfigReader;
import dev.postern.delivery.DeliveryManager;
import dev.postern.delivery.DeliverySettings;
import dev.postern.delivery.LaneSorter;
import dev.postern.delivery.QueueActions;
import dev.postern.delivery.QueueJobs;
import dev.postern.delivery.RemoteStarts;
import dev.postern.delivery.Reports;
import dev.postern.dns.client.DnsClient;
import dev.postern.dsn.DsnComposer;
import dev.postern.dsn.DsnSettings;
import dev.postern.event.Events;
import dev.postern.event.IoFault;
import dev.postern.guard.BanKeeper;
import dev.postern.guard.ClientGuard;
import dev.postern.intake.Intake;
import dev.postern.intake.IntakeSettings;
import dev.postern.policy.ForwardCounts;
import dev.postern.policy.ListenerRole;
import dev.postern.queue.Census;
import dev.postern.queue.HoldBook;
import dev.postern.queue.MailQueue;
import dev.postern.queue.Surroundings;
import dev.postern.reporting.FeedbackTie;
import dev.postern.reporting.ReportPost;
import dev.postern.reporting.Reporting;
import dev.postern.reporting.ReportingSettings;
import dev.postern.reportstore.ReportArchive;
import dev.postern.route.Directory;
import dev.postern.route.Router;
import dev.postern.route.Sites;
import dev.postern.smtpclient.SocketConnector;
import dev.postern.spool.rocks.RocksSpool;
import dev.postern.tls.ClientTls;
import dev.postern.tls.TlsProvider;
import dev.postern.tls.TrustedRoots;
import dev.postern.tlspolicy.mtasts.StsSource;
import dev.postern.web.HttpsClient;
import dev.postern.wire.ConnectionWatch;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// The running server: the only place that says `new` across packages. It reads from top to bottom as the list of its
/// parts; what was started is ended in the opposite order.
final class Mta implements AutoCloseable {
    private static final Duration OPERATOR_PATIENCE = Duration.ofSeconds(5);

    private final Config started;
    private final Events events;
    private final Endings endings;
    private final InstantSource clock = Clock.systemUTC();
    private final RandomGenerator random = new SecureRandom();
    private final AtomicReference<Rules> rules;
    private final AtomicReference<Transports> transports;
    private final UserLogins users;
    private final ClientGuard guard;
    private final Capacity capacity;
    private final HttpsClient web;
    private final CertificateOffice certificates;
    private final DmarcReports messages;
    private final SessionReports sessions;
    private final Rules.Ground rulesGround;
    private final Transports.Ground ground;
    private final Listeners listeners;

    /// What follows a reload besides what is asked for the present configuration each time.
    private final List<Consumer<Config>> followers = new CopyOnWriteArrayList<>();

    /// Starts a server; on failure whatever was started is ended again.
    ///
    /// @param events told of everything that happens
    /// @throws IOException with a sentence for the administrator
    static Mta start(Config config, Events events) throws IOException {
        requireClosed(config);
        Endings endings = new Endings(events);
        try {
            Mta mta = new Mta(config, events, endings);
            mta.open(config);
            return mta;
        } catch (IOException | RuntimeException e) {
            endings.end(Deadline.after(config.limits().drain()));
            throw e;
        }
    }

    /// What decides, and what carries mail to others.
    private Mta(Config config, Events events, Endings endings) throws IOException {
        started = config;
        this.events = events;
        this.endings = endings;
        users = new UserLogins(config, clock, random);
        endings.push(deadline -> users.end());
        guard = new ClientGuard(
                config.guarding().settings(),
                ExemptClients.of(config),
                new ClientGuard.Ground(clock, events, random.nextLong()));
        capacity = new Capacity(config, events);
        TlsProvider provider = ChosenTlsProvider.of(config);
        ClientTls clientTls = new ClientTls(
                provider, TrustedRoots.of(config.tls().roots(), config.tls().distrusted()));

        DnsClient dns = new DnsClient(NameServers.of(config), clock);
        endings.push(deadline -> dns.close());
        followTrustAnchors(config, dns);
        web = OutboundWeb.of(config, dns);
        endings.push(deadline -> web.close());
        certificates = new CertificateOffice(
                config,
                new CertificateOffice.Ground(
                        provider, new OwnZones(this::present, dns, clock, events), clock, random, events));
        endings.push(certificates::end);

        Reporting.Surroundings reporting = new Reporting.Surroundings(clock, events);
        messages = new DmarcReports(config, this::reporting, reporting);
        sessions = new SessionReports(config, this::reporting, reporting);
        OutboundTls.Sources sources = OutboundTls.Sources.of(dns, clock, policies(config, dns), sessions.observer());
        rulesGround = new Rules.Ground(
                users.accounts(),
                dns,
                new ForwardCounts(clock),
                messages.observer(),
                sources,
                capacity::pressure,
                clock);
        rules = new AtomicReference<>(Rules.of(config, returnPaths(config), rulesGround));
        warn(config);
        EncryptionHints.of(config).forEach(hint -> events.emit(new MtaEvent.EncryptionHint(hint)));

        ConnectionWatch watch = ConnectionWatch.everySecond();
        SocketConnector connector = new SocketConnector(watch, Optional.empty(), Optional.empty());
        endings.push(everySecond("postern-sweep", () -> watch.sweep(System.nanoTime())));
        ReportArchive archive = ReportArchive.open(
                ReportFolders.received(config), config.reports().archive(), clock);
        Sites sites = new Sites(dns, clock, domain -> present().destinations().shared(domain));
        ground = new Transports.Ground(dns, sites, connector, clientTls, sources, events, clock, random, archive);
        transports = new AtomicReference<>(Transports.of(config, ground));
        listeners = new Listeners(capacity.shedder(), events);
    }

    /// What keeps mail and what takes it.
    private void open(Config config) throws IOException {
        Directory directory = path -> rules.get().directory().destination(path);
        Router router = (recipient, sender) -> rules.get().router().route(recipient, sender);

        RocksSpool spool = RocksSpool.open(StoreSettings.spool(config), clock, events);
        endings.push(deadline -> spool.close());
        endings.push(everySecond(
                "postern-pressure",
                capacity.measuring(spool, () -> present().limits().overload())));

        Surroundings surroundings = new Surroundings(spool, clock, random, events);
        LaneSorter lanes = new LaneSorter(router, ground.sites());
        HoldBook holds = new HoldBook(KeptFile.holds(config), clock, events);
        MailQueue queue = new MailQueue(StoreSettings.queue(config), holds.sorting(lanes), surroundings);
        followers.add(next -> queue.keepWithin(DestinationLimits.of(next)));
        DsnComposer composer = new DsnComposer(DsnSettings.of(config.hostname()), random);
        Intake intake = new Intake(
                        new IntakeSettings(config.hostname(), config.limits().message()),
                        spool,
                        directory,
                        clock,
                        new FeedbackTie(queue::accepted, spool, config.hostname(), clock, events))
                .telling(composer)
                .rewriting(() -> rules.get().returnPaths().rewriting())
                .signing(() -> rules.get().returnPaths().signing());

        DeliverySettings settings = StoreSettings.delivery(config);
        DeliveryManager.Means means = new DeliveryManager.Means(
                lanes, route -> transports.get().transport(route), composer, Reports.through(intake));
        DeliveryManager delivery = new DeliveryManager(queue, settings, means, surroundings);
        holds.begin(queue);
        delivery.start();
        endings.push(delivery::stop);

        List<Reporting> reporting = reporting(intake);
        reporting.forEach(this::run);

        BanKeeper bans = new BanKeeper(KeptFile.bans(config), guard, events);
        Thread keeping = Thread.ofPlatform().daemon().name("postern-bans").start(bans);
        endings.push(deadline -> {
            keeping.interrupt();
            bans.save();
        });

        QueueActions actions = new QueueActions(queue, settings, means, surroundings, OPERATOR_PATIENCE);
        Executor works = task -> Thread.ofVirtual().name("postern-operator").start(task);
        QueueJobs jobs = new QueueJobs(actions, KeptFile.jobs(config), works, surroundings);
        endings.push(Thread.ofPlatform().daemon().name("postern-queue-jobs").start(jobs));
        Census census = new Census(actions.view(), clock, works);
        ControlSocket control = ControlSocket.open(
                ConfigOption.controlSocket(config),
                new AdminCommands(
                        spool,
                        new QueueWorks(queue, actions, jobs, holds, census),
                        new AdminCommands.Server(() -> reload(config.file()), reporting, new BanCommands(guard, bans)),
                        clock));
        endings.push(deadline -> control.close());

        RemoteStarts starts = new RemoteStarts(
                actions, task -> Thread.ofVirtual().name("postern-etrn").start(task), clock, events);
        SessionSetups setups = new SessionSetups(
                rules::get,
                new SessionSetups.Ground(
                        users.logins(),
                        () -> Optional.of(certificates.tls().upgrade()),
                        guard,
                        intake,
                        spool,
                        starts,
                        clock,
                        events));
        endings.push(listeners::drain);
        listeners.open(config, setups);
        certificates.open();
    }

    /// The keys that DNSSEC begins with change over the years.
    private void followTrustAnchors(Config config, DnsClient dns) throws IOException {
        Optional<TrustAnchorFile> file = TrustAnchorFile.in(config);
        if (file.isPresent()) {
            endings.push(Thread.ofVirtual()
                    .name("postern-anchors")
                    .start(new TrustAnchorKeeper(file.get(), dns, events, clock)));
        }
    }

    /// The MTA-STS policies of other domains, kept by a thread of their own.
    private StsSource policies(Config config, DnsClient dns) {
        Optional<StsKeeping> keeping = StsKeeping.of(config, new StsKeeping.Ground(dns, web, clock, events));
        if (keeping.isEmpty()) {
            return StsSource.none();
        }
        Thread thread = Thread.ofPlatform().daemon().name("postern-policies").start(keeping.get());
        endings.push(deadline -> {
            thread.interrupt();
            keeping.get().close();
        });
        return keeping.get().source();
    }

    private List<Reporting> reporting(Intake intake) throws IOException {
        ReportPost post = new ReportPost(intake, () -> present().signing().signers(), clock);
        return List.of(
                messages.reporting(post, rulesGround.resolver(), random),
                sessions.reporting(post, web, rulesGround.resolver(), random));
    }

    private void run(Reporting reporting) {
        Thread reports = Thread.ofVirtual()
                .name("postern-reports-" + reporting.counted())
                .start(reporting);
        endings.push(deadline -> {
            reports.interrupt();
            reporting.end();
        });
    }

    private static Thread everySecond(String name, Runnable work) {
        return Thread.ofVirtual().name(name).start(new EverySecond(work));
    }

    /// The configuration that holds for what begins now.
    private Config present() {
        return rules.get().config();
    }

    private Optional<ReportingSettings> reporting() {
        return present().reports().sending();
    }

    private ReturnPaths returnPaths(Config config) throws IOException {
        return ReturnPaths.of(config, name -> ReturnSecrets.in(config.data().resolve(name), random), clock);
    }

    /// Reads the configuration again and uses it; one at a time.
    ///
    /// @throws IOException with all that is wrong with it; then everything stays as it was, and an event tells it
    synchronized void reload(Path file) throws IOException {
        try {
            switch (ConfigReader.read(file, System::getenv)) {
                case ConfigReader.Result.Good good -> use(good.config());
                case ConfigReader.Result.Bad bad -> throw new IOException(ConfigOption.sentence(bad.faults()));
            }
        } catch (IOException e) {
            events.emit(new MtaEvent.ReloadRefused(IoFault.sentence(e)));
            throw new IOException(IoFault.sentence(e), e);
        } catch (RuntimeException e) {
            events.emit(new MtaEvent.ReloadRefused(String.valueOf(e.getMessage())));
            throw new IllegalStateException("the configuration was not read again: " + e.getMessage(), e);
        }
    }

    /// Uses another configuration for everything that begins from now on: sessions, routes,
    /// accounts, the certificate, the secrets of return addresses. What needs a restart is told
    /// ({@link RestartKeys}).
    ///
    /// @throws IOException if the configuration is an open relay, or its certificate or secrets cannot be
    ///     used; then everything stays as it was
    private void use(Config config) throws IOException {
        requireClosed(config);
        Transports next = Transports.of(config, ground);
        ReturnPaths returnPaths = returnPaths(config);
        certificates.use(config);
        users.use(config);
        guard.use(config.guarding().settings(), ExemptClients.of(config));
        capacity.use(config);
        followers.forEach(follower -> follower.accept(config));
        transports.set(next);
        rules.set(Rules.of(config, returnPaths, rulesGround));
        warn(config);
        events.emit(new MtaEvent.Reloaded(config.file().toString()));
        List<String> late = RestartKeys.changed(started, config);
        if (!late.isEmpty()) {
            events.emit(new MtaEvent.RestartNeeded(late));
        }
    }

    /// Where the listeners of a role listen, with the ports that the system chose.
    List<Endpoint> addresses(ListenerRole role) {
        return listeners.addresses(role);
    }

    /// Ends within the time that the configuration allows: listeners first, the spool last.
    @Override
    public void close() {
        endings.end(Deadline.after(present().limits().drain()));
    }

    private void warn(Config config) {
        EncryptionWarnings.of(config).forEach(why -> events.emit(new MtaEvent.EncryptionWarning(why)));
    }

    /// No configuration that is an open relay takes effect.
    private static void requireClosed(Config config) throws IOException {
        Optional<String> counterexample = RelayProof.of(config).counterexample();
        if (counterexample.isPresent()) {
            throw new IOException(counterexample.get());
        }
    }
}
