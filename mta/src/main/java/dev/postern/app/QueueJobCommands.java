package dev.postern.app;

import dev.postern.admin.ControlRequest;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// What is to be seen and changed of the jobs that work through the queue.
final class QueueJobCommands {
    private QueueJobCommands() {}

    /// A job on one line.
    static String line(JsonNode job) {
        StringBuilder text = new StringBuilder();
        text.append("job ")
                .append(job.get("job").asString())
                .append("  ")
                .append(job.get("state").asString())
                .append("  ")
                .append(job.get("action").asString());
        for (String detail : new String[] {"via", "end", "why"}) {
            if (job.has(detail)) {
                text.append(' ').append(job.get(detail).asString());
            }
        }
        text.append("  of ");
        StringBuilder which = new StringBuilder();
        job.get("filter")
                .properties()
                .forEach(one -> which.append(which.isEmpty() ? "" : ", ")
                        .append(one.getKey())
                        .append(' ')
                        .append(one.getValue().asString()));
        text.append(which.isEmpty() ? "all" : which)
                .append("  ")
                .append(job.get("changed").asString())
                .append(" changed, ")
                .append(job.get("busy").asString())
                .append(" busy, ")
                .append(job.get("held").asString())
                .append(" held");
        if (job.get("state").asString().equals("running")) {
            text.append(
                            job.has("come-to")
                                    ? ", come to those of " + job.get("come-to").asString()
                                    : ", not begun")
                    .append(", goes to ")
                    .append(job.get("to-come-to").asString());
        }
        return text.toString();
    }

    /// `postern queue jobs`.
    @Command(
            name = "jobs",
            description = "Lists the jobs that work through the queue, and the last that have ended.",
            mixinStandardHelpOptions = true)
    static final class Jobs implements Callable<Integer> {
        @Mixin
        private ConfigOption config = new ConfigOption();

        @Option(names = "--json", description = "One JSON object a line.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            return config.show(new ControlRequest("queue-jobs", Map.of()), json, QueueJobCommands::line);
        }
    }

    /// `postern queue cancel`.
    @Command(name = "cancel", description = "Ends a job; what it has done stays done.", mixinStandardHelpOptions = true)
    static final class Cancel implements Callable<Integer> {
        @Mixin
        private ConfigOption config = new ConfigOption();

        @Parameters(paramLabel = "NUMBER", description = "As 'postern queue jobs' shows it.")
        private long number;

        @Option(names = "--json", description = "One JSON object.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            ControlRequest request = new ControlRequest("queue-cancel", Map.of("job", Long.toString(number)));
            return config.show(request, json, QueueJobCommands::line);
        }
    }
}
