package dev.postern.app;

import dev.postern.accounts.AccountBackEnd;
import dev.postern.accounts.Accounts;
import dev.postern.accounts.LoginThrottle;
import dev.postern.accounts.LoginThrottleSettings;
import dev.postern.admin.ControlSocket;
import dev.postern.app.config.Config;
import dev.postern.app.config.ConfigReader;
import dev.postern.app.config.LoginLimits;
import dev.postern.delivery.DeliveryManager;
import dev.postern.delivery.DeliverySettings;
import dev.postern.delivery.LaneSorter;
import dev.postern.delivery.QueueActions;
import dev.postern.delivery.RemoteStarts;
import dev.postern.delivery.Reports;
import dev.postern.dns.client.DnsClient;
import dev.postern.dsn.DsnComposer;
import dev.postern.dsn.DsnSettings;
import dev.postern.event.Events;
import dev.postern.feedback.AggregateRow;
import dev.postern.guard.BanKeeper;
import dev.postern.guard.ClientGuard;
import dev.postern.guard.Guard;
import dev.postern.guard.KnownClients;
import dev.postern.intake.Intake;
import dev.postern.intake.IntakeSettings;
import dev.postern.mailauth.dmarc.DmarcRecord;
import dev.postern.mailauth.dmarc.ReportDestinations;
import dev.postern.policy.AuthenticationObserver;
import dev.postern.policy.ForwardCounts;
import dev.postern.policy.ListenerRole;
import dev.postern.pressure.Pressure;
import dev.postern.pressure.PressureGauge;
import dev.postern.queue.MailQueue;
import dev.postern.queue.QueueSettings;
import dev.postern.queue.Surroundings;
import dev.postern.reporting.AggregateSender;
import dev.postern.reporting.Dispatch;
import dev.postern.reporting.FailureReporter;
import dev.postern.reporting.FailureSender;
import dev.postern.reporting.FeedbackTie;
import dev.postern.reporting.MessageReports;
import dev.postern.reporting.ObservationRecorder;
import dev.postern.reporting.ReportPost;
import dev.postern.reporting.ReportTimes;
import dev.postern.reporting.Reporting;
import dev.postern.reporting.ReportingSettings;
import dev.postern.reportstore.LedgerBounds;
import dev.postern.reportstore.LedgerSeed;
import dev.postern.reportstore.MessageForm;
import dev.postern.reportstore.ObservationLedger;
import dev.postern.reportstore.ReportArchive;
import dev.postern.route.Directory;
import dev.postern.route.Router;
import dev.postern.sasl.Login;
import dev.postern.sasl.Plain;
import dev.postern.sasl.Scram;
import dev.postern.sasl.ScramDecoys;
import dev.postern.smtpclient.SocketConnector;
import dev.postern.smtpserver.CensusLimits;
import dev.postern.smtpserver.Listener;
import dev.postern.smtpserver.ListenerSettings;
import dev.postern.smtpserver.LoadShedder;
import dev.postern.smtpserver.Logins;
import dev.postern.smtpserver.Manners;
import dev.postern.smtpserver.QueueStarter;
import dev.postern.smtpserver.SessionCensus;
import dev.postern.smtpserver.SessionServices;
import dev.postern.smtpserver.SessionSetup;
import dev.postern.smtpserver.Tarpit;
import dev.postern.spool.Spool;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import dev.postern.spool.rocks.RocksSpool;
import dev.postern.spool.rocks.RocksSpoolSettings;
import dev.postern.tls.ClientTls;
import dev.postern.tls.TlsProvider;
import dev.postern.tlspolicy.mtasts.StsSource;
import dev.postern.wire.ConnectionWatch;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// The running server: the only place that says `new` across packages. {@link #start} reads from
/// top to bottom as the list of its parts; what was started is ended in the opposite order.
final class Mta implements AutoCloseable {
    private static final int HASHING_THREADS = 2;
    private static final int HASHING_QUEUE = 64;
    private static final Duration OPERATOR_PATIENCE = Duration.ofSeconds(5);
    private static final Duration SWEEP = Duration.ofSeconds(1);

    private final Config started;
    private final Events events;
    private final InstantSource clock = Clock.systemUTC();
    private final RandomGenerator random = new SecureRandom();
    private final AtomicReference<Rules> rules;
    private final AtomicReference<Transports> transports;
    private final Accounts accounts;
    private final Rules.Ground rulesGround;
    private final Logins logins;
    private final ClientGuard guard;
    private final KnownClients known = new KnownClients(KnownClients.USUAL, clock);
    private final Tarpit tarpit = new Tarpit();
    private final CertificateOffice certificates;
    private final Transports.Ground ground;
    private final ObservationLedger<DmarcRecord, AggregateRow> ledger;
    private final SessionReports sessions;
    private final FailureReporter failures;
    private final SessionCensus census;
    private final LoadShedder room;
    private final AtomicReference<Supplier<Pressure>> pressure = new AtomicReference<>(Pressure::calm);
    private final List<Listener> listeners = new ArrayList<>();
    private final Deque<Ending> endings = new ArrayDeque<>();

    /// How a part ends.
    @FunctionalInterface
    private interface Ending {
        void end(Deadline deadline) throws IOException;
    }

    /// Starts a server; on failure whatever was started is ended again.
    ///
    /// @param events told of everything that happens
    /// @throws IOException with a sentence for the administrator
    static Mta start(Config config, Events events) throws IOException {
        requireClosed(config);
        Mta mta = new Mta(config, events);
        try {
            mta.open(config);
            return mta;
        } catch (IOException | RuntimeException e) {
            mta.close();
            throw e;
        }
    }

    private Mta(Config config, Events events) throws IOException {
        started = config;
        this.events = events;
        ThreadPoolExecutor hashing = new ThreadPoolExecutor(
                HASHING_THREADS,
                HASHING_THREADS,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(HASHING_QUEUE),
                Thread.ofPlatform().daemon().name("postern-password-", 0).factory());
        hashing.allowCoreThreadTimeOut(true);
        endings.push(deadline -> hashing.shutdown());
        accounts = new Accounts(config.domains().accounts(), hashing);
        logins = logins(accounts, DecoySecret.in(config.data(), random));
        throttle(config);
        guard = new ClientGuard(
                config.guarding().settings(),
                ExemptClients.of(config),
                new ClientGuard.Ground(clock, events, random.nextLong()));
        TlsProvider provider = provider(config.tls().provider());
        ClientTls clientTls = new ClientTls(provider, config.tls().roots());

        DnsClient dns = new DnsClient(NameServers.of(config), clock);
        endings.push(deadline -> dns.close());
        certificates = new CertificateOffice(
                config,
                new CertificateOffice.Ground(
                        provider, new OwnZones(this::present, dns, clock, events), clock, random, events));
        endings.push(deadline -> certificates.end());
        followTrustAnchors(config, dns);
        ledger = ObservationLedger.open(new MessageForm(), ReportFolders.ledger(config), LedgerBounds.usual(), clock);
        sessions = SessionReports.open(config, dns, this::reporting, new Reporting.Surroundings(clock, events));
        endings.push(deadline -> sessions.close());
        failures = new FailureReporter(this::reporting, clock, events);
        ObservationRecorder recorder = new ObservationRecorder(ledger);
        AuthenticationObserver observer = message -> {
            recorder.judged(message);
            failures.judged(message);
        };
        Supplier<Pressure> present = () -> pressure.get().get();
        census = new SessionCensus(census(config));
        room = new LoadShedder(census, config.limits().overload().shedding(), present, events);
        OutboundTls.Sources sources = OutboundTls.Sources.of(dns, clock, policies(config, dns), sessions.observer());
        rulesGround = new Rules.Ground(accounts, dns, new ForwardCounts(clock), observer, sources, present, clock);
        rules = new AtomicReference<>(Rules.of(config, returnPaths(config), rulesGround));
        warn(config);
        ConnectionWatch watch = new ConnectionWatch();
        SocketConnector connector = new SocketConnector(watch, Optional.empty(), Optional.empty());
        Thread sweeper =
                Thread.ofVirtual().name("postern-sweep").start(() -> everySweep(() -> watch.sweep(System.nanoTime())));
        endings.push(deadline -> sweeper.interrupt());
        ReportArchive archive = ReportArchive.open(
                ReportFolders.received(config), config.reports().archive(), clock);
        ground = new Transports.Ground(dns, connector, clientTls, sources, events, clock, random, archive);
        transports = new AtomicReference<>(Transports.of(config, ground));
    }

    /// The MTA-STS policies of other domains, kept by a thread of their own.
    private StsSource policies(Config config, DnsClient dns) {
        Optional<StsKeeping> keeping = StsKeeping.of(config, new StsKeeping.Ground(dns, clock, events));
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

    /// The keys that DNSSEC begins with change over the years.
    private void followTrustAnchors(Config config, DnsClient dns) throws IOException {
        Optional<TrustAnchorFile> file = TrustAnchorFile.in(config);
        if (file.isPresent()) {
            Thread keeper = Thread.ofVirtual()
                    .name("postern-anchors")
                    .start(new TrustAnchorKeeper(file.get(), dns, events, clock));
            endings.push(deadline -> keeper.interrupt());
        }
    }

    /// The ways to log in, the best one first.
    private Logins logins(AccountBackEnd users, ScramDecoys decoys) {
        Scram.Ground ground = new Scram.Ground(users, decoys, random);
        return new Logins(
                List.of(
                        new Scram(Scram.Kind.PLUS, ground),
                        new Scram(Scram.Kind.UNBOUND, ground),
                        new Plain(users),
                        new Login(users)),
                new LoginThrottle(LoginThrottleSettings.byDefault(), users::canonical, clock));
    }

    private void throttle(Config config) {
        LoginLimits limits = config.limits().logins();
        logins.throttle().use(limits.throttle(), limits.shared()::contains);
    }

    private void open(Config config) throws IOException {
        Directory directory = path -> rules.get().directory().destination(path);
        Router router = (recipient, sender) -> rules.get().router().route(recipient, sender);

        RocksSpool spool = RocksSpool.open(spool(config), clock, events);
        endings.push(deadline -> spool.close());
        measure(spool);

        Surroundings surroundings = new Surroundings(spool, clock, random, events);
        MailQueue queue = new MailQueue(queue(config), new LaneSorter(router), surroundings);
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

        DeliverySettings settings = new DeliverySettings(
                config.delivery().schedules(), config.delivery().totalConcurrency(), Duration.ofSeconds(3));
        DeliveryManager.Means means = new DeliveryManager.Means(
                router, route -> transports.get().transport(route), composer, Reports.through(intake));
        DeliveryManager delivery = new DeliveryManager(queue, settings, means, surroundings);
        delivery.start();
        endings.push(delivery::stop);

        List<Reporting> reporting = reporting(config, intake);
        for (Reporting one : reporting) {
            Thread reports =
                    Thread.ofVirtual().name("postern-reports-" + one.counted()).start(one);
            endings.push(deadline -> {
                reports.interrupt();
                one.end();
            });
        }

        QueueActions actions = new QueueActions(queue, settings, means, surroundings, OPERATOR_PATIENCE);
        BanKeeper bans = new BanKeeper(KeptFile.bans(config), guard, events);
        Thread keeping = Thread.ofPlatform().daemon().name("postern-bans").start(bans);
        endings.push(deadline -> {
            keeping.interrupt();
            bans.save();
        });

        RemoteStarts starts = new RemoteStarts(
                actions, task -> Thread.ofVirtual().name("postern-etrn").start(task), clock, events);
        ControlSocket control = ControlSocket.open(
                ConfigOption.controlSocket(config),
                new AdminCommands(
                        spool,
                        actions,
                        new AdminCommands.Server(() -> reload(config.file()), reporting, new BanCommands(guard, bans)),
                        clock));
        endings.push(deadline -> control.close());

        endings.push(this::drain);
        Listening listening = new Listening(intake, spool, node -> started(starts.begin(node)));
        listen(ListenerRole.MX, config.listen().mx(), listening);
        listen(ListenerRole.SUBMISSION, config.listen().submission(), listening);
        listen(ListenerRole.SUBMISSIONS, config.listen().submissions(), listening);
        listen(ListenerRole.LMTP, config.listen().lmtp(), listening);
        listen(ListenerRole.LOCAL, List.of(new Endpoint.Unix(LocalSubmission.socket(config))), listening);
        certificates.open();
    }

    /// Measures about once a second what there is too little of.
    private void measure(RocksSpool spool) {
        PressureGauge gauge = new PressureGauge(
                Loads.of(census, spool, () -> rules.get().config().limits().overload()), events);
        pressure.set(gauge);
        Thread gauging = Thread.ofVirtual().name("postern-pressure").start(() -> everySweep(gauge::sample));
        endings.push(deadline -> gauging.interrupt());
    }

    /// No more sessions than the system gives descriptors for.
    private CensusLimits census(Config config) {
        CensusLimits configured = config.limits().census();
        Descriptors descriptors = Descriptors.ofThisProcess();
        CensusLimits possible = configured.within(descriptors.sessions());
        if (possible.inAll() < configured.inAll()) {
            events.emit(new MtaEvent.SessionsReduced(possible.inAll(), configured.inAll(), descriptors.most()));
        }
        return possible;
    }

    private List<Reporting> reporting(Config config, Intake intake) throws IOException {
        ReportPost post =
                new ReportPost(intake, () -> rules.get().config().signing().signers(), clock);
        Dispatch dispatch = new Dispatch(
                new ReportTimes(LedgerSeed.in(ReportFolders.ledger(config), random), ReportTimes.USUAL_SPREAD),
                post,
                events);
        ReportDestinations destinations = new ReportDestinations(rulesGround.resolver());
        return List.of(
                new Reporting(
                        ledger,
                        new MessageReports(
                                new AggregateSender(ledger, destinations, dispatch),
                                new FailureSender(failures, destinations, dispatch)),
                        this::reporting,
                        new Reporting.Surroundings(clock, events)),
                sessions.reporting(post, rulesGround.resolver(), random));
    }

    /// The configuration that holds for what begins now.
    private Config present() {
        return rules.get().config();
    }

    private Optional<ReportingSettings> reporting() {
        return rules.get().config().reports().sending();
    }

    /// What every listener needs.
    private record Listening(Intake intake, Spool spool, QueueStarter starter) {}

    private static QueueStarter.Outcome started(RemoteStarts.Answer answer) {
        return switch (answer) {
            case BEGUN -> QueueStarter.Outcome.STARTED;
            case BEGUN_ALREADY -> QueueStarter.Outcome.STARTED_ALREADY;
            case TOO_MANY -> QueueStarter.Outcome.UNABLE;
        };
    }

    private void listen(ListenerRole role, List<Endpoint> addresses, Listening listening) throws IOException {
        if (addresses.isEmpty()) {
            return;
        }
        Listener listener =
                Listener.open(new ListenerSettings(role, addresses), room, () -> setup(role, listening), events);
        listeners.add(listener);
    }

    /// All listeners at once: none takes a new session while another still waits for its
    /// transactions.
    private void drain(Deadline deadline) {
        List<Thread> drains = listeners.stream()
                .map(listener -> Thread.ofVirtual().name("postern-drain").start(() -> listener.drain(deadline)))
                .toList();
        for (Thread drain : drains) {
            try {
                drain.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private SessionSetup setup(ListenerRole role, Listening listening) {
        Rules now = rules.get();
        return new SessionSetup(
                now.session(role),
                new SessionServices(
                        now.policies(),
                        listening.intake(),
                        logins,
                        () -> Optional.of(certificates.tls().upgrade()),
                        guard(role),
                        new Manners(now.config().manners(), known, tarpit),
                        listening.starter(),
                        events,
                        (key, decisions) -> keep(listening.spool(), new SpoolChange.Explain(key, decisions)),
                        clock));
    }

    /// A server beside us and the programs of this machine bring what others have sent them.
    private Guard guard(ListenerRole role) {
        return switch (role) {
            case MX, SUBMISSION, SUBMISSIONS -> guard;
            case LMTP, LOCAL -> Guard.none();
        };
    }

    private void keep(Spool spool, SpoolChange.Explain decisions) {
        try {
            spool.commitLazily(List.of(decisions));
        } catch (SpoolException e) {
            events.emit(new MtaEvent.DecisionsLost(decisions.key(), String.valueOf(e.getMessage())));
        }
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
        accounts.use(config.domains().accounts());
        throttle(config);
        guard.use(config.guarding().settings(), ExemptClients.of(config));
        census.use(census(config));
        room.use(config.limits().overload().shedding());
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
        return listeners.stream()
                .filter(listener -> listener.role() == role)
                .flatMap(listener -> listener.addresses().stream())
                .toList();
    }

    /// Ends within the time that the configuration allows: listeners first, the spool last.
    @Override
    public void close() {
        Deadline deadline = Deadline.after(rules.get().config().limits().drain());
        while (!endings.isEmpty()) {
            try {
                endings.pop().end(deadline);
            } catch (IOException e) {
                events.emit(new MtaEvent.EndedBadly(IoFault.sentence(e)));
            }
        }
    }

    private static void everySweep(Runnable work) {
        try {
            while (true) {
                Thread.sleep(SWEEP);
                work.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ReturnPaths returnPaths(Config config) throws IOException {
        return ReturnPaths.of(config, name -> ReturnSecrets.in(config.data().resolve(name), random), clock);
    }

    private static TlsProvider provider(String name) throws IOException {
        return switch (name) {
            case "jsse" -> TlsProvider.jsse();
            case "conscrypt" ->
                TlsProvider.conscrypt()
                        .orElseThrow(() -> new IOException(
                                "tls.provider is conscrypt, but its native library does not load on this machine"));
            default -> TlsProvider.best();
        };
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

    private static RocksSpoolSettings spool(Config config) {
        Path folder = config.data().resolve("spool");
        return RocksSpoolSettings.in(folder)
                .with(new RocksSpoolSettings.ContentSettings(
                        RocksSpoolSettings.ContentSettings.byDefault().threshold(),
                        config.limits().diskReserve()));
    }

    private static QueueSettings queue(Config config) {
        QueueSettings usual = QueueSettings.usual();
        return new QueueSettings(
                config.delivery().active(),
                usual.contentBudget(),
                config.delivery().concurrency(),
                usual.concurrencyOf(),
                config.delivery().rest(),
                usual.handOverGrace());
    }
}
