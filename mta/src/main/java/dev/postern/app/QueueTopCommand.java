package dev.postern.app;

import dev.postern.admin.ControlClient;
import dev.postern.admin.ControlRequest;
import dev.postern.app.config.Quantities;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern queue top`: the lanes of the running server, looked at again and again.
@Command(
        name = "top",
        description = "Shows the lanes: what waits, since when, how fast it goes, what keeps it back.",
        mixinStandardHelpOptions = true)
final class QueueTopCommand implements Callable<Integer> {
    private static final String CLEAR = "\033[H\033[2J";
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final long COUNT_PATIENCE_MS = 2000;
    private static final int PROBLEM_WIDTH = 60;
    private static final int LANE_WIDTH = 40;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--once", description = "Looks once, over a second.")
    private boolean once;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "2s",
            description = "How often to look. Default: ${DEFAULT-VALUE}.")
    private String every = "2s";

    @Option(
            names = "--lanes",
            paramLabel = "N",
            defaultValue = "20",
            description = "The table has at most this many lanes, the fullest first. Default: ${DEFAULT-VALUE}.")
    private int most;

    @Option(names = "--json", description = "All lanes, one JSON object a line, then one for all together.")
    private boolean json;

    /// All lanes at one moment.
    ///
    /// @param end what holds for all of them together
    private record Look(Instant at, List<ObjectNode> lanes, JsonNode end) {}

    @Override
    public Integer call() throws Exception {
        Duration pause = Quantities.duration(every)
                .filter(time -> time.compareTo(FIRST) >= 0)
                .orElseThrow(() -> new Failure(
                        2, "--every must be a duration of a second or more, such as 5s, not \"" + every + "\""));
        if (most < 1) {
            throw new Failure(2, "--lanes must be 1 or more, not " + most);
        }
        ControlClient control = config.control();
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        Look before = look(control);
        Thread.sleep(FIRST);
        while (true) {
            Look now = look(control);
            rate(before, now);
            show(now, out);
            if (once || out.checkError()) {
                return 0;
            }
            before = now;
            Thread.sleep(pause);
        }
    }

    private static Look look(ControlClient control) throws IOException {
        List<ObjectNode> lanes = new ArrayList<>();
        JsonNode[] end = new JsonNode[1];
        control.call(new ControlRequest("queue-top", Map.of("patience", Long.toString(COUNT_PATIENCE_MS))), node -> {
            if (node.has("lane") && node instanceof ObjectNode lane) {
                lanes.add(lane);
            } else {
                end[0] = node;
            }
        });
        lanes.sort(Comparator.comparingLong(QueueTopCommand::waiting)
                .thenComparingLong(lane -> number(lane, "delivered"))
                .reversed()
                .thenComparing(lane -> lane.get("lane").asString()));
        return new Look(Instant.parse(end[0].get("at").asString()), lanes, end[0]);
    }

    private static long waiting(JsonNode lane) {
        return Math.max(number(lane, "fresh") + number(lane, "deferred"), number(lane, "ready"));
    }

    private static long number(JsonNode node, String key) {
        return node.has(key) ? node.get(key).asLong() : 0;
    }

    /// Adds how many recipients were delivered a second between two looks.
    private static void rate(Look before, Look now) {
        Map<String, Long> delivered = new HashMap<>();
        before.lanes().forEach(lane -> delivered.put(lane.get("lane").asString(), number(lane, "delivered")));
        double seconds = Math.max(1, Duration.between(before.at(), now.at()).toMillis()) / 1000.0;
        for (ObjectNode lane : now.lanes()) {
            long soFar = number(lane, "delivered");
            long then = delivered.getOrDefault(lane.get("lane").asString(), 0L);
            lane.put("rate", Math.round(Math.max(0, soFar - Math.min(then, soFar)) / seconds * 10) / 10.0);
        }
    }

    private void show(Look look, PrintWriter out) {
        if (json) {
            look.lanes().forEach(out::println);
            out.println(look.end());
        } else {
            if (!once) {
                out.print(CLEAR);
            }
            table(look).forEach(out::println);
        }
        out.flush();
    }

    private List<String> table(Look look) {
        List<String> lines = new ArrayList<>();
        JsonNode end = look.end();
        lines.add(look.at() + "  "
                + (end.has("messages")
                        ? end.get("messages").asString() + " message(s) counted at "
                                + end.get("counted-at").asString()
                        : "being counted")
                + ", " + end.get("active").asString() + " in memory, "
                + end.get("lanes").asString() + " lane(s)");
        lines.add(String.format(
                Locale.ROOT,
                "%-" + LANE_WIDTH + "s %8s %8s %8s %5s %7s %8s %-20s %s",
                "LANE",
                "READY",
                "NEW",
                "DEFERRED",
                "SENDS",
                "RATE/S",
                "OLDEST",
                "NEXT",
                "LAST PROBLEM"));
        look.lanes().stream().limit(most).forEach(lane -> lines.add(row(lane, look.at())));
        if (look.lanes().size() > most) {
            lines.add("... and " + (look.lanes().size() - most) + " more (--lanes)");
        }
        return lines;
    }

    private static String row(JsonNode lane, Instant now) {
        return String.format(
                        Locale.ROOT,
                        "%-" + LANE_WIDTH + "s %8d %8s %8s %5d %7s %8s %-20s %s",
                        Output.shown(lane.get("lane").asString()),
                        number(lane, "ready"),
                        text(lane, "fresh", "-"),
                        text(lane, "deferred", "-"),
                        number(lane, "in-flight"),
                        lane.get("rate").asString(),
                        lane.has("oldest")
                                ? age(Instant.parse(lane.get("oldest").asString()), now)
                                : "-",
                        next(lane),
                        cut(Output.shown(text(lane, "problem", ""))))
                .stripTrailing();
    }

    private static String next(JsonNode lane) {
        if (lane.has("held") && lane.get("held").asBoolean()) {
            return "held";
        }
        @Nullable String at = lane.has("rests-until") ? lane.get("rests-until").asString() : null;
        String when = at == null ? text(lane, "next", "-") : at;
        int fraction = when.indexOf('.');
        return fraction < 0 ? when : when.substring(0, fraction) + "Z";
    }

    private static String text(JsonNode node, String key, String absent) {
        return node.has(key) ? node.get(key).asString() : absent;
    }

    private static String cut(String text) {
        return text.length() <= PROBLEM_WIDTH ? text : text.substring(0, PROBLEM_WIDTH) + "...";
    }

    /// An age in its two greatest units, such as `3d4h`.
    static String age(Instant since, Instant now) {
        Duration age = Duration.between(since, now);
        if (age.toDays() > 0) {
            return age.toDays() + "d" + age.toHoursPart() + "h";
        }
        if (age.toHours() > 0) {
            return age.toHours() + "h" + age.toMinutesPart() + "m";
        }
        return age.toMinutes() > 0
                ? age.toMinutes() + "m" + age.toSecondsPart() + "s"
                : Math.max(0, age.toSeconds()) + "s";
    }
}
