package dev.postern.smtpserver;

import dev.postern.accounts.LoginThrottle;
import dev.postern.accounts.LoginThrottleSettings;
import dev.postern.batv.BatvSettings;
import dev.postern.batv.SignedReturnPaths;
import dev.postern.batv.UnsignedAddresses;
import dev.postern.crypto.SelfSigned;
import dev.postern.dns.DomainName;
import dev.postern.event.Decision;
import dev.postern.event.Event;
import dev.postern.guard.Guard;
import dev.postern.guard.KnownClients;
import dev.postern.guard.Offence;
import dev.postern.intake.Intake;
import dev.postern.intake.IntakeSettings;
import dev.postern.policy.BouncePolicy;
import dev.postern.policy.ContentFacts;
import dev.postern.policy.EncryptionPolicy;
import dev.postern.policy.EncryptionSettings;
import dev.postern.policy.ForwardCounts;
import dev.postern.policy.ForwardLimits;
import dev.postern.policy.ForwardRatePolicy;
import dev.postern.policy.ListenerRole;
import dev.postern.policy.MailFacts;
import dev.postern.policy.NetworkSet;
import dev.postern.policy.Policies;
import dev.postern.policy.Policy;
import dev.postern.policy.RelayPolicy;
import dev.postern.policy.SenderPolicy;
import dev.postern.policy.SenderRights;
import dev.postern.policy.SessionFacts;
import dev.postern.policy.Verdict;
import dev.postern.pressure.Pressure;
import dev.postern.route.AddressSettings;
import dev.postern.route.AddressTable;
import dev.postern.route.Aliases;
import dev.postern.route.Directory;
import dev.postern.route.DomainPattern;
import dev.postern.route.OwnDomain;
import dev.postern.route.RelayDomain;
import dev.postern.route.ReturnAddresses;
import dev.postern.route.SignedAddresses;
import dev.postern.sasl.CredentialCheck;
import dev.postern.sasl.Login;
import dev.postern.sasl.MemoryCredentials;
import dev.postern.sasl.Plain;
import dev.postern.sasl.Scram;
import dev.postern.sasl.ScramDecoys;
import dev.postern.sasl.ScramLookup;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.Reply;
import dev.postern.spool.ManualClock;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.QueueId;
import dev.postern.spool.Spool;
import dev.postern.srs.SenderRewriting;
import dev.postern.srs.SrsSecrets;
import dev.postern.srs.SrsSettings;
import dev.postern.tls.ServerTls;
import dev.postern.tls.TlsProvider;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A server's inside for tests, all real: `example.org` with the inboxes alice and bob, the list `team` that leads to
/// `example.net` too, the relayed domain `branch.example.org`; users alice and bob with the password `secret`.
final class World {
    static final DomainName HOST = DomainName.of("mx.example.org");

    private static final DomainName OURS = DomainName.of("example.org");
    private static final Set<String> INBOXES = Set.of("alice", "bob", "josé", "postmaster");
    private static final String ALIASES = """
            team: alice, bob, carol@example.net
            forward: dave@example.net
            """;

    /// Sender and recipient local parts by which the policy of this world can be made to say something.
    private static final String REFUSE = "refuse";

    /// Clients from here are refused at once.
    static final InetAddress UNWANTED = InetAddress.ofLiteral("127.0.0.66");

    /// Clients of whom no manners are asked here.
    private static final NetworkSet PATIENT = NetworkSet.of(
            "127.0.0.0/8", "::1", "0.0.0.0", "10.0.0.0/8", "192.0.2.0/24", "198.51.100.0/24", "2001:db8::/32");

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ServerTls TLS = certificate(TlsProvider.jsse());

    final WatchedSpool spool;
    final EventLog events = new EventLog();
    final Map<QueueId, List<Decision>> kept = new ConcurrentHashMap<>();
    final SessionServices services;
    final Directory directory;

    /// What differs from world to world.
    ///
    /// @param trusted networks that may relay
    /// @param capacity octets that the spool holds
    /// @param signed whether the return paths of our own mail are signed
    /// @param forwards messages an hour that an alias may lead away; 0: any number
    /// @param encryption where TLS is required
    record Ways(NetworkSet trusted, long capacity, boolean signed, int forwards, EncryptionSettings encryption) {
        /// Without TLS required anywhere.
        Ways(NetworkSet trusted, long capacity, boolean signed, int forwards) {
            this(trusted, capacity, signed, forwards, EncryptionSettings.none());
        }

        /// The usual ones.
        static Ways usual() {
            return new Ways(NetworkSet.none(), Long.MAX_VALUE, false, 0);
        }

        /// The same with signed return paths.
        Ways signing() {
            return new Ways(trusted, capacity, true, forwards, encryption);
        }

        /// The same with TLS required somewhere.
        Ways encrypted(EncryptionSettings where) {
            return new Ways(trusted, capacity, signed, forwards, where);
        }
    }

    World() {
        this(Ways.usual());
    }

    World(Ways ways) {
        this(ways, TLS);
    }

    /// The usual world over another provider of TLS than Java's own.
    World(TlsProvider provider) {
        this(Ways.usual(), provider);
    }

    World(Ways ways, TlsProvider provider) {
        this(ways, certificate(provider));
    }

    private World(Ways ways, ServerTls tls) {
        InstantSource clock = ManualClock.atNoon();
        spool = new WatchedSpool(new MemorySpool(clock, dev.postern.spool.Retention.byDefault(), ways.capacity()));
        SenderRewriting rewriting = rewriting(clock);
        SignedReturnPaths paths = signing(clock);
        Directory plain = new ReturnAddresses(addresses(), rewriting);
        directory = ways.signed() ? new SignedAddresses(plain, paths) : plain;
        Intake intake = new Intake(IntakeSettings.of(HOST), spool, directory, clock, (message, content) -> {})
                .rewriting(() -> Optional.of(rewriting))
                .signing(() -> Optional.of(paths).filter(any -> ways.signed()));
        RelayPolicy relay = new RelayPolicy(ways.trusted(), directory);
        List<Policy> others = new ArrayList<>();
        others.add(new EncryptionPolicy(ways.encryption()));
        others.add(new SenderPolicy(
                user -> List.of(new SenderRights.Right.Address(Mailbox.of(user, OURS))),
                SenderPolicy.NullSender.REFUSED));
        if (ways.signed()) {
            others.add(new BouncePolicy(relay::trusts, directory, paths));
        }
        others.add(new WordPolicy());
        others.add(new ForwardRatePolicy(directory, new ForwardLimits(ways.forwards(), 0), new ForwardCounts(clock)));
        Policies policies = new Policies(relay, others, clock);
        services = new SessionServices(
                policies,
                intake,
                logins(clock),
                () -> Optional.of(tls.upgrade()),
                (client, offence) -> offences.add(offence),
                new Manners(
                        MannersSettings.byDefault().allowing(PATIENT),
                        new KnownClients(KnownClients.USUAL, clock),
                        new Tarpit()),
                this::start,
                events::add,
                kept::put,
                clock);
    }

    /// The domains whose mail was asked for, in order.
    final List<DomainName> asked = new CopyOnWriteArrayList<>();

    private QueueStarter.Outcome start(DomainName node) {
        asked.add(node);
        return node.labels().contains("busy") ? QueueStarter.Outcome.UNABLE : QueueStarter.Outcome.STARTED;
    }

    /// What clients did that they must not, in order.
    final List<Offence> offences = new java.util.concurrent.CopyOnWriteArrayList<>();

    private static final MemoryCredentials PASSWORDS =
            new MemoryCredentials(Map.of("alice", "secret", "bob", "secret", "broken", "x"));

    /// Users, two of whom are trouble.
    private static final class Users implements CredentialCheck, ScramLookup {
        @Override
        public Outcome check(String user, String password) {
            return switch (user) {
                case "unavailable" -> new Outcome.Unavailable("the account file cannot be read");
                case "bug" -> throw new IllegalStateException("a mistake of ours");
                default -> PASSWORDS.check(user, password);
            };
        }

        @Override
        public boolean hasKeys() {
            return true;
        }

        @Override
        public Finding keysOf(String user) {
            return switch (user) {
                case "unavailable" -> new Finding.Unavailable("the account file cannot be read");
                case "bug" -> throw new IllegalStateException("a mistake of ours");
                default -> PASSWORDS.keysOf(user);
            };
        }
    }

    /// All ways to log in; every nonce of ours is `AAAAAAAAAAAAAAAAAAAAAAAA`.
    private static Logins logins(InstantSource clock) {
        Users users = new Users();
        Scram.Ground ground = new Scram.Ground(users, new ScramDecoys(new byte[32]), () -> 0L);
        return new Logins(
                List.of(
                        new Scram(Scram.Kind.PLUS, ground),
                        new Scram(Scram.Kind.UNBOUND, ground),
                        new Plain(users),
                        new Login(users)),
                new LoginThrottle(LoginThrottleSettings.byDefault(), user -> user.toLowerCase(Locale.ROOT), clock));
    }

    /// What this world does with the senders of forwarded mail, at the time of a clock.
    static SenderRewriting rewriting(InstantSource clock) {
        return new SenderRewriting(
                new SrsSettings(OURS, Set.of(OURS), SrsSettings.USUAL_DAYS),
                SrsSecrets.of("a secret of this world"),
                clock);
    }

    /// How this world signs return paths, at the time of a clock.
    static SignedReturnPaths signing(InstantSource clock) {
        return new SignedReturnPaths(
                new BatvSettings(
                        Set.of(OURS),
                        BatvSettings.USUAL_DAYS,
                        new UnsignedAddresses(Set.of(Mailbox.of("bob", OURS)), Set.of())),
                SrsSecrets.of("another secret of this world"),
                clock);
    }

    private static AddressTable addresses() {
        if (!(Aliases.parse(ALIASES, false) instanceof Aliases.Good(Aliases aliases))) {
            throw new IllegalStateException("the aliases of this world are wrong");
        }
        AddressSettings settings = new AddressSettings(
                List.of(OwnDomain.of(
                        OURS,
                        "maildir",
                        inbox -> INBOXES.contains(inbox.localPart().value()))),
                List.of(new RelayDomain(
                        DomainPattern.parse("branch.example.org").orElseThrow(), Optional.empty())),
                aliases,
                Optional.of(Mailbox.of("alice", OURS)),
                Set.of(InetAddress.ofLiteral("192.0.2.25")),
                "+");
        return switch (AddressTable.of(settings)) {
            case AddressTable.Good(AddressTable table) -> table;
            case AddressTable.Bad bad -> throw new IllegalStateException(bad.toString());
        };
    }

    private static ServerTls certificate(TlsProvider provider) {
        try {
            SelfSigned.Made made =
                    SelfSigned.make(List.of(HOST.text()), Instant.now(), Duration.ofDays(2), Optional.empty());
            return new ServerTls(provider, made.identity());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The setup of a session at a listener of this world.
    SessionSetup setup(ServerSessionSettings settings) {
        return new SessionSetup(settings, services);
    }

    /// The usual ones, but with these two.
    SessionServices services(Guard guard, Manners manners) {
        return new SessionServices(
                services.policies(),
                services.intake(),
                services.logins(),
                services.tls(),
                guard,
                manners,
                services.queueStarter(),
                services.events(),
                services.decisions(),
                services.clock());
    }

    /// Room for a server that is never under pressure.
    LoadShedder room(SessionCensus census) {
        return new LoadShedder(census, Shedding.byDefault(), Pressure::calm, events::add);
    }

    /// The rules that texts describe, networks divided by spaces: who passes connections on, whose XCLIENT and
    /// XFORWARD are taken (alice is a user there), who may ask for the mail of `branch.example.org`, and whether
    /// lookups are answered.
    Front front(String balancers, String xclient, String xforward, String etrn, boolean lookups) {
        return new Front(
                new Intermediaries(
                        Balancers.at(networks(balancers)),
                        networks(xclient),
                        networks(xforward),
                        login -> Optional.of(login).filter("alice"::equals)),
                new EtrnRights(List.of(new EtrnRights.Right(
                        DomainPattern.parse("branch.example.org").orElseThrow(), networks(etrn)))),
                lookups ? Optional.of(new Lookups(directory, Optional.of(OURS))) : Optional.empty());
    }

    private static NetworkSet networks(String texts) {
        return texts.isBlank() ? NetworkSet.none() : NetworkSet.of(texts.split(" ", -1));
    }

    /// The usual settings of a role here.
    static ServerSessionSettings settings(ListenerRole role) {
        return ServerSessionSettings.of(role, HOST);
    }

    /// Events in their order; a test may wait for one.
    static final class EventLog extends CopyOnWriteArrayList<Event> {
        private static final long serialVersionUID = 1L;

        private final transient ReentrantLock lock = new ReentrantLock();
        private final transient Condition added = lock.newCondition();

        @Override
        public boolean add(Event event) {
            lock.lock();
            try {
                added.signalAll();
                return super.add(event);
            } finally {
                lock.unlock();
            }
        }

        private void await(Class<? extends Event> kind) throws InterruptedException {
            long left = PATIENCE.toNanos();
            lock.lock();
            try {
                while (stream().noneMatch(kind::isInstance)) {
                    left = added.awaitNanos(left);
                    if (left <= 0) {
                        throw new AssertionError("no " + kind.getSimpleName() + " among " + this);
                    }
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// Waits until an event of a kind has happened.
    void await(Class<? extends Event> kind) throws InterruptedException {
        events.await(kind);
    }

    /// Events of one kind, in their order.
    <T extends SessionEvent> List<T> events(Class<T> kind) {
        List<T> some = new ArrayList<>();
        for (Event event : events) {
            if (kind.isInstance(event)) {
                some.add(kind.cast(event));
            }
        }
        return some;
    }

    /// A policy that does what the words in names and addresses say.
    private static final class WordPolicy implements Policy {
        private static Verdict say(String word) {
            return switch (word) {
                case REFUSE ->
                    new Verdict.Reject("word", "it said so", Map.of("word", word), Reply.of(550, "5.7.1", "go away"));
                case "defer" ->
                    new Verdict.Defer("word", "it said so", Map.of("word", word), Reply.of(450, "4.7.1", "come later"));
                case "goaway" ->
                    new Verdict.Defer("word", "it said so", Map.of("word", word), Reply.of(421, "4.7.1", "not now"));
                case "discard" -> new Verdict.Discard("word", "it said so", Map.of("word", word));
                case "quarantine" -> new Verdict.Quarantine("word", "it said so", Map.of("word", word));
                case "bug" -> throw new IllegalStateException("a mistake of ours");
                default -> Verdict.noOpinion();
            };
        }

        private static String word(Object path, String prefix) {
            return path instanceof Mailbox mailbox
                            && mailbox.localPart().value().startsWith(prefix)
                    ? mailbox.localPart().value().substring(prefix.length())
                    : "";
        }

        @Override
        public Verdict connect(SessionFacts session) {
            return session.peer() instanceof Endpoint.Inet inet
                            && inet.address().equals(UNWANTED)
                    ? say(REFUSE)
                    : Verdict.noOpinion();
        }

        @Override
        public Verdict helo(SessionFacts session) {
            return say(session.helo().orElseThrow());
        }

        @Override
        public Verdict mail(SessionFacts session, MailFacts mail) {
            return say(word(mail.reversePath(), "mail-"));
        }

        @Override
        public Verdict rcpt(SessionFacts session, MailFacts mail, Recipient recipient) {
            return say(word(mail.reversePath(), "rcpt-"));
        }

        @Override
        public Verdict content(SessionFacts session, ContentFacts content) {
            return say(word(content.envelope().reversePath(), "content-"));
        }
    }

    /// What the spool holds, as text.
    String content(QueueId id) throws IOException {
        Spool all = spool;
        try (var stream = all.content(id).open()) {
            return new String(stream.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
        }
    }
}
