package dev.postern.app;

import dev.postern.accounts.Accounts;
import dev.postern.admin.ControlRequest;
import dev.postern.admin.NoServerException;
import dev.postern.app.config.Config;
import dev.postern.dns.DomainName;
import dev.postern.dns.client.DnsClient;
import dev.postern.event.IoFault;
import dev.postern.mailauth.dkim.DkimAlgorithm;
import dev.postern.mailauth.dkim.SelectedKey;
import dev.postern.policy.AuthenticationObserver;
import dev.postern.policy.ForwardCounts;
import dev.postern.pressure.Pressure;
import dev.postern.srs.SrsSecrets;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.mtasts.StsSource;
import dev.postern.wire.AddressBlock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `postern check`: reads the configuration as `run` would, asks its rules who may
/// relay, starts nothing.
@Command(
        name = "check",
        description = "Reads the configuration and tells everything that is wrong with it.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption option = new ConfigOption();

    @Option(
            names = "--as",
            paramLabel = "WORDS",
            description =
                    "Shows what such a session would be told up to RCPT, and why: 'client=203.0.113.5 helo=x.example"
                            + " from=a@b.example to=c@d.example', and if wanted role=submission, tls=yes, requiretls=yes,"
                            + " user=NAME.")
    private @Nullable String as;

    @Override
    public Integer call() throws Exception {
        Config config = option.read();
        if (as != null) {
            PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
            Cast cast = Cast.parse(as);
            tellBan(cast, out);
            return rehearse(config, cast, out::println) ? 0 : Failure.FAILED;
        }
        System.out.println(config.file() + " is good: " + config.hostname() + " takes mail for "
                + config.domains().local().size() + " domain(s) and relays for "
                + config.relay().domains().size() + " domain(s) and "
                + config.relay().networks().networks().size() + " network(s).");
        RelayProof proof = RelayProof.of(config);
        Optional<String> counterexample = proof.counterexample();
        if (counterexample.isPresent()) {
            throw new Failure(Failure.CONFIGURATION, counterexample.get());
        }
        System.out.println("Who may relay: users who have logged in" + networks(config) + ", nobody else: "
                + proof.asked() + " requests of strangers were put to these rules, none was granted.");
        intermediaries(config).ifPresent(System.out::println);
        warnings(config).forEach(warning -> System.out.println("Warning: " + warning));
        EncryptionHints.of(config).forEach(hint -> System.out.println("Hint: " + hint));
        return 0;
    }

    /// Whether the running server, if there is one, lets the client in at all now.
    private void tellBan(Cast cast, PrintWriter out) throws Failure {
        try {
            option.control().call(new ControlRequest("ban-list", Map.of()), node -> {
                if (node.has("network")
                        && AddressBlock.parse(node.get("network").asString())
                                .filter(network -> network.contains(cast.client()))
                                .isPresent()) {
                    out.println("The running server bans this client until "
                            + node.get("until").asString() + " ("
                            + node.get("why").asString() + "). Without that:");
                }
            });
        } catch (NoServerException nobody) {
            return; // without a server nobody is banned
        } catch (IOException e) {
            out.println("Whether the running server bans this client is not known: " + IoFault.sentence(e));
        }
    }

    /// Plays a session by the rules of a configuration.
    ///
    /// @param told gets each line
    /// @return whether every recipient was accepted
    static boolean rehearse(Config config, Cast cast, Consumer<String> told) throws IOException {
        InstantSource clock = InstantSource.system();
        // No password is hashed: the rehearsal takes it as given.
        Accounts accounts = new Accounts(config.domains().accounts(), Runnable::run);
        try (DnsClient dns = new DnsClient(NameServers.of(config), clock);
                StsOnce sts =
                        new StsOnce(dns, config.tls().roots(), config.delivery().privateAddresses())) {
            Rules.Ground ground = new Rules.Ground(
                    accounts,
                    dns,
                    new ForwardCounts(clock),
                    AuthenticationObserver.none(),
                    OutboundTls.Sources.of(dns, clock, policies(config, sts), TlsTrial.Observer.none()),
                    Pressure::calm,
                    clock);
            Rules rules = Rules.of(config, returnPaths(config, clock), ground);
            return new Rehearsal(rules, cast, clock, told).play();
        }
    }

    private static StsSource policies(Config config, StsOnce sts) {
        return config.mtaSts().use() ? sts.source() : StsSource.none();
    }

    /// By the secrets of the running server, where there are some.
    private static ReturnPaths returnPaths(Config config, InstantSource clock) throws IOException {
        SecureRandom random = new SecureRandom();
        return ReturnPaths.of(
                config,
                name -> {
                    Path file = config.data().resolve(name);
                    return Files.exists(file)
                            ? ReturnSecrets.in(file, random)
                            : SrsSecrets.of(SrsSecrets.fresh(random));
                },
                clock);
    }

    /// What works, and will not please.
    static List<String> warnings(Config config) {
        List<String> warnings = new ArrayList<>(EncryptionWarnings.of(config));
        Map<DomainName, List<SelectedKey>> keys = config.signing().keys();
        new TreeMap<>(keys).forEach((domain, selected) -> {
            if (selected.stream().noneMatch(key -> key.key().algorithm() == DkimAlgorithm.RSA_SHA256)) {
                warnings.add("mail of " + domain + " is signed with Ed25519 alone, which many do not know yet;"
                        + " 'postern dkim rotate " + domain + "' makes an RSA key as well");
            }
        });
        for (DomainName domain : config.domains().local()) {
            if (config.signing().dkim()
                    && config.signing().signers().nearest(domain).isEmpty()) {
                warnings.add("mail of " + domain + " is not signed: there is no key for it in "
                        + config.signing().folder() + "; 'postern dkim rotate " + domain + "' makes one");
            }
        }
        warnings.addAll(CertificateWarnings.of(config, Instant.now()));
        config.dns()
                .update()
                .filter(update -> Stream.concat(Stream.of(config.hostname()), config.domains().local().stream())
                        .noneMatch(name -> update.zones().stream().anyMatch(name::isWithin)))
                .ifPresent(update -> warnings.add(
                        "none of our names is within dns.update.zones, so nothing of ours can be" + " changed there"));
        return warnings;
    }

    private static String networks(Config config) {
        return config.relay().networks().networks().stream()
                .map(network -> ", hosts in " + network)
                .collect(Collectors.joining());
    }

    /// Who is believed about others, since whoever is can be a host of any network.
    private static Optional<String> intermediaries(Config config) {
        List<String> believed = Stream.concat(
                        config.front().balancers().hosts().networks().stream()
                                .map(network -> "balancers in " + network),
                        config.front().xclient().hosts().networks().stream()
                                .map(network -> "servers in " + network + " by XCLIENT"))
                .toList();
        return believed.isEmpty()
                ? Optional.empty()
                : Optional.of("Who is believed about whom it speaks for: " + String.join(", ", believed) + ".");
    }
}
