package dev.postern.bench.beside;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The table of a run, as Markdown: for each mode a line a server with its medians, and a line with the first server's
/// figures as multiples of the second's.
final class Table {
    private static final String HEAD = """
            | mode | server | taken in /s | relayed /s | CPU s per 1000 | peak RSS MiB | peak PSS MiB |
            |---|---|---:|---:|---:|---:|---:|
            """;

    private Table() {}

    /// @param results by mode, then by server, the measurements; each mode has the same two servers
    static String of(Map<Mode, Map<String, List<Measurement>>> results) {
        return HEAD
                + results.entrySet().stream()
                        .map(mode -> block(mode.getKey(), mode.getValue()))
                        .collect(Collectors.joining());
    }

    /// What Postern is to reach, beside what was seen: a line for each mode.
    ///
    /// @param results as above
    static String goals(Map<Mode, Map<String, List<Measurement>>> results) {
        StringBuilder lines = new StringBuilder();
        results.forEach((mode, servers) -> {
            List<Measurement.Figures> figures =
                    servers.values().stream().map(Measurement::medians).toList();
            Measurement.Figures ours = figures.getFirst();
            double times = ours.relayedASecond() / figures.getLast().relayedASecond();
            lines.append("- ").append(mode.words()).append(": ");
            if (mode.times() > 0) {
                lines.append(Verdict.atLeast(mode.times(), times, "%.1f × the other"))
                        .append("; ");
            }
            lines.append(Goal.memory(ours.proportionalMib())).append('\n');
        });
        return lines.toString();
    }

    private static String block(Mode mode, Map<String, List<Measurement>> servers) {
        List<String> names = List.copyOf(servers.keySet());
        List<Measurement.Figures> figures =
                servers.values().stream().map(Measurement::medians).toList();
        StringBuilder block = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            block.append(line(mode, names.get(i), figures.get(i)));
        }
        return block.append(ratios(mode, names, figures.get(0), figures.get(1))).toString();
    }

    private static String line(Mode mode, String name, Measurement.Figures of) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.0f | %.0f | %.2f | %.0f | %.0f |%n",
                mode.words(),
                name,
                of.takenASecond(),
                of.relayedASecond(),
                of.cpuSecondsAThousand(),
                of.residentMib(),
                of.proportionalMib());
    }

    private static String ratios(Mode mode, List<String> names, Measurement.Figures one, Measurement.Figures other) {
        return String.format(
                Locale.ROOT,
                "| %s | %s : %s | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
                mode.words(),
                names.get(0),
                names.get(1),
                one.takenASecond() / other.takenASecond(),
                one.relayedASecond() / other.relayedASecond(),
                one.cpuSecondsAThousand() / other.cpuSecondsAThousand(),
                one.residentMib() / other.residentMib(),
                one.proportionalMib() / other.proportionalMib());
    }
}
