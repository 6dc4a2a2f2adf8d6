package dev.postern.app.config;

import dev.postern.accounts.AccountTable;
import dev.postern.dns.DomainName;
import dev.postern.policy.AuthenticationSettings;
import dev.postern.policy.Network;
import dev.postern.policy.NetworkSet;
import dev.postern.queue.BackOff;
import dev.postern.queue.QueueSettings;
import dev.postern.queue.RetrySchedule;
import dev.postern.queue.RetrySchedules;
import dev.postern.route.AddressSettings;
import dev.postern.route.AddressTable;
import dev.postern.route.Aliases;
import dev.postern.route.DomainPattern;
import dev.postern.route.InboxLookup;
import dev.postern.route.OwnDomain;
import dev.postern.route.RelayDomain;
import dev.postern.route.RouteSettings;
import dev.postern.route.SmarthostRule;
import dev.postern.route.SmarthostSettings;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import dev.postern.smtpserver.EtrnRights;
import dev.postern.transport.InboxPath;
import dev.postern.transport.PipeCommand;
import dev.postern.transport.PipeSettings;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/// Reads the configuration file and the files it names; finds every fault, not only the first.
public final class ConfigReader {
    /// No site has a shorter prefix of IPv4 or IPv6 for itself.
    private static final int LEAST_PREFIX = 8;

    private static final int ANY = Integer.MAX_VALUE;
    private static final AddressTable EMPTY = emptyTable();
    private static final int SUBMISSION_PORT = 587;
    private static final int IMPLICIT_TLS_PORT = 465;

    private final Path file;
    private final Path folder;
    private final UnaryOperator<@Nullable String> environment;
    private final List<Fault> faults = new ArrayList<>();
    private final Set<String> keys = new TreeSet<>();
    private Path aliasesRead;

    private ConfigReader(Path file, UnaryOperator<@Nullable String> environment) {
        this.file = file;
        this.folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        this.environment = environment;
        this.aliasesRead = file;
    }

    /// What reading a configuration came to.
    public sealed interface Result {
        /// It can be used.
        record Good(Config config) implements Result {}

        /// It cannot; every reason.
        ///
        /// @param readable the configuration with defaults in the place of what is wrong, where the file
        ///     could be read at all: for commands that mend what is wrong
        record Bad(List<Fault> faults, Optional<Config> readable) implements Result {
            public Bad {
                faults = List.copyOf(faults);
            }
        }
    }

    /// Reads a configuration file.
    ///
    /// @param environment gives the value of an environment variable, or null
    public static Result read(Path file, UnaryOperator<@Nullable String> environment) {
        ConfigReader reader = new ConfigReader(file, environment);
        Optional<String> text = reader.text(file, "the configuration");
        return text.isEmpty() ? new Result.Bad(reader.faults, Optional.empty()) : reader.read(text.get());
    }

    /// The full paths of all keys that a configuration may have, `NAME` and `DOMAIN` standing for
    /// what the administrator chooses.
    public static Set<String> keys() {
        ConfigReader reader = new ConfigReader(Path.of("postern.toml"), name -> null);
        reader.read("[smarthost.x]\n[delivery.retry.\"x.example\"]\n[destinations.\"x.example\"]\n");
        return reader.keys;
    }

    private Result read(String text) {
        TomlParseResult toml = Toml.parse(text);
        for (TomlParseError error : toml.errors()) {
            faults.add(new Fault(
                    file, error.position().line(), error.position().column(), String.valueOf(error.getMessage())));
        }
        if (!faults.isEmpty()) {
            return new Result.Bad(faults, Optional.empty());
        }
        Section root = new Section(toml, "", new Section.Reading(file, faults, keys));
        Optional<DomainName> hostname = root.domain("hostname");
        if (hostname.isEmpty() && !root.has("hostname")) {
            root.fault(
                    "hostname",
                    "\"hostname\" is missing; write the name that the PTR record of this server's address has,"
                            + " such as hostname = \"mail.example.org\"");
        }
        Path data = root.string("data").map(this::resolve).orElse(folder.resolve("data"));
        Section listenSection = root.section("listen");
        Config.Web web = web(listenSection);
        Config.Listen listen = listen(listenSection);
        Config.Inboxes inboxes = inboxes(root.section("inboxes"));
        Config.Front front = FrontSection.read(root.section("front"));
        Section relaySection = root.section("relay");
        Config.Relay relay = relay(relaySection, front.balancers().hosts());
        Config.Domains domains = domains(root.section("domains"), relaySection, listen, inboxes, relay);
        List<Smarthost> smarthosts = smarthosts(root);
        Section delivery = root.section("delivery");
        DomainName name = hostname.orElseGet(() -> DomainName.of("localhost"));
        Optional<AuthenticationSettings> authentication =
                AuthenticationSection.read(root.section("authentication"), name);
        Config.Dns dns = DnsSection.read(root.section("dns"), folder);
        Config.MtaSts sts = MtaStsSection.read(
                root.section("mta-sts"),
                new OwnStsKeys.Ground(name, !web.https().isEmpty()));
        Config.Tls tls = TlsSection.read(
                root.section("tls"),
                folder,
                new AcmeSection.Site(
                        OwnStsKeys.certified(name, domains.local(), sts),
                        web,
                        dns.update().isPresent()));
        Config.Signing signing = SigningSection.read(root.section("signing"), folder);
        Config config = new Config(
                file,
                name,
                data,
                listen,
                web,
                tls,
                EncryptionSection.read(root.section("encryption")),
                domains,
                inboxes,
                relay,
                front,
                routes(delivery, smarthosts),
                DestinationsSection.read(
                        root, new DestinationsSection.Site(folder, tls.provider(), proven(smarthosts))),
                delivery(delivery),
                sts,
                submission(root.section("submission")),
                HandlingSection.read(root.section("handling")),
                ForwardingSection.read(
                        root.section("forwarding"), domains.local(), authentication.isPresent(), signing),
                BouncesSection.read(root.section("bounces"), domains.local()),
                authentication,
                signing,
                ReportsSection.read(root.section("reports"), new ReportsSection.Site(name, domains, signing.signers())),
                LimitsSection.read(root.section("limits")),
                MannersSection.read(root.section("manners")),
                GuardSection.read(
                        root.section("guard"),
                        domains.local().isEmpty() ? name : domains.local().getFirst()),
                dns,
                log(root.section("log")));
        root.finish();
        faults.sort(Comparator.comparing((Fault fault) -> !fault.file().equals(file))
                .thenComparingInt(Fault::line)
                .thenComparingInt(Fault::column));
        return faults.isEmpty() ? new Result.Good(config) : new Result.Bad(faults, Optional.of(config));
    }

    private static Config.Web web(Section section) {
        String expected = "an address and a port, such as \"0.0.0.0:80\" or \"[::]:80\"";
        return new Config.Web(
                section.parsedList("http", expected, Endpoints::inet),
                section.parsedList("https", expected, Endpoints::inet));
    }

    private Config.Listen listen(Section section) {
        String expected = "an address and a port, such as \"0.0.0.0:25\" or \"[::]:25\"";
        Config.Listen listen = new Config.Listen(
                section.parsedList("mx", expected, Endpoints::listening),
                section.parsedList("submission", expected, Endpoints::listening),
                section.parsedList("submissions", expected, Endpoints::listening),
                section.parsedList("lmtp", expected + ", or \"unix:PATH\"", text -> Endpoints.any(text, folder)));
        section.finish();
        if (listen.isEmpty()) {
            section.fault("mx", "nobody listens: write at least mx = [\"0.0.0.0:25\", \"[::]:25\"] below [listen]");
        }
        return listen;
    }

    private Config.Domains domains(
            Section section, Section relaySection, Config.Listen listen, Config.Inboxes inboxes, Config.Relay relay) {
        List<DomainName> local = section.domains("local");
        Path accountFile = section.string("accounts").map(this::resolve).orElse(folder.resolve("accounts"));
        int before = faults.size();
        AccountTable accounts = accounts(section, accountFile);
        // Who is missing among accounts that could not be read is not known.
        boolean unread = faults.size() > before;
        boolean any = section.choice("recipients", "accounts", List.of("accounts", "any"))
                .equals("any");
        InboxLookup lookup = any || unread
                ? InboxLookup.any()
                : inbox -> accounts.find(inbox).isPresent();
        Map<DomainName, Mailbox> catchAll = catchAll(section);
        catchAll.keySet().stream()
                .filter(name -> !local.contains(name))
                .forEach(name -> section.fault(
                        "catch-all",
                        name.toString(),
                        "\"" + name
                                + "\" has a catch-all but is none of our domains; add it to local below [domains]"));
        List<OwnDomain> own = local.stream()
                .map(name -> new OwnDomain(name, inboxes.transport(), lookup, Optional.ofNullable(catchAll.get(name))))
                .toList();
        AddressSettings settings = new AddressSettings(
                own,
                relay.domains(),
                aliases(section),
                section.parsed("postmaster", "an address", Mailbox::parse),
                OwnAddresses.of(listen),
                "+");
        AddressTable addresses = table(settings, section, relaySection);
        section.finish();
        return new Config.Domains(local, addresses, accounts, accountFile);
    }

    private AccountTable accounts(Section section, Path accountFile) {
        if (!section.has("accounts") && !Files.exists(accountFile)) {
            return AccountTable.empty();
        }
        AccountTable.Parsed parsed =
                AccountTable.parse(text(accountFile, "the accounts").orElse(""));
        parsed.faults().forEach(f -> faults.add(new Fault(accountFile, f.line(), 0, f.message())));
        return parsed.table();
    }

    private Aliases aliases(Section section) {
        Path aliasFile = section.string("aliases").map(this::resolve).orElse(folder.resolve("aliases"));
        aliasesRead = aliasFile;
        boolean programs = section.flag("programs", false);
        if (!section.has("aliases") && !Files.exists(aliasFile)) {
            return Aliases.none();
        }
        return switch (Aliases.parse(text(aliasFile, "the aliases").orElse(""), programs)) {
            case Aliases.Good good -> good.aliases();
            case Aliases.Bad bad -> {
                bad.faults()
                        .forEach(f -> faults.add(
                                new Fault(aliasFile, f.place().line(), f.place().column(), f.what())));
                yield Aliases.none();
            }
        };
    }

    private AddressTable table(AddressSettings settings, Section domains, Section relay) {
        return switch (AddressTable.of(settings)) {
            case AddressTable.Good good -> good.table();
            case AddressTable.Bad bad -> {
                for (AddressTable.Fault fault : bad.faults()) {
                    switch (fault) {
                        case AddressTable.Fault.InAliases in ->
                            faults.add(new Fault(
                                    aliasesRead, in.place().line(), in.place().column(), in.what()));
                        case AddressTable.Fault.InSettings in -> {
                            switch (in.setting()) {
                                case OWN_DOMAINS -> domains.fault("local", in.what());
                                case CATCH_ALL -> domains.fault("catch-all", in.what());
                                case POSTMASTER -> domains.fault("postmaster", "domains.postmaster: " + in.what());
                                case RELAY_DOMAINS -> relay.fault("domains", in.what());
                            }
                        }
                    }
                }
                yield EMPTY;
            }
        };
    }

    private Map<DomainName, Mailbox> catchAll(Section section) {
        Map<DomainName, Mailbox> catchAll = new LinkedHashMap<>();
        section.pairs("catch-all").forEach((name, target) -> {
            Optional<DomainName> domain = DomainName.parse(name);
            Optional<Mailbox> mailbox = Mailbox.parse(target);
            if (domain.isEmpty() || mailbox.isEmpty()) {
                section.fault(
                        "catch-all", name, "\"" + name + "\" = \"" + target + "\" must be a domain and an address");
            } else {
                catchAll.put(domain.get(), mailbox.get());
            }
        });
        return catchAll;
    }

    private Config.Inboxes inboxes(Section section) {
        String by = section.choice("by", "maildir", List.of("maildir", "lmtp", "pipe"));
        Path root = section.string("root").map(this::resolve).orElse(folder.resolve("mail"));
        String template = section.string("path").orElse("{domain}/{local}");
        Optional<Endpoint> server = section.parsed(
                "server", "an address and a port, or \"unix:PATH\"", text -> Endpoints.any(text, folder));
        List<String> command = section.strings("command");
        Duration timeOut = section.duration("time-out", Duration.ofMinutes(5));
        section.finish();
        return switch (by) {
            case "lmtp" -> {
                if (server.isEmpty()) {
                    section.fault("by", "inboxes by lmtp need \"server\", such as server = \"unix:/run/dovecot/lmtp\"");
                }
                yield new Config.Inboxes.Lmtp(server.orElseGet(() -> new Endpoint.Unix(root)));
            }
            case "pipe" -> pipe(section, command, timeOut);
            default -> maildir(section, root, template);
        };
    }

    private static Config.Inboxes pipe(Section section, List<String> command, Duration timeOut) {
        if (command.isEmpty()) {
            section.fault(
                    "by",
                    "inboxes by pipe need \"command\", a program with its full path and arguments, such as"
                            + " command = [\"/usr/bin/maildrop\", \"-d\", \"{local}\"]");
        } else {
            try {
                return new Config.Inboxes.Pipe(new PipeSettings(PipeCommand.parse(command), timeOut));
            } catch (IllegalArgumentException e) {
                section.fault("command", "\"inboxes.command\": " + e.getMessage());
            }
        }
        return new Config.Inboxes.Pipe(
                new PipeSettings(PipeCommand.parse(List.of("/bin/false")), Duration.ofMinutes(1)));
    }

    private static Config.Inboxes maildir(Section section, Path root, String template) {
        Path absolute = root.toAbsolutePath().normalize();
        try {
            return new Config.Inboxes.Maildir(InboxPath.parse(absolute + "/" + template));
        } catch (IllegalArgumentException e) {
            section.fault("path", "\"inboxes.path\": " + e.getMessage());
            return new Config.Inboxes.Maildir(InboxPath.parse(absolute + "/{domain}/{local}"));
        }
    }

    /// A balancer has no trust of its own: what comes from there speaks for others, or for nobody that it can tell.
    private Config.Relay relay(Section section, NetworkSet balancers) {
        List<Network> networks = section.networks("networks");
        networks.stream()
                .filter(network -> network.bits() < LEAST_PREFIX)
                .forEach(network -> section.fault(
                        "networks",
                        "\"" + network + "\" would make this an open relay; list networks of at least /"
                                + LEAST_PREFIX));
        List<RelayDomain> domains = new ArrayList<>();
        section.pairs("domains").forEach((name, target) -> {
            Optional<DomainPattern> domain = DomainPattern.parse(name);
            Optional<Endpoints.HostAndPort> host = target.equalsIgnoreCase("mx")
                    ? Optional.empty()
                    : Endpoints.hostAndPort(target, RouteSettings.SMTP_PORT);
            if (domain.isEmpty() || (host.isEmpty() && !target.equalsIgnoreCase("mx"))) {
                section.fault(
                        "domains",
                        name,
                        "relay domain \"" + name + "\" = \"" + target
                                + "\" must be a domain and \"mx\" or a host such as \"inside.example.org:25\"");
            } else {
                domains.add(new RelayDomain(
                        domain.get(),
                        host.map(h -> new SmarthostSettings(
                                h.toString(),
                                h.host(),
                                h.port(),
                                SmarthostSettings.Tls.OPPORTUNISTIC,
                                Optional.empty()))));
            }
        });
        EtrnRights etrn = EtrnPairs.read(section, domains, balancers);
        section.finish();
        return new Config.Relay(new NetworkSet(networks).except(balancers), domains, etrn);
    }

    private record Smarthost(
            SmarthostSettings settings, boolean fallback, List<DomainName> senders, List<DomainName> recipients) {

        private List<SmarthostRule> rules() {
            if (fallback) {
                return List.of();
            }
            if (senders.isEmpty() && recipients.isEmpty()) {
                return List.of(new SmarthostRule(new SmarthostRule.Mail.All(), Optional.of(settings)));
            }
            List<SmarthostRule> rules = new ArrayList<>();
            recipients.forEach(domain -> rules.add(new SmarthostRule(
                    new SmarthostRule.Mail.To(DomainPattern.exactly(domain)), Optional.of(settings))));
            senders.forEach(domain -> rules.add(new SmarthostRule(
                    new SmarthostRule.Mail.From(DomainPattern.exactly(domain)), Optional.of(settings))));
            return rules;
        }
    }

    private static RouteSettings routes(Section delivery, List<Smarthost> smarthosts) {
        Map<DomainPattern, Integer> ports = new LinkedHashMap<>();
        delivery.pairs("ports").forEach((name, text) -> {
            Optional<DomainPattern> domain = DomainPattern.parse(name);
            Optional<Integer> port = Endpoints.port(text).filter(number -> number > 0);
            if (domain.isEmpty() || port.isEmpty()) {
                delivery.fault(
                        "ports",
                        name,
                        "\"" + name + "\" = \"" + text + "\" must be a domain and a port, such as \"2525\"");
            } else {
                ports.put(domain.get(), port.get());
            }
        });
        return new RouteSettings(
                smarthosts.stream().flatMap(host -> host.rules().stream()).toList(),
                smarthosts.stream()
                        .filter(Smarthost::fallback)
                        .map(Smarthost::settings)
                        .findFirst(),
                delivery.number("port", RouteSettings.SMTP_PORT, 1, 65535),
                ports);
    }

    /// The hosts that prove who they are by settings of their own.
    private static Set<Host> proven(List<Smarthost> smarthosts) {
        return smarthosts.stream()
                .map(Smarthost::settings)
                .filter(settings -> settings.tls() != SmarthostSettings.Tls.OPPORTUNISTIC)
                .map(SmarthostSettings::host)
                .collect(Collectors.toUnmodifiableSet());
    }

    private List<Smarthost> smarthosts(Section root) {
        List<Smarthost> smarthosts = new ArrayList<>();
        root.sections("smarthost", "NAME").forEach((name, section) -> {
            smarthost(name, section).ifPresent(smarthosts::add);
            section.finish();
        });
        return smarthosts;
    }

    private Optional<Smarthost> smarthost(String name, Section section) {
        Optional<Host> host = section.parsed("host", "a host name or an address", Endpoints::host);
        String tls = section.choice("tls", "starttls", List.of("starttls", "implicit", "opportunistic"));
        int port = section.number("port", tls.equals("implicit") ? IMPLICIT_TLS_PORT : SUBMISSION_PORT, 1, 65535);
        Optional<String> user = section.string("user");
        Optional<String> password = secret(section);
        boolean fallback =
                section.choice("use", "always", List.of("always", "fallback")).equals("fallback");
        List<DomainName> senders = section.domains("sender-domains");
        List<DomainName> recipients = section.domains("recipient-domains");
        if (host.isEmpty()) {
            if (!section.has("host")) {
                section.fault("host", "smarthost \"" + name + "\" needs \"host\"");
            }
            return Optional.empty();
        }
        if (section.has("user") != (section.has("password-file") || section.has("password-env"))) {
            section.fault(
                    "user",
                    "smarthost \"" + name + "\": \"user\" and \"password-file\" (or \"password-env\") belong together");
        }
        if (user.isPresent() != password.isPresent()) {
            return Optional.empty();
        }
        if (user.isPresent() && tls.equals("opportunistic")) {
            section.fault(
                    "tls",
                    "smarthost \"" + name
                            + "\": a login is sent only under TLS; write tls = \"starttls\" or \"implicit\"");
            return Optional.empty();
        }
        SmarthostSettings settings = new SmarthostSettings(
                name,
                host.get(),
                port,
                switch (tls) {
                    case "implicit" -> SmarthostSettings.Tls.IMPLICIT;
                    case "opportunistic" -> SmarthostSettings.Tls.OPPORTUNISTIC;
                    default -> SmarthostSettings.Tls.STARTTLS;
                },
                user.map(u -> new SmarthostSettings.Login(u, password.orElseThrow())));
        return Optional.of(new Smarthost(settings, fallback, senders, recipients));
    }

    private Optional<String> secret(Section section) {
        Optional<String> fromFile = section.string("password-file")
                .flatMap(name -> text(resolve(name), "the password"))
                .map(String::strip);
        Optional<String> variable = section.string("password-env");
        if (variable.isPresent()) {
            String value = environment.apply(variable.get());
            if (value == null) {
                section.fault("password-env", "the environment has no variable " + variable.get());
            }
            return Optional.ofNullable(value);
        }
        return fromFile;
    }

    private Config.Delivery delivery(Section section) {
        RetrySchedule usual = retry(section, RetrySchedule.usual());
        Map<DomainName, RetrySchedule> byDomain = new LinkedHashMap<>();
        section.sections("retry", "DOMAIN").forEach((name, inner) -> {
            RetrySchedule schedule = retry(inner, usual);
            DomainName.parse(name)
                    .ifPresentOrElse(
                            domain -> byDomain.put(domain, schedule),
                            () -> section.fault("retry", "\"" + name + "\" is not a domain name"));
            inner.finish();
        });
        Config.Delivery delivery = new Config.Delivery(
                section.flag("private-addresses", false),
                section.flag("starttls", true),
                section.number("concurrency", 20, 1, 10_000),
                section.number("total-concurrency", 500, 1, 100_000),
                section.duration("connect-time-out", Duration.ofSeconds(30)),
                new RetrySchedules(usual, byDomain),
                rest(section, QueueSettings.usual().laneRest()),
                section.number("active-messages", 20_000, 100, ANY));
        section.finish();
        return delivery;
    }

    private static BackOff rest(Section section, BackOff otherwise) {
        Duration first = section.duration("first-rest", otherwise.first());
        Duration most = section.duration("longest-rest", otherwise.most());
        if (!first.isPositive() || first.compareTo(most) > 0) {
            section.fault("first-rest", "\"first-rest\" must be above zero and not above \"longest-rest\"");
            return otherwise;
        }
        return new BackOff(first, otherwise.factor(), most, otherwise.jitter());
    }

    private static RetrySchedule retry(Section section, RetrySchedule otherwise) {
        BackOff waits = otherwise.waits();
        Duration first = section.duration("first-wait", waits.first());
        double factor = section.fraction("wait-factor", waits.factor(), 1, 100);
        Duration most = section.duration("longest-wait", waits.most());
        double jitter = section.fraction("wait-jitter", waits.jitter(), 0, 0.5);
        Duration giveUp = section.duration("give-up-after", otherwise.giveUpAfter());
        Duration notice = section.duration(
                "delay-notice-after", otherwise.delayNoticeAfter().orElse(Duration.ZERO));
        if (!first.isPositive() || first.compareTo(most) > 0) {
            section.fault("first-wait", "\"first-wait\" must be above zero and not above \"longest-wait\"");
            return otherwise;
        }
        if (!giveUp.isPositive()) {
            section.fault("give-up-after", "\"give-up-after\" must be above zero");
            return otherwise;
        }
        return new RetrySchedule(
                new BackOff(first, factor, most, jitter),
                giveUp,
                Optional.of(notice).filter(Duration::isPositive));
    }

    private Config.Submission submission(Section section) {
        Config.Submission submission = new Config.Submission(
                section.choice("senders", "own", List.of("own", "domain", "any")),
                section.flag("repair-line-ends", false),
                HandlingSection.seconds(section, "future-release", Duration.ofDays(30)));
        section.finish();
        return submission;
    }

    private Config.Log log(Section section) {
        Config.Log log = new Config.Log(
                section.choice("format", "text", List.of("text", "json")),
                section.string("file").map(this::resolve));
        section.finish();
        return log;
    }

    private static AddressTable emptyTable() {
        Optional<Mailbox> postmaster = Optional.of(Mailbox.of("postmaster", DomainName.of("localhost")));
        AddressSettings settings = new AddressSettings(List.of(), List.of(), Aliases.none(), postmaster, Set.of(), "+");
        return switch (AddressTable.of(settings)) {
            case AddressTable.Good good -> good.table();
            case AddressTable.Bad bad -> throw new IllegalStateException("nothing at all has faults: " + bad);
        };
    }

    private Path resolve(String name) {
        return folder.resolve(name);
    }

    private Optional<String> text(Path path, String what) {
        try {
            return Optional.of(Files.readString(path));
        } catch (NoSuchFileException e) {
            faults.add(new Fault(path, 0, 0, what + " cannot be read: there is no such file"));
        } catch (AccessDeniedException e) {
            faults.add(new Fault(path, 0, 0, what + " cannot be read: permission denied"));
        } catch (CharacterCodingException e) {
            faults.add(new Fault(path, 0, 0, what + " cannot be read: it is not UTF-8 text"));
        } catch (IOException e) {
            faults.add(new Fault(path, 0, 0, what + " cannot be read: " + e.getMessage()));
        }
        return Optional.empty();
    }
}
