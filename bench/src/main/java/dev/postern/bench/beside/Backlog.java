package dev.postern.bench.beside;

import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.Postfix;
import dev.postern.blackbox.peers.SmtpSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// A server that starts with a long queue and works beside it: time to its open port and to the first delivery,
/// memory, room on the disk, first pages of listings, and what fresh messages cost beside those that wait, in turn
/// with a server of the same making whose queue is empty; each is stopped while it is the other's turn.
public final class Backlog {
    private static final Duration BOUND = Duration.ofMinutes(10);
    private static final int WARM_UP = 40_000;
    // A server that looks through its queue after the start uses a processor or more.
    private static final double CALM = 0.5;
    // One that was stopped has to do first what came due meanwhile.
    private static final double CAUGHT_UP = 0.2;
    private static final int SESSIONS = 20;
    private static final double MIB = 1024 * 1024;
    private static final int LOOK_MILLIS = 20;

    private final BacklogOptions options;
    private final FigureTable figures = new FigureTable();

    private Backlog(BacklogOptions options) {
        this.options = options;
    }

    /// Measures and prints.
    public static void main(String[] words) throws IOException, InterruptedException {
        if (List.of(words).contains("--help")) {
            System.out.print(BacklogOptions.USAGE);
            return;
        }
        try {
            new Backlog(BacklogOptions.parse(List.of(words))).run();
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.err.print(BacklogOptions.USAGE);
            System.exit(2);
        }
    }

    private void run() throws IOException, InterruptedException {
        Path home = options.home();
        Path spool = home.resolve("data/spool");
        boolean filled = Files.isDirectory(spool);
        Files.createDirectories(spool);
        if (options.passing()) {
            new BacklogFlood(options, figures).run(spool);
        } else {
            if (!filled) {
                new BacklogFilling(options).fill(spool);
            }
            figures.add("disk", "%.0f MiB", onDisk(spool) / MIB);
            if (!options.later()) {
                firstDelivery(home);
            }
            beside(home);
            figures.add("disk in the end", "%.0f MiB", onDisk(spool) / MIB);
        }
        String report = options.words() + "\n\n" + figures;
        System.out.print(report);
        if (options.record()) {
            Path page = Path.of("doc/performance.md");
            Files.writeString(page, Page.withLastRun(Files.readString(page), report, options.place()));
        }
    }

    /// Starts with all next hops up, and is killed soon after the first message has arrived.
    private void firstDelivery(Path home) throws IOException, InterruptedException {
        int port = Ports.free();
        try (SmtpSink sink = SmtpSink.start(home.resolve("sink"))) {
            long began = System.nanoTime();
            try (Postern postern = Postern.start(home, configuration(port, sink.port(), sink.port()), port)) {
                double open = seconds(began);
                while (sink.messages() == 0 && seconds(began) < BOUND.toSeconds()) {
                    Thread.sleep(LOOK_MILLIS);
                }
                double delivered = seconds(began);
                figures.add("start to the open port", "%.2f s", open);
                figures.add("start to the first delivery", "%.2f s", delivered);
                figures.add(
                        "CPU until the first delivery", "%.2f s", tree(postern).cpuSeconds());
                postern.kill9();
            }
        }
    }

    private void beside(Path home) throws IOException, InterruptedException {
        Path other = Files.createDirectories(home.resolve("empty"));
        int port = Ports.free();
        int otherPort = Ports.free();
        long began = System.nanoTime();
        try (SmtpSink sink = SmtpSink.start(home.resolve("sink"));
                Postern postern = Postern.start(home, configuration(port, sink.port(), Ports.free()), port)) {
            figures.add(
                    options.later() ? "start to the open port" : "start after SIGKILL to the open port",
                    "%.2f s",
                    seconds(began));
            figures.add("memory at the open port", "%.0f MiB of PSS", pss(postern));
            tree(postern).awaitAtMost(CALM, BOUND);
            figures.add("the queue is looked through after", "%.0f s", seconds(began));
            figures.add("CPU until then", "%.1f s", tree(postern).cpuSeconds());
            figures.add("memory then", "%.0f MiB of PSS", pss(postern));
            if (options.fresh() > 0) {
                try (Postern empty =
                        Postern.start(other, configuration(otherPort, sink.port(), Ports.free()), otherPort)) {
                    compare(
                            new Fresh("beside the queue", postern, port, sink),
                            new Fresh("alone", empty, otherPort, sink));
                }
            }
            figures.add("memory after that", "%.0f MiB of PSS", pss(postern));
            listings(postern);
            figures.add("memory after all", "%.0f MiB of PSS", pss(postern));
            postern.stop();
        }
    }

    private static double pss(Postern postern) throws IOException {
        return tree(postern).proportionalOctets() / MIB;
    }

    private static ProcessTree tree(Postern postern) {
        return new ProcessTree(ProcessHandle.of(postern.pid()).orElseThrow());
    }

    /// The first page by each filter, as a command, whose JVM starts first, and what of it is the server's CPU time.
    private void listings(Postern postern) throws IOException, InterruptedException {
        for (String filter : List.of(
                "--limit 1",
                "",
                "--to @" + BacklogFilling.BIG,
                "--to @small-999.test",
                "--to user7654@",
                "--to small-99",
                "--to nobody.example",
                "--from sender-42@",
                "--from <>",
                "--lane host:down",
                "--lane mx:nowhere.test",
                "--older-than 1s",
                "--older-than 30d",
                "--error 451")) {
            List<String> words = new ArrayList<>(List.of("queue", "list"));
            words.addAll(
                    Stream.of(filter.split(" ")).filter(word -> !word.isEmpty()).toList());
            double before = tree(postern).cpuSeconds();
            long began = System.nanoTime();
            Finished listed = postern.cli(words.toArray(String[]::new));
            double took = seconds(began);
            double cpu = tree(postern).cpuSeconds() - before;
            if (listed.exitCode() != 0) {
                throw new IOException(listed.toString());
            }
            long rows = listed.output()
                            .lines()
                            .filter(line -> !line.startsWith(" "))
                            .count()
                    - 1;
            figures.add("`queue list " + filter + "`", "%d rows, %.2f s, CPU of the server %.2f s", rows, took, cpu);
        }
    }

    private void compare(Fresh with, Fresh without) throws IOException, InterruptedException {
        for (Fresh one : List.of(with, without)) {
            one.send(WARM_UP);
        }
        with.signal("STOP");
        without.signal("STOP");
        List<Double> alone = new ArrayList<>();
        List<Double> beside = new ArrayList<>();
        for (int round = 1; round <= options.rounds(); round++) {
            alone.add(without.measure(options.fresh()));
            beside.add(with.measure(options.fresh()));
        }
        with.signal("CONT");
        without.signal("CONT");
        double one = median(alone);
        double other = median(beside);
        figures.add("a fresh message taken in and relayed, alone", "%.3f CPU s per 1000", one * 1000);
        figures.add("the same beside the queue", "%.3f CPU s per 1000, %.2f times as much", other * 1000, other / one);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /// A server that fresh messages go through.
    private record Fresh(String name, Postern postern, int port, SmtpSink sink) {
        void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-" + name, Long.toString(postern.pid()))
                    .start()
                    .waitFor();
        }

        /// Lets it run, sends, stops it again.
        ///
        /// @return CPU seconds a message
        double measure(int messages) throws IOException, InterruptedException {
            signal("CONT");
            tree(postern).awaitAtMost(CAUGHT_UP, BOUND);
            double cpu = tree(postern).cpuSeconds();
            long began = System.nanoTime();
            send(messages);
            double took = seconds(began);
            double used = tree(postern).cpuSeconds() - cpu;
            signal("STOP");
            System.err.printf(
                    Locale.ROOT,
                    "%s: %.0f/s relayed, %.3f CPU s per 1000%n",
                    name,
                    messages / took,
                    used * 1000 / messages);
            return used / messages;
        }

        void send(int messages) throws IOException, InterruptedException {
            int before = sink.messages();
            Finished sent = Postfix.smtpSource(
                    postern.folder().resolve("source"),
                    BOUND,
                    port,
                    "-d",
                    "-l",
                    "4096",
                    "-m",
                    Integer.toString(messages),
                    "-s",
                    Integer.toString(SESSIONS),
                    "-f",
                    "a@sender.test",
                    "-t",
                    "b@fresh.test");
            if (sent.exitCode() != 0) {
                throw new IOException(sent.toString());
            }
            sink.awaitMessages(before + messages, BOUND);
        }
    }

    private static String configuration(int port, int live, int waiting) {
        return """
                hostname = "mx.box.test"
                [listen]
                mx = ["127.0.0.1:%d"]
                [domains]
                postmaster = "postmaster@sender.test"
                [relay]
                networks = ["127.0.0.1/32"]
                [smarthost.live]
                host = "127.0.0.1"
                port = %d
                tls = "opportunistic"
                recipient-domains = ["fresh.test"]
                [smarthost.down]
                host = "127.0.0.1"
                port = %d
                tls = "opportunistic"
                [delivery]
                private-addresses = true
                [limits]
                sessions-per-address = 1000
                [log]
                file = "log"
                """.formatted(port, live, waiting);
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (NoSuchFileException gone) {
            return 0; // it went meanwhile
        }
    }

    /// Octets of the files of a folder; those that go meanwhile count as none.
    static long onDisk(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            long octets = 0;
            for (Path file : all.toList()) {
                octets += size(file);
            }
            return octets;
        } catch (UncheckedIOException gone) {
            return onDisk(folder);
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
