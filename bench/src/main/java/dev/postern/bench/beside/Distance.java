package dev.postern.bench.beside;

import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Postfix;
import dev.postern.blackbox.peers.RecordingSink;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// Mail handed on to a server that is 50 ms away and offers PIPELINING and CHUNKING: how many ways there and back a
/// message costs on a connection, and how many connections are opened.
final class Distance {
    private static final Duration ONE_WAY = Duration.ofMillis(25);
    private static final double SECONDS_THERE_AND_BACK = 0.05;
    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final int MESSAGES = 100;
    private static final int SENDERS = 20;
    private static final int FEW = 5;
    // What the first of several messages in a row costs more than the others is not all hidden.
    private static final double ONE = 1.1;

    private Distance() {}

    /// What a server did.
    ///
    /// @param permitted connections at once
    /// @param aSecond messages, from the arrival of the first to that of the last
    /// @param opened connections in all
    /// @param atOnce connections, at most
    record Seen(Server server, int permitted, double aSecond, int opened, int atOnce) {
        /// Ways there and back that a message took on a connection of those that were permitted.
        double roundTrips() {
            return permitted / (aSecond * SECONDS_THERE_AND_BACK);
        }
    }

    /// Measures the servers, once over one connection and once over a few.
    ///
    /// @return a table
    static String run(Size size, List<Server> servers, Path folder, Consumer<String> progress)
            throws IOException, InterruptedException {
        int messages = size.messages() > 0 ? Math.min(size.messages(), MESSAGES) : MESSAGES;
        List<Seen> all = new ArrayList<>();
        for (int permitted : new int[] {1, FEW}) {
            for (Server server : servers) {
                Seen seen = measure(server, permitted, messages, folder);
                all.add(seen);
                progress.accept("distance: " + seen);
            }
        }
        return table(all);
    }

    private static Seen measure(Server server, int permitted, int messages, Path folder)
            throws IOException, InterruptedException {
        try (RecordingSink sink = RecordingSink.start("PIPELINING", "CHUNKING", "8BITMIME", "ENHANCEDSTATUSCODES");
                DelayingProxy path = DelayingProxy.start(sink.port(), ONE_WAY);
                Stage stage = Stage.start(
                        server,
                        Setup.relay(path.port()).over(permitted),
                        folder.resolve("distance" + server + permitted))) {
            Row.Load load = new Row.Load(SENDERS, true, Row.Load.SMALL);
            Finished sent = Postfix.smtpSource(
                    folder.resolve("source"),
                    BOUND,
                    stage.port(),
                    load.switches(messages).toArray(String[]::new));
            if (sent.exitCode() != 0 || !sent.errors().isEmpty()) {
                throw new IOException("smtp-source against " + server.words() + ": " + sent);
            }
            int before = sink.awaitMessages(1, BOUND).size();
            long begin = System.nanoTime();
            int after = sink.awaitMessages(messages, BOUND).size();
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (after > messages || before == messages) {
                throw new IOException(server.words() + " relayed " + after + " messages, first " + before);
            }
            return new Seen(server, permitted, (after - before) / seconds, path.connections(), path.mostAtOnce());
        }
    }

    /// @param all in the order of the lines
    static String table(List<Seen> all) {
        StringBuilder table = new StringBuilder("""
                | connections permitted | server | messages a second | round trips a message on each | connections opened | at once | goals of Postern |
                |---:|---|---:|---:|---:|---:|---|
                """);
        for (Seen seen : all) {
            table.append(String.format(
                    Locale.ROOT,
                    "| %d | %s | %.1f | %.2f | %d | %d | %s |%n",
                    seen.permitted,
                    seen.server.words(),
                    seen.aSecond,
                    seen.roundTrips(),
                    seen.opened,
                    seen.atOnce,
                    seen.server == Server.POSTERN ? goals(seen) : ""));
        }
        return table.toString();
    }

    private static String goals(Seen seen) {
        return Verdict.atMost(ONE, seen.roundTrips(), "%.2f round trips") + "; "
                + Verdict.atMost(seen.permitted, seen.atOnce, "%.0f at once");
    }
}
