package dev.postern.bench.beside;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The table of a work, as Markdown: a line a row, a column a server with the medians `messages a second · CPU seconds
/// per 1000 messages · MiB of PSS`, then the ratio of the first two, and the goals.
final class RowTable {
    private RowTable() {}

    /// @param results by row, then by server, the measurements
    static String of(Map<Row, Map<Server, List<Figure>>> results) {
        Set<Server> servers = EnumSet.noneOf(Server.class);
        results.values().forEach(row -> servers.addAll(row.keySet()));
        String head =
                servers.stream().map(server -> " " + server.words() + " |").collect(Collectors.joining());
        return "| |" + head + " Postern : Postfix | goals of Postern |\n"
                + "|---|" + "---|".repeat(servers.size()) + "---|---|\n"
                + results.entrySet().stream()
                        .map(row -> line(row.getKey(), servers, row.getValue()))
                        .collect(Collectors.joining());
    }

    private static String line(Row row, Set<Server> servers, Map<Server, List<Figure>> measured) {
        StringBuilder line = new StringBuilder("| " + row.words() + " |");
        for (Server server : servers) {
            List<Figure> figures = measured.getOrDefault(server, List.of());
            line.append(' ')
                    .append(figures.isEmpty() ? "—" : Figure.median(figures))
                    .append(" |");
        }
        List<Figure> ours = measured.getOrDefault(Server.POSTERN, List.of());
        double postfix = rate(measured, Server.POSTFIX);
        if (ours.isEmpty()) {
            return line.append(" — | — |\n").toString();
        }
        Figure postern = Figure.median(ours);
        String ratio = postfix > 0 ? String.format(Locale.ROOT, "%.2f", postern.aSecond() / postfix) : "—";
        String goals = String.join("; ", row.goal().verdicts(postern, postfix, rate(measured, Server.SINK)));
        return line + " " + ratio + " | " + goals + " |\n";
    }

    private static double rate(Map<Server, List<Figure>> measured, Server server) {
        List<Figure> figures = measured.getOrDefault(server, List.of());
        return figures.isEmpty() ? 0 : Figure.median(figures).aSecond();
    }
}
