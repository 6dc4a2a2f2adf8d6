package dev.postern.app;

import dev.postern.admin.ControlRequest;
import dev.postern.app.config.Quantities;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `postern ban`: who is not let in by the running server.
@Command(
        name = "ban",
        description = "Shows and changes who is not let in by the running server.",
        mixinStandardHelpOptions = true,
        subcommands = {BanCommand.Listing.class, BanCommand.Add.class, BanCommand.Remove.class})
final class BanCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandSpec present = Objects.requireNonNull(spec);
        throw new ParameterException(present.commandLine(), "ban needs a command: list, add or remove");
    }

    /// What all of them share.
    static final class Asking {
        @Mixin
        private ConfigOption config = new ConfigOption();

        @Option(names = "--json", description = "One JSON object a line.")
        private boolean json;

        private Integer ask(ControlRequest request) throws Exception {
            return config.show(request, json, BanCommand::line);
        }
    }

    private static String line(JsonNode node) {
        if (node.has("removed")) {
            return node.get("removed").asString() + " is let in again";
        }
        if (!node.has("bans")) {
            return node.get("network").asString() + "  until "
                    + node.get("until").asString() + "  "
                    + node.get("source").asString() + ": " + node.get("why").asString() + "  (ban "
                    + node.get("times").asString() + " in a row, "
                    + node.get("turned-away").asString()
                    + " connections turned away)";
        }
        StringBuilder denied = new StringBuilder();
        node.get("denied")
                .properties()
                .forEach(one -> denied.append(denied.isEmpty() ? "" : ", ")
                        .append(one.getKey())
                        .append(' ')
                        .append(one.getValue().asString()));
        return node.get("bans").asString() + " ban(s). Denied by limits since the start: " + denied;
    }

    /// `postern ban list`.
    @Command(
            name = "list",
            description = "Lists the bans in force, the next to end first, and what limits have denied.",
            mixinStandardHelpOptions = true)
    static final class Listing implements Callable<Integer> {
        @Mixin
        private Asking asking = new Asking();

        @Override
        public Integer call() throws Exception {
            return asking.ask(new ControlRequest("ban-list", Map.of()));
        }
    }

    /// `postern ban add`.
    @Command(
            name = "add",
            description = "Bans an address or a network, in place of a ban that it is under.",
            mixinStandardHelpOptions = true)
    static final class Add implements Callable<Integer> {
        @Mixin
        private Asking asking = new Asking();

        @Parameters(
                paramLabel = "NETWORK",
                description = "Such as 192.0.2.7, 192.0.2.0/24, 2001:db8::1 (its 64 bits) or 2001:db8::/56.")
        private String network = "";

        @Option(
                names = "--for",
                paramLabel = "TIME",
                defaultValue = "1d",
                description = "How long, such as 30m, 4h or 30d. Default: ${DEFAULT-VALUE}.")
        private String time = "1d";

        @Option(
                names = "--why",
                paramLabel = "TEXT",
                defaultValue = "by the administrator",
                description = "The reason, which the client is told too. Default: ${DEFAULT-VALUE}.")
        private String why = "";

        @Override
        public Integer call() throws Exception {
            Duration duration = Quantities.duration(time)
                    .orElseThrow(
                            () -> new Failure(2, "--for must be a duration such as 30m or 4h, not \"" + time + "\""));
            return asking.ask(new ControlRequest(
                    "ban-add", Map.of("network", network, "seconds", Long.toString(duration.toSeconds()), "why", why)));
        }
    }

    /// `postern ban remove`.
    @Command(
            name = "remove",
            description = "Ends the bans of an address or a network, and of all within it, and forgets them.",
            mixinStandardHelpOptions = true)
    static final class Remove implements Callable<Integer> {
        @Mixin
        private Asking asking = new Asking();

        @Parameters(paramLabel = "NETWORK", description = "As 'postern ban list' shows it.")
        private String network = "";

        @Override
        public Integer call() throws Exception {
            return asking.ask(new ControlRequest("ban-remove", Map.of("network", network)));
        }
    }
}
