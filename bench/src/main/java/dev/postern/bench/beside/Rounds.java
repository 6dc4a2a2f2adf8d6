package dev.postern.bench.beside;

import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Postfix;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// The rounds of a work in which servers take mail from `smtp-source`: in each round one server after the other is
/// started with an empty spool, warmed up, measured row by row, and ended, so that never two of them run. In each round
/// another one begins.
final class Rounds {
    private static final Duration BOUND = Duration.ofMinutes(10);
    private static final Duration REST_BOUND = Duration.ofMinutes(1);
    private static final double MIB = 1024 * 1024;
    private static final double NANOS_A_SECOND = 1e9;
    // The sender is started in namespaces of its own, and that takes longer than many a measurement of a sink.
    private static final String TIMED = "date +%s%N && \"$@\" && date +%s%N";

    private final Size size;
    private final Work work;
    private final Path folder;
    private final Consumer<String> progress;
    private final Map<Row, Map<Server, List<Figure>>> results = new EnumMap<>(Row.class);
    private final Set<String> notes = new LinkedHashSet<>();
    private final InstantSource clock = InstantSource.system();
    private int started;

    private Rounds(Size size, Work work, Path folder, Consumer<String> progress) {
        this.size = size;
        this.work = work;
        this.folder = folder;
        this.progress = progress;
    }

    /// What the rounds came to.
    ///
    /// @param figures by row, then by server
    /// @param notes how it was measured, and which server failed, a sentence each
    record Outcome(Map<Row, Map<Server, List<Figure>>> figures, List<String> notes) {
        Outcome {
            figures = Collections.unmodifiableMap(figures);
            notes = List.copyOf(notes);
        }
    }

    /// Makes all measurements of a work.
    ///
    /// @param folder for the servers' files, on the disk that is to be measured
    /// @param servers who takes part
    /// @param progress is told of each measurement in a line
    /// @throws IOException when Postern refused, lost or repeated a message; another server then has no
    /// figure for it
    static Outcome run(Size size, Work work, List<Server> servers, Path folder, Consumer<String> progress)
            throws IOException, InterruptedException {
        Rounds rounds = new Rounds(size, work, folder, progress);
        List<Server> order = new ArrayList<>(
                servers.stream().filter(server -> server.does(work)).toList());
        for (int round = 1; round <= size.rounds(); round++) {
            for (Server server : order) {
                rounds.appear(server, round);
            }
            Collections.rotate(order, -1);
        }
        return new Outcome(rounds.results, List.copyOf(rounds.notes));
    }

    /// One server's part of a round.
    private void appear(Server server, int round) throws IOException, InterruptedException {
        started++;
        try (NextHop next =
                        work == Work.RELAY ? new NextHop.Sink(folder.resolve("sink" + started)) : new NextHop.Mute();
                Stage stage = Stage.start(server, setup(next), folder.resolve(server.name() + started))) {
            notes.add(stage.counting() + ".");
            for (Row row : work.rows()) {
                size.warmUp(server.warmUp(), messages -> send(server, stage, row, messages, next));
                Figure figure = measure(server, stage, row, next);
                results.computeIfAbsent(row, _ -> new EnumMap<>(Server.class))
                        .computeIfAbsent(server, _ -> new ArrayList<>())
                        .add(figure);
                progress.accept(String.format(
                        Locale.ROOT,
                        "%s, round %d, %s, %s: %s",
                        work.word(),
                        round,
                        server.words(),
                        row.words(),
                        figure));
            }
        } catch (IOException | AssertionError failed) {
            if (server == Server.POSTERN) {
                throw failed;
            }
            String sentence = server.words() + " failed in round " + round + ": " + failed.getMessage();
            progress.accept(sentence);
            notes.add(sentence.lines().findFirst().orElseThrow());
        }
    }

    private Setup setup(NextHop next) {
        return work == Work.RELAY ? Setup.relay(next.port()) : Setup.accept(next.port());
    }

    private Figure measure(Server server, Stage stage, Row row, NextHop next) throws IOException, InterruptedException {
        int messages = size.look(few -> send(server, stage, row, few, next));
        double before = stage.cpu().awaitRest(REST_BOUND);
        try (MemoryWatch watch = MemoryWatch.start(stage.tree())) {
            double aSecond = send(server, stage, row, messages, next);
            double cpu = stage.cpu().awaitRest(REST_BOUND) - before;
            return new Figure(aSecond, cpu * 1000 / messages, watch.end().proportionalOctets() / MIB);
        }
    }

    /// @return messages a second, from the sender's start until the last one was where it has to be
    private double send(Server server, Stage stage, Row row, int messages, NextHop next)
            throws IOException, InterruptedException {
        int before = next.messages();
        List<String> command = new ArrayList<>(List.of("sh", "-c", TIMED, "timed", "smtp-source"));
        command.addAll(row.load().switches(messages));
        command.add("inet:127.0.0.1:" + stage.port());
        Finished sent = Postfix.tool(folder.resolve("source"), BOUND, command.toArray(String[]::new));
        if (sent.exitCode() != 0 || !sent.errors().isEmpty()) {
            throw new IOException("smtp-source against " + server.words() + ": " + sent);
        }
        List<String> times = sent.output().lines().toList();
        double began = Long.parseLong(times.getFirst()) / NANOS_A_SECOND;
        double seconds = Long.parseLong(times.getLast()) / NANOS_A_SECOND - began;
        if (next.await(before + messages)) {
            seconds = Math.max(
                    seconds, ChronoUnit.NANOS.between(Instant.EPOCH, clock.instant()) / NANOS_A_SECOND - began);
        }
        return messages / seconds;
    }
}
