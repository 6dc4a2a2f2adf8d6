package dev.postern.bench.beside;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/// How soon a server replies to clients of our own that wait for each reply: to one alone, as fast as it goes, and to
/// twenty that together send half as much as they could at most.
final class Latency {
    private static final int SESSIONS = 20;
    private static final double NANOS_A_MILLI = 1e6;
    private static final double NANOS_A_SECOND = 1e9;
    private static final double LONGEST_MILLIS = 10;
    private static final double HALF = 0.5;
    private static final double MOST = 0.99;

    private Latency() {}

    /// What one round came to.
    ///
    /// @param alone messages a second of one session
    /// @param most messages a second of twenty
    /// @param reached messages a second when half of that was offered
    /// @param median milliseconds from the dot to the 250 in that time
    /// @param p99 the same, which 99 of 100 were below
    record Figures(double alone, double most, double reached, double median, double p99) {
        private static Figures median(List<Figures> of) {
            return new Figures(
                    middle(of, Figures::alone),
                    middle(of, Figures::most),
                    middle(of, Figures::reached),
                    middle(of, Figures::median),
                    middle(of, Figures::p99));
        }

        private static double middle(List<Figures> of, ToDoubleFunction<Figures> figure) {
            return of.stream().mapToDouble(figure).sorted().toArray()[of.size() / 2];
        }
    }

    /// Measures the servers in turn.
    ///
    /// @return a table
    static String run(Size size, List<Server> servers, Path folder, Consumer<String> progress)
            throws IOException, InterruptedException {
        Map<Server, List<Figures>> all = new EnumMap<>(Server.class);
        for (int round = 1; round <= size.rounds(); round++) {
            for (Server server : servers) {
                Figures figures = measure(size, server, folder.resolve("latency" + server + round));
                all.computeIfAbsent(server, _ -> new ArrayList<>()).add(figures);
                progress.accept("latency, round " + round + ", " + server.words() + ": " + figures);
            }
        }
        Map<Server, Figures> medians = new EnumMap<>(Server.class);
        all.forEach((server, figures) -> medians.put(server, Figures.median(figures)));
        return table(medians);
    }

    private static Figures measure(Size size, Server server, Path folder) throws IOException, InterruptedException {
        try (NextHop next = new NextHop.Mute();
                Stage stage = Stage.start(server, Setup.accept(next.port()), folder)) {
            size.warmUp(server.warmUp(), messages -> unhurried(stage.port(), SESSIONS, messages));
            int many = size.look(messages -> unhurried(stage.port(), SESSIONS, messages));
            double most = unhurried(stage.port(), SESSIONS, many);
            int few = size.look(messages -> unhurried(stage.port(), 1, messages));
            double alone = unhurried(stage.port(), 1, few);
            return paced(stage.port(), alone, most, size.messages(most / 2));
        }
    }

    /// As fast as it goes.
    private static double unhurried(int port, int sessions, int messages) throws IOException, InterruptedException {
        AtomicInteger sent = new AtomicInteger();
        double seconds = Clients.live(sessions, _ -> {
            try (Socket socket = Letter.connect(port)) {
                while (sent.getAndIncrement() < messages) {
                    Letter.send(socket);
                }
            }
        });
        return messages / seconds;
    }

    /// Each message has its time at which it is due; whoever is free sends it then, or as soon as he is.
    private static Figures paced(int port, double alone, double most, int messages)
            throws IOException, InterruptedException {
        long[] waits = new long[messages];
        double pause = NANOS_A_SECOND * 2 / most;
        AtomicInteger sent = new AtomicInteger();
        long begin = System.nanoTime();
        double seconds = Clients.live(SESSIONS, _ -> {
            try (Socket socket = Letter.connect(port)) {
                for (int i = sent.getAndIncrement(); i < messages; i = sent.getAndIncrement()) {
                    long early = begin + (long) (i * pause) - System.nanoTime();
                    if (early > 0) {
                        TimeUnit.NANOSECONDS.sleep(early);
                    }
                    waits[i] = Letter.send(socket);
                }
            }
        });
        Arrays.sort(waits);
        return new Figures(alone, most, messages / seconds, millis(waits, HALF), millis(waits, MOST));
    }

    private static double millis(long[] sorted, double part) {
        return sorted[(int) (part * (sorted.length - 1))] / NANOS_A_MILLI;
    }

    /// @param servers with their medians
    static String table(Map<Server, Figures> servers) {
        StringBuilder table = new StringBuilder("""
                | | one session | 20 sessions, at most | offered half of that | median of the 250 | p99 | goals of Postern |
                |---|---:|---:|---:|---:|---:|---|
                """);
        servers.forEach((server, of) -> table.append(String.format(
                Locale.ROOT,
                "| %s | %,.0f | %,.0f | %,.0f | %.2f ms | %.2f ms | %s |%n",
                server.words(),
                of.alone,
                of.most,
                of.reached,
                of.median,
                of.p99,
                server == Server.POSTERN ? goals(of, servers) : "")));
        return table.toString();
    }

    private static String goals(Figures postern, Map<Server, Figures> servers) {
        Figures postfix = servers.get(Server.POSTFIX);
        String p99 = "p99 " + Verdict.atMost(LONGEST_MILLIS, postern.p99, "%.1f ms");
        return postfix == null
                ? p99
                : "one session " + Verdict.atLeast(1, postern.alone / postfix.alone, "%.2f × Postfix") + "; " + p99;
    }
}
