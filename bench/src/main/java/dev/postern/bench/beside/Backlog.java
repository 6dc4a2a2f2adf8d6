package dev.postern.bench.beside;

import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.Postfix;
import dev.postern.blackbox.peers.SmtpSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// A server that starts with a long queue and works beside it: time to its open port and to the first delivery, memory,
/// room
/// on the disk, first pages of listings, and what fresh messages cost beside those that wait, in turn with a server of
/// the
/// same making whose queue is empty and that is stopped meanwhile, as is the other in its turn.
public final class Backlog {
    private static final Duration BOUND = Duration.ofMinutes(10);
    private static final int WARM_UP = 5000;
    private static final int SESSIONS = 20;
    private static final double MIB = 1024 * 1024;
    private static final int LOOK_MILLIS = 20;

    private final BacklogOptions options;

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
        if (!Files.isDirectory(spool)) {
            Files.createDirectories(spool);
            long began = System.nanoTime();
            new BacklogFilling(options).fill(spool);
            say("filled: %d messages in %.1f s", options.queued(), seconds(began));
        }
        say("disk: %.0f MiB", onDisk(spool) / MIB);
        if (!options.later()) {
            firstDelivery(home);
            say("disk: %.0f MiB", onDisk(spool) / MIB);
        }
        beside(home);
        say("disk after: %.0f MiB", onDisk(spool) / MIB);
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
                say("started: %.2f s to the open port, %.2f s to the first delivery", open, seconds(began));
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
            say("started after being killed: %.2f s to the open port", seconds(began));
            say("memory at once: %.0f MiB of PSS", pss(postern));
            listings(postern);
            if (options.fresh() > 0) {
                try (Postern empty =
                        Postern.start(other, configuration(otherPort, sink.port(), Ports.free()), otherPort)) {
                    Fresh with = new Fresh("beside the queue", postern, port, sink);
                    Fresh without = new Fresh("alone", empty, otherPort, sink);
                    compare(with, without);
                }
            }
            say("memory: %.0f MiB of PSS", pss(postern));
            listings(postern);
            postern.stop();
        }
    }

    private static double pss(Postern postern) throws IOException {
        return tree(postern).proportionalOctets() / MIB;
    }

    private static ProcessTree tree(Postern postern) {
        return new ProcessTree(ProcessHandle.of(postern.pid()).orElseThrow());
    }

    /// The first page by each filter, as a command, whose JVM starts first.
    private static void listings(Postern postern) throws IOException, InterruptedException {
        for (String filter : List.of(
                "",
                "--to @" + BacklogFilling.BIG,
                "--to @small-999.test",
                "--to user12345@",
                "--to small-99",
                "--to nobody.example",
                "--from sender-42@",
                "--from <>",
                "--lane smarthost:down",
                "--lane mx:nowhere.test",
                "--older-than 1s",
                "--older-than 30d",
                "--error 451",
                "--held")) {
            List<String> words = new ArrayList<>(List.of("queue", "list"));
            words.addAll(
                    Stream.of(filter.split(" ")).filter(word -> !word.isEmpty()).toList());
            long began = System.nanoTime();
            Finished listed = postern.cli(words.toArray(String[]::new));
            double took = seconds(began);
            List<String> lines = listed.output().lines().toList();
            say(
                    "list %s: %.2f s, %d rows: %s",
                    filter,
                    took,
                    lines.stream().filter(line -> !line.startsWith(" ")).count() - 1,
                    lines.isEmpty() ? listed : lines.getLast());
        }
    }

    private void compare(Fresh with, Fresh without) throws IOException, InterruptedException {
        for (Fresh one : List.of(with, without)) {
            one.send(WARM_UP);
        }
        with.signal("STOP");
        without.signal("STOP");
        List<Double> ratios = new ArrayList<>();
        for (int round = 1; round <= options.rounds(); round++) {
            double alone = without.measure(options.fresh());
            double beside = with.measure(options.fresh());
            ratios.add(beside / alone);
        }
        with.signal("CONT");
        say(
                "CPU of a fresh message beside the queue to alone: %s",
                ratios.stream().map("%.2f"::formatted).toList());
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
            double cpu = tree(postern).cpuSeconds();
            long began = System.nanoTime();
            send(messages);
            double took = seconds(began);
            double used = tree(postern).cpuSeconds() - cpu;
            signal("STOP");
            say("%s: %.0f/s relayed, %.3f CPU s per 1000", name, messages / took, used * 1000 / messages);
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

    private static long onDisk(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            long octets = 0;
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                octets += Files.size(file);
            }
            return octets;
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
