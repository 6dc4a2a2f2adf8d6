package dev.postern.bench.beside;

import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postfix;
import dev.postern.blackbox.peers.RecordingSink;
import dev.postern.blackbox.peers.SmtpSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// Postern and Postfix with its company in turn: each checks or signs the same messages of `smtp-source`
/// and relays them to `smtp-sink`, with all its durability. The servers run from the first round to the
/// last; in each round the other one begins.
final class SideBySide {
    private static final Duration BOUND = Duration.ofMinutes(30);
    // So many times a measurement's messages go through Postern before the first one, that the JVM has compiled what it
    // runs, and through the other so many times less: then keys and records are remembered.
    private static final int WARM_UP = 2;

    private static final int SESSIONS = 20;
    private static final int OCTETS = 4096;

    private final int rounds;
    private final int messages;
    private final Path folder;
    private final int sinkPort;
    private final Consumer<String> progress;
    private int sinks;

    private SideBySide(int rounds, int messages, Path folder, int sinkPort, Consumer<String> progress) {
        this.rounds = rounds;
        this.messages = messages;
        this.folder = folder;
        this.sinkPort = sinkPort;
        this.progress = progress;
    }

    /// Makes all measurements.
    ///
    /// @param messages of each measurement
    /// @param folder for the servers' files, on the disk that is to be measured
    /// @param progress is told of each measurement in a line
    /// @return by mode, then by server
    /// @throws IOException when a message was refused, lost or repeated, or a server did not do its work on it
    static Map<Mode, Map<String, List<Measurement>>> run(
            int rounds, int messages, Path folder, Consumer<String> progress) throws IOException, InterruptedException {
        int sinkPort = Ports.free();
        try (Contenders contenders = Contenders.start(folder, sinkPort, OCTETS)) {
            SideBySide measuring = new SideBySide(rounds, messages, folder, sinkPort, progress);
            for (Map.Entry<Mode, List<Contender>> mode : contenders.byMode().entrySet()) {
                measuring.prove(mode.getValue().getFirst(), mode.getKey(), WARM_UP * messages);
                measuring.prove(mode.getValue().getLast(), mode.getKey(), Math.max(1, messages / WARM_UP));
            }
            return measuring.rounds(contenders.byMode());
        }
    }

    /// Looks at one message that comes out, and warms the server up with more.
    private void prove(Contender contender, Mode mode, int more) throws IOException, InterruptedException {
        try (RecordingSink sink = RecordingSink.start(sinkPort)) {
            send(contender, mode, 1);
            String content = new String(sink.awaitMessages(1, BOUND).getFirst().content(), StandardCharsets.ISO_8859_1);
            for (String mark : mode.marks()) {
                if (!content.contains(mark)) {
                    throw new IOException(contender.name() + ", " + mode.words() + ": no " + mark + " in\n" + content);
                }
            }
        }
        try (SmtpSink sink = sink()) {
            send(contender, mode, more);
            sink.awaitMessages(more, BOUND);
            contender.tree().awaitRest(BOUND);
        }
    }

    private SmtpSink sink() throws IOException, InterruptedException {
        sinks++;
        return SmtpSink.start(folder.resolve("sink" + sinks), sinkPort);
    }

    private Map<Mode, Map<String, List<Measurement>>> rounds(Map<Mode, List<Contender>> contenders)
            throws IOException, InterruptedException {
        Map<Mode, Map<String, List<Measurement>>> results = new EnumMap<>(Mode.class);
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<Mode, List<Contender>> each : contenders.entrySet()) {
                Mode mode = each.getKey();
                List<Contender> order = new ArrayList<>(each.getValue());
                if (round % 2 == 1) {
                    Collections.reverse(order);
                }
                for (Contender contender : order) {
                    Measurement measurement = measure(contender, mode);
                    progress.accept(String.format(
                            Locale.ROOT,
                            "round %d, %s, %s: taken in within %.2f s, relayed within %.2f s",
                            round + 1,
                            contender.name(),
                            mode.words(),
                            measurement.takenSeconds(),
                            measurement.relayedSeconds()));
                    results.computeIfAbsent(mode, _ -> new LinkedHashMap<>())
                            .computeIfAbsent(contender.name(), _ -> new ArrayList<>())
                            .add(measurement);
                }
            }
        }
        return results;
    }

    private Measurement measure(Contender contender, Mode mode) throws IOException, InterruptedException {
        try (SmtpSink sink = sink();
                MemoryWatch watch = MemoryWatch.start(contender.tree())) {
            double cpuBefore = contender.tree().cpuSeconds();
            long began = System.nanoTime();
            send(contender, mode, messages);
            double taken = since(began);
            sink.awaitMessages(messages, BOUND);
            double relayed = since(began);
            contender.tree().awaitRest(BOUND);
            double cpu = contender.tree().cpuSeconds() - cpuBefore;
            if (sink.messages() != messages) {
                throw new IOException(contender.name() + " relayed " + sink.messages() + " messages of " + messages);
            }
            return new Measurement(messages, taken, relayed, cpu, watch.end());
        }
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private void send(Contender contender, Mode mode, int count) throws IOException, InterruptedException {
        List<String> switches = new ArrayList<>(List.of(
                "-s",
                Integer.toString(Math.min(SESSIONS, count)),
                "-m",
                Integer.toString(count),
                "-f",
                "joe@sender.bench.example",
                "-t",
                "sink@bench.test"));
        switches.addAll(mode.switches());
        Finished sent =
                Postfix.smtpSource(folder.resolve("source"), BOUND, contender.port(), switches.toArray(String[]::new));
        if (sent.exitCode() != 0 || !sent.errors().isEmpty()) {
            throw new IOException("smtp-source against " + contender.name() + ": " + sent);
        }
    }
}
