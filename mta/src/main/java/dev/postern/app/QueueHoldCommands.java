package dev.postern.app;

import dev.postern.admin.ControlRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// The rules that keep mail back: by its lane, its recipients' domain, its sender.
final class QueueHoldCommands {
    private QueueHoldCommands() {}

    /// Which mail is meant.
    static final class Which {
        @Option(names = "--lane", paramLabel = "LANE", description = "What waits in a lane, such as mx:example.org.")
        private @Nullable String lane;

        @Option(names = "--domain", paramLabel = "DOMAIN", description = "Mail to recipients in a domain.")
        private @Nullable String domain;

        @Option(
                names = "--sender",
                paramLabel = "ADDRESS",
                description = "Mail of an address, of a domain as @example.org, or <> for reports.")
        private @Nullable String sender;

        private Map<String, String> arguments() {
            Map<String, String> arguments = new LinkedHashMap<>();
            put(arguments, "lane", lane);
            put(arguments, "domain", domain);
            put(arguments, "sender", sender);
            return arguments;
        }

        private static void put(Map<String, String> arguments, String by, @Nullable String name) {
            if (name != null) {
                arguments.put("by", by);
                arguments.put("name", name);
            }
        }
    }

    private static String line(JsonNode hold) {
        if (hold.has("resumed")) {
            return "mail goes on: " + hold.get("by").asString() + " "
                    + hold.get("resumed").asString();
        }
        return hold.get("by").asString() + " " + hold.get("name").asString() + "  kept back since "
                + hold.get("since").asString()
                + (hold.has("why") ? ": " + hold.get("why").asString() : "")
                + (hold.has("changed") && !hold.get("changed").asBoolean() ? " (already)" : "");
    }

    /// `postern queue holds`.
    @Command(name = "holds", description = "Lists the rules that keep mail back.", mixinStandardHelpOptions = true)
    static final class Holds implements Callable<Integer> {
        @Mixin
        private ConfigOption config = new ConfigOption();

        @Option(names = "--json", description = "One JSON object a line.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            return config.show(new ControlRequest("queue-holds", Map.of()), json, QueueHoldCommands::line);
        }
    }

    /// `postern queue pause`.
    @Command(
            name = "pause",
            description = "Keeps mail back, that which comes later too, until 'resume'; also over a restart.",
            mixinStandardHelpOptions = true)
    static final class Pause implements Callable<Integer> {
        @Mixin
        private ConfigOption config = new ConfigOption();

        @ArgGroup(multiplicity = "1")
        private Which which = new Which();

        @Option(names = "--why", paramLabel = "TEXT", description = "The reason, for those who look.")
        private @Nullable String why;

        @Option(names = "--json", description = "One JSON object.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            Map<String, String> arguments = which.arguments();
            if (why != null) {
                arguments.put("why", why);
            }
            return config.show(new ControlRequest("queue-pause", arguments), json, QueueHoldCommands::line);
        }
    }

    /// `postern queue resume`.
    @Command(name = "resume", description = "Lets mail go that is kept back.", mixinStandardHelpOptions = true)
    static final class Resume implements Callable<Integer> {
        @Mixin
        private ConfigOption config = new ConfigOption();

        @ArgGroup(multiplicity = "1")
        private Which which = new Which();

        @Option(names = "--json", description = "One JSON object.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            return config.show(new ControlRequest("queue-resume", which.arguments()), json, QueueHoldCommands::line);
        }
    }
}
