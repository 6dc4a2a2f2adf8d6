package dev.postern.app;

import dev.postern.app.config.Config;
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
        return 0;
    }

    private static String networks(Config config) {
        return config.relay().networks().networks().stream()
                .map(network -> ", hosts in " + network)
                .collect(Collectors.joining());
    }
}
