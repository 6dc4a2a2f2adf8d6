package dev.postern.app;

import dev.postern.app.config.Config;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `postern check`: reads the configuration as `run` would, starts nothing.
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
        return 0;
    }
}
