package dev.postern.app;

import dev.postern.admin.ControlRequest;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `postern explain`: the decision record of a message or a refused session.
@Command(
        name = "explain",
        description = "Shows each rule that ran for a message or a session, its inputs and why.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config = new ConfigOption();

    @Parameters(paramLabel = "ID", description = "The id that stands at the end of a reply or in the mail log.")
    private String id = "";

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        AtomicInteger decisions = new AtomicInteger();
        config.control().call(new ControlRequest("explain", Map.of("id", id)), node -> {
            decisions.incrementAndGet();
            out.println(json ? node.toString() : line(node));
        });
        if (decisions.get() == 0) {
            throw new Failure("nothing is known of " + id + ": it never was, or its record has expired");
        }
        return 0;
    }

    private static String line(JsonNode decision) {
        StringBuilder text = new StringBuilder()
                .append(decision.get("at").asString())
                .append("  ")
                .append(decision.get("stage").asString())
                .append(": ")
                .append(decision.get("rule").asString())
                .append(" -> ")
                .append(decision.get("verdict").asString())
                .append("\n    ")
                .append(decision.get("why").asString());
        decision.get("inputs")
                .properties()
                .forEach(input -> text.append("\n    ")
                        .append(input.getKey())
                        .append(" = ")
                        .append(input.getValue().asString()));
        return text.toString();
    }
}
