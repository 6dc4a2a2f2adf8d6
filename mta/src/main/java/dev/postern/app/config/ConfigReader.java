package dev.postern.app.config;

import dev.postern.app.config.SmarthostSections.Smarthost;
import dev.postern.dns.DomainName;
import dev.postern.policy.AuthenticationSettings;
import dev.postern.queue.LaneBounds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/// Reads the configuration file and the files it names; finds every fault, not only the first.
public final class ConfigReader {
    private final Path file;
    private final UnaryOperator<@Nullable String> environment;
    private final NamedFiles files;
    private final List<Fault> faults = new ArrayList<>();
    private final Set<String> keys = new TreeSet<>();

    private ConfigReader(Path file, UnaryOperator<@Nullable String> environment) {
        this.file = file;
        this.files = new NamedFiles(
                Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/")), faults);
        this.environment = environment;
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
        Optional<String> text = reader.files.text(file, "the configuration");
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
        Path folder = files.folder();
        Path data = files.resolve(root.string("data").orElse("data"));
        ListenSection addresses = ListenSection.read(root.section("listen"), folder);
        Config.Web web = addresses.web();
        Config.Listen listen = addresses.mail();
        Config.Inboxes inboxes = InboxesSection.read(root.section("inboxes"), folder);
        Config.Front front = FrontSection.read(root.section("front"));
        Section relaySection = root.section("relay");
        Config.Relay relay = RelaySection.read(relaySection, front.balancers().hosts());
        Config.Domains domains = DomainsSection.read(
                root.section("domains"), files, new DomainsSection.Site(listen, inboxes, relay, relaySection));
        List<Smarthost> smarthosts = SmarthostSections.read(root, new SmarthostSections.Secrets(files, environment));
        Section delivery = root.section("delivery");
        LaneBounds bounds = DeliverySection.bounds(delivery);
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
                DeliverySection.routes(delivery, smarthosts),
                DestinationsSection.read(
                        root,
                        new DestinationsSection.Site(
                                folder, tls.provider(), SmarthostSections.proven(smarthosts), relay.domains(), bounds)),
                DeliverySection.read(delivery, bounds),
                sts,
                SubmissionSection.read(root.section("submission")),
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
                LogSection.read(root.section("log"), folder));
        root.finish();
        faults.sort(Comparator.comparing((Fault fault) -> !fault.file().equals(file))
                .thenComparingInt(Fault::line)
                .thenComparingInt(Fault::column));
        return faults.isEmpty() ? new Result.Good(config) : new Result.Bad(faults, Optional.of(config));
    }
}
