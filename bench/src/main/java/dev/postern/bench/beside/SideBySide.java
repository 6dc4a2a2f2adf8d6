package dev.postern.bench.beside;

import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.Postfix;
import dev.postern.blackbox.peers.SmtpSink;
import java.io.IOException;
import java.nio.file.Files;
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

/// Postern and Postfix in turn: each takes the same messages from `smtp-source` and relays them to `smtp-sink`, with
/// all its durability. The servers run from the first round to the last; in each round the other one begins.
final class SideBySide {
    private static final String POSTERN = "Postern";
    private static final String POSTFIX = "Postfix";
    private static final Duration BOUND = Duration.ofMinutes(30);

    private final Options options;
    private final Path folder;
    private final int sinkPort;
    private final Consumer<String> progress;
    private int measurements;

    private SideBySide(Options options, Path folder, int sinkPort, Consumer<String> progress) {
        this.options = options;
        this.folder = folder;
        this.sinkPort = sinkPort;
        this.progress = progress;
    }

    /// Makes all measurements.
    ///
    /// @param folder for the servers' files, on the disk that is to be measured
    /// @param progress is told of each measurement in a line
    /// @return by mode, then by server
    /// @throws IOException when a message was refused, lost or repeated
    static Map<Mode, Map<String, List<Measurement>>> run(Options options, Path folder, Consumer<String> progress)
            throws IOException, InterruptedException {
        int sinkPort = Ports.free();
        int posternPort = Ports.free();
        String configuration = Files.readString(Peers.root().resolve("bench/postern.toml"))
                .replace("@port@", Integer.toString(posternPort))
                .replace("@next@", Integer.toString(sinkPort));
        Postfix.Settings settings = postfix(sinkPort);
        try (Postern postern = Postern.start(folder.resolve("postern"), configuration, posternPort);
                Postfix postfix = Postfix.start(folder.resolve("postfix"), settings)) {
            List<Contender> contenders = List.of(
                    new Contender(POSTERN, posternPort, tree(postern.pid())),
                    new Contender(POSTFIX, postfix.port(), tree(postfix.pid())));
            return new SideBySide(options, folder, sinkPort, progress).rounds(contenders);
        }
    }

    /// Postfix as one would set it up for nothing but this: no pause in its intake, as many deliveries and processes as
    /// Postern has, no TLS.
    private static Postfix.Settings postfix(int next) throws IOException {
        return Postfix.Settings.relay(next, Postfix.Tls.NONE)
                .with("in_flow_delay", "0")
                .with("default_process_limit", "200")
                .with("smtpd_client_connection_count_limit", "0")
                .with("default_destination_concurrency_limit", "20")
                .with("initial_destination_concurrency", "20")
                .with("smtpd_tls_security_level", "none")
                .with("smtp_tls_loglevel", "0")
                .with("smtpd_tls_loglevel", "0");
    }

    private static ProcessTree tree(long pid) {
        return new ProcessTree(ProcessHandle.of(pid).orElseThrow());
    }

    private Map<Mode, Map<String, List<Measurement>>> rounds(List<Contender> contenders)
            throws IOException, InterruptedException {
        Map<Mode, Map<String, List<Measurement>>> results = new EnumMap<>(Mode.class);
        for (Mode mode : Mode.values()) {
            results.put(mode, new LinkedHashMap<>());
        }
        List<Contender> order = new ArrayList<>(contenders);
        for (int round = 0; round < options.rounds(); round++) {
            for (Map.Entry<Mode, Map<String, List<Measurement>>> mode : results.entrySet()) {
                for (Contender contender : order) {
                    Measurement measurement = measure(contender, mode.getKey());
                    progress.accept(String.format(
                            Locale.ROOT,
                            "round %d, %s, %s: taken in within %.2f s, relayed within %.2f s",
                            round + 1,
                            contender.name(),
                            mode.getKey().words(),
                            measurement.takenSeconds(),
                            measurement.relayedSeconds()));
                    mode.getValue()
                            .computeIfAbsent(contender.name(), _ -> new ArrayList<>())
                            .add(measurement);
                }
            }
            Collections.reverse(order);
        }
        return results;
    }

    private Measurement measure(Contender contender, Mode mode) throws IOException, InterruptedException {
        measurements++;
        try (SmtpSink sink = SmtpSink.start(folder.resolve("sink" + measurements), sinkPort);
                MemoryWatch watch = MemoryWatch.start(contender.tree())) {
            double cpuBefore = contender.tree().cpuSeconds();
            long began = System.nanoTime();
            send(contender, mode);
            double taken = since(began);
            sink.awaitMessages(options.messages(), BOUND);
            double relayed = since(began);
            contender.tree().awaitRest(BOUND);
            double cpu = contender.tree().cpuSeconds() - cpuBefore;
            if (sink.messages() != options.messages()) {
                throw new IOException(
                        contender.name() + " relayed " + sink.messages() + " messages of " + options.messages());
            }
            return new Measurement(options.messages(), taken, relayed, cpu, watch.end());
        }
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private void send(Contender contender, Mode mode) throws IOException, InterruptedException {
        List<String> switches = new ArrayList<>(List.of(
                "-s", Integer.toString(options.sessions()),
                "-m", Integer.toString(options.messages()),
                "-l", Integer.toString(options.octets()),
                "-f", "source@bench.test",
                "-t", "sink@bench.test"));
        switches.addAll(mode.switches());
        Finished sent =
                Postfix.smtpSource(folder.resolve("source"), BOUND, contender.port(), switches.toArray(String[]::new));
        if (sent.exitCode() != 0 || !sent.errors().isEmpty()) {
            throw new IOException("smtp-source against " + contender.name() + ": " + sent);
        }
    }
}
