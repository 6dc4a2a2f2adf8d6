package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.dns.DomainName;
import dev.postern.mailauth.dkim.DkimAlgorithm;
import dev.postern.mailauth.dkim.SelectedKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `postern check`: reads the configuration as `run` would, asks its rules who may
/// relay, starts nothing.
@Command(
        name = "check",
        description = "Reads the configuration and tells everything that is wrong with it.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption option = new ConfigOption();

    @Override
    public Integer call() throws Exception {
        Config config = option.read();
        System.out.println(config.file() + " is good: " + config.hostname() + " takes mail for "
                + config.domains().local().size() + " domain(s) and relays for "
                + config.relay().domains().size() + " domain(s) and "
                + config.relay().networks().networks().size() + " network(s).");
        RelayProof proof = RelayProof.of(config);
        if (!proof.granted().isEmpty()) {
            throw new Failure(
                    Failure.CONFIGURATION,
                    "this is an open relay: strangers may send " + String.join(", ", proof.granted()));
        }
        System.out.println("Who may relay: users who have logged in" + networks(config) + ", nobody else: "
                + proof.asked() + " requests of strangers were put to these rules, none was granted.");
        warnings(config).forEach(warning -> System.out.println("Warning: " + warning));
        return 0;
    }

    /// What works, and will not please.
    static List<String> warnings(Config config) {
        List<String> warnings = new ArrayList<>();
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
        return warnings;
    }

    private static String networks(Config config) {
        return config.relay().networks().networks().stream()
                .map(network -> ", hosts in " + network)
                .collect(Collectors.joining());
    }
}
