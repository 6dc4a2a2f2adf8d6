package dev.postern.bench.beside;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Mail taken over sessions of one message each: in the clear, under TLS with a full handshake each, and under TLS that
/// goes on with the client's session before.
final class Secured {
    private static final int CLIENTS = 20;
    private static final Duration REST_BOUND = Duration.ofMinutes(1);
    private static final double MIB = 1024 * 1024;
    private static final double PERCENT = 100;
    private static final Handshaker.Way WAY = new Handshaker.Way("TLSv1.3", List.of());

    private Secured() {}

    /// How clients come.
    enum Kind {
        CLEAR("in the clear"),
        FULL("TLS 1.3, a full handshake each"),
        AGAIN("TLS 1.3, sessions gone on with");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /// @param figure as everywhere
    /// @param resumed the share of sessions that went on with one before, as the clients saw it
    record Measured(Figure figure, double resumed) {
        private static Measured median(List<Measured> of) {
            return new Measured(
                    Figure.median(of.stream().map(Measured::figure).toList()),
                    of.stream().mapToDouble(Measured::resumed).sorted().toArray()[of.size() / 2]);
        }
    }

    /// Measures the servers in turn.
    ///
    /// @return a table
    static String run(Size size, List<Server> servers, Path folder, Consumer<String> progress)
            throws IOException, InterruptedException {
        Map<Kind, Map<Server, List<Measured>>> all = new EnumMap<>(Kind.class);
        for (int round = 1; round <= size.rounds(); round++) {
            for (Server server : servers) {
                Path own = folder.resolve("tls" + server + round);
                try (NextHop next = new NextHop.Mute();
                        Stage stage =
                                Stage.start(server, Setup.accept(next.port()).secured(), own)) {
                    for (Kind kind : Kind.values()) {
                        size.warmUp(server.warmUp(), messages -> send(stage.port(), kind, messages, new Handshaker()));
                        Measured measured = measure(size, stage, kind);
                        all.computeIfAbsent(kind, _ -> new EnumMap<>(Server.class))
                                .computeIfAbsent(server, _ -> new ArrayList<>())
                                .add(measured);
                        progress.accept("tls, round " + round + ", " + server.words() + ", " + kind.words + ": "
                                + measured.figure());
                    }
                }
            }
        }
        Map<Kind, Map<Server, Measured>> medians = new EnumMap<>(Kind.class);
        all.forEach((kind, each) ->
                each.forEach((server, measured) -> medians.computeIfAbsent(kind, _ -> new EnumMap<>(Server.class))
                        .put(server, Measured.median(measured))));
        return table(servers, medians);
    }

    private static Measured measure(Size size, Stage stage, Kind kind) throws IOException, InterruptedException {
        Handshaker clients = new Handshaker();
        if (kind == Kind.AGAIN) {
            for (int client : IntStream.range(0, CLIENTS).toArray()) {
                clients.once(stage.port(), name(kind, client, 0), WAY);
            }
        }
        int messages = size.look(few -> send(stage.port(), kind, few, new Handshaker()));
        clients.certificates();
        double before = stage.cpu().awaitRest(REST_BOUND);
        try (MemoryWatch watch = MemoryWatch.start(stage.tree())) {
            double aSecond = send(stage.port(), kind, messages, clients);
            double cpu = stage.cpu().awaitRest(REST_BOUND) - before;
            double resumed = kind == Kind.CLEAR ? 0 : 1 - (double) clients.certificates() / messages;
            return new Measured(
                    new Figure(aSecond, cpu * 1000 / messages, watch.end().proportionalOctets() / MIB), resumed);
        }
    }

    private static double send(int port, Kind kind, int messages, Handshaker handshaker)
            throws IOException, InterruptedException {
        AtomicInteger sent = new AtomicInteger();
        double seconds = Clients.live(CLIENTS, client -> {
            for (int i = sent.getAndIncrement(); i < messages; i = sent.getAndIncrement()) {
                if (kind == Kind.CLEAR) {
                    try (Socket socket = Letter.connect(port)) {
                        Letter.send(socket);
                        Handshaker.expect("221", socket, "QUIT\r\n");
                    }
                } else {
                    handshaker.once(port, name(kind, client, i), WAY, Letter::send);
                }
            }
        });
        return messages / seconds;
    }

    /// A client goes on with its own sessions; under a name of its own each is the first.
    private static String name(Kind kind, int client, int message) {
        return kind == Kind.AGAIN ? "c" + client + ".bench.test" : "s" + message + ".bench.test";
    }

    /// @param measured by kind, then by server, the medians
    static String table(List<Server> servers, Map<Kind, Map<Server, Measured>> measured) {
        StringBuilder table = new StringBuilder("| |");
        servers.forEach(server -> table.append(' ').append(server.words()).append(" |"));
        table.append(" Postern : Postfix |\n|---|")
                .append("---|".repeat(servers.size() + 1))
                .append('\n');
        measured.forEach((kind, each) -> {
            table.append("| ").append(kind.words).append(" |");
            for (Server server : servers) {
                Measured one = each.get(server);
                table.append(' ')
                        .append(one == null ? "—" : one.figure() + resumed(kind, one))
                        .append(" |");
            }
            Measured postern = each.get(Server.POSTERN);
            Measured postfix = each.get(Server.POSTFIX);
            table.append(
                    postern == null || postfix == null
                            ? " — |\n"
                            : String.format(
                                    Locale.ROOT,
                                    " %.2f |%n",
                                    postern.figure().aSecond()
                                            / postfix.figure().aSecond()));
        });
        return table.toString();
    }

    private static String resumed(Kind kind, Measured one) {
        return kind == Kind.AGAIN ? String.format(Locale.ROOT, " (%.0f %% went on)", one.resumed() * PERCENT) : "";
    }
}
