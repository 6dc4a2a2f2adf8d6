package dev.postern.app;

import dev.postern.admin.ControlRequest;
import dev.postern.app.config.Quantities;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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

/// `postern queue`: what waits in the running server, and what to do with it.
@Command(
        name = "queue",
        description = "Lists and changes what waits in the queue of the running server.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            QueueCommand.Listing.class,
            QueueCommand.Show.class,
            QueueTopCommand.class,
            QueueChange.Retry.class,
            QueueChange.Hold.class,
            QueueChange.Release.class,
            QueueChange.Move.class,
            QueueChange.Expire.class,
            QueueChange.Remove.class,
            QueueChange.Bounce.class,
            QueueJobCommands.Jobs.class,
            QueueJobCommands.Cancel.class,
            QueueHoldCommands.Holds.class,
            QueueHoldCommands.Pause.class,
            QueueHoldCommands.Resume.class
        })
final class QueueCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandSpec present = java.util.Objects.requireNonNull(spec);
        throw new ParameterException(
                present.commandLine(),
                "queue needs a command: "
                        + String.join(", ", present.subcommands().keySet()));
    }

    /// Which messages are meant.
    static final class Filter {
        @Option(names = "--to", paramLabel = "TEXT", description = "With this in a recipient's address.")
        private @Nullable String to;

        @Option(names = "--from", paramLabel = "TEXT", description = "With this in the reverse-path; <> for reports.")
        private @Nullable String from;

        @Option(names = "--lane", paramLabel = "LANE", description = "Waiting in this lane, such as mx:example.org.")
        private @Nullable String lane;

        @Option(
                names = "--older-than",
                paramLabel = "TIME",
                description = "In the queue for longer than this, such as 4h.")
        private @Nullable String olderThan;

        @Option(names = "--error", paramLabel = "TEXT", description = "With this in the last problem.")
        private @Nullable String error;

        Map<String, String> arguments() throws Failure {
            Map<String, String> arguments = new LinkedHashMap<>();
            put(arguments, "to", to);
            put(arguments, "from", from);
            put(arguments, "lane", lane);
            put(arguments, "error", error);
            if (olderThan != null) {
                long seconds = Quantities.duration(olderThan)
                        .orElseThrow(() -> new Failure(
                                2, "--older-than must be a duration such as 30m or 4h, not \"" + olderThan + "\""))
                        .toSeconds();
                arguments.put("older-than", Long.toString(seconds));
            }
            return arguments;
        }

        private static void put(Map<String, String> arguments, String name, @Nullable String value) {
            if (value != null) {
                arguments.put(name, value);
            }
        }
    }

    /// `postern queue list`.
    @Command(name = "list", description = "Lists messages, oldest first.", mixinStandardHelpOptions = true)
    static final class Listing implements Callable<Integer> {
        @Mixin
        private ConfigOption config = new ConfigOption();

        @Mixin
        private Filter filter = new Filter();

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "100",
                description = "At most this many. Default: ${DEFAULT-VALUE}.")
        private int limit;

        @Option(names = "--after", paramLabel = "ID", description = "Those after this one: the next page.")
        private @Nullable String after;

        @Option(names = "--json", description = "One JSON object a line.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            if (limit < 1) {
                throw new Failure(2, "--limit must be 1 or more, not " + limit);
            }
            Map<String, String> arguments = filter.arguments();
            arguments.put("limit", Integer.toString(limit));
            Optional.ofNullable(after).ifPresent(id -> arguments.put("after", id));
            return config.show(new ControlRequest("queue-list", arguments), json, QueueCommand::line);
        }
    }

    private static String line(JsonNode message) {
        if (message.has("messages")) {
            return message.get("messages").asString() + " message(s) in the queue"
                    + (message.has("next")
                            ? "; more with --after " + message.get("next").asString()
                            : "");
        }
        StringBuilder text = new StringBuilder();
        text.append(message.get("id").asString())
                .append("  ")
                .append(message.get("arrived").asString())
                .append("  ")
                .append(message.get("size").asString())
                .append("  <")
                .append(message.get("from").asString())
                .append('>')
                .append(message.get("held").asBoolean() ? "  held" : "")
                .append(noted(message, "via", "moved to"))
                .append(noted(message, "end", "given up at"))
                .append(noted(message, "release", "leaves at"))
                .append(noted(message, "deliver-by", "to be delivered by"))
                .append(noted(message, "priority", "priority"));
        for (JsonNode recipient : message.get("recipients")) {
            text.append("\n    ")
                    .append(recipient.get("to").asString())
                    .append("  ")
                    .append(recipient.get("status").asString());
            text.append(noted(recipient, "held-by", "kept back by the"));
            if (recipient.has("due")) {
                text.append(", next attempt ").append(recipient.get("due").asString());
            }
            if (recipient.has("problem")) {
                text.append("\n        ").append(recipient.get("problem").asString());
            }
        }
        return text.toString();
    }

    private static String noted(JsonNode message, String key, String words) {
        return message.has(key) ? "  " + words + " " + message.get(key).asString() : "";
    }

    /// `postern queue show`.
    @Command(
            name = "show",
            description = "Shows one message: envelope, recipients, header.",
            mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {
        @Mixin
        private ConfigOption config = new ConfigOption();

        @Parameters(paramLabel = "ID", description = "The queue id.")
        private String id = "";

        @Option(names = "--json", description = "One JSON object.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
            config.control().call(new ControlRequest("queue-show", Map.of("id", id)), node -> {
                if (json) {
                    out.println(node);
                } else {
                    out.println(line(node));
                    out.println();
                    out.println(node.get("header").asString());
                }
            });
            return 0;
        }
    }
}
