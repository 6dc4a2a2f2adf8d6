package dev.postern.bench.beside;

import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// `bench/run`: measures, prints the table, and writes it with the command and the machine to `bench/results`.
public final class Bench {
    private static final int USAGE = 64;
    private static final int FAILED = 70;
    private static final Duration BOUND = Duration.ofMinutes(1);
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss").withZone(ZoneOffset.UTC);
    private static final Set<String> OTHERS = Set.of("postfix", "opendkim", "opendmarc", "postfix-policyd-spf-python");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);

    private Bench() {}

    /// Runs it and ends the JVM: 0 where every message of every measurement arrived, 64 for wrong words, 70 otherwise.
    public static void main(String[] words) {
        System.exit(run(List.of(words)));
    }

    private static int run(List<String> words) {
        if (words.contains("--help")) {
            System.out.print(Options.USAGE);
            return 0;
        }
        Options options;
        try {
            options = Options.parse(words);
        } catch (IllegalArgumentException wrong) {
            System.err.print("bench: " + wrong.getMessage() + "\n" + Options.USAGE);
            return USAGE;
        }
        try {
            measure(options);
            return 0;
        } catch (IOException | AssertionError failed) {
            System.err.println("bench: " + failed.getMessage());
            return FAILED;
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private static void measure(Options options) throws IOException, InterruptedException {
        Path root = Peers.root();
        Instant now = Clock.systemUTC().instant();
        Path folder = Files.createDirectories(root.resolve("bench/target/run-" + NAME.format(now)));
        String machine = machine(root, folder, now);
        Map<Mode, Map<String, List<Measurement>>> results = SideBySide.run(options, folder, System.out::println);
        String report = "`" + options.command() + "`, " + machine + "\n\n" + Table.of(results);
        System.out.print("\n" + report);
        Path file = Files.createDirectories(root.resolve("bench/results")).resolve(NAME.format(now) + ".md");
        Files.writeString(file, report);
        if (options.record()) {
            Path page = root.resolve("doc/performance.md");
            Files.writeString(page, Page.withLastRun(Files.readString(page), report, options.work()));
        }
    }

    /// What the figures depend on besides the servers.
    private static String machine(Path root, Path folder, Instant now) throws IOException, InterruptedException {
        String load = Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
        String java = Program.run(
                        List.of(root.resolve("postern").toString(), "--version"), folder, Map.of(), new byte[0], BOUND)
                .output()
                .lines()
                .findFirst()
                .orElse("postern of an unknown version");
        Finished peers = Program.run(
                List.of(root.resolve("dev/peers").toString(), "list"), folder, Map.of(), new byte[0], BOUND);
        String others = peers.output()
                .lines()
                .map(line -> line.substring(line.indexOf('\t') + 1))
                .filter(line -> OTHERS.contains(line.replaceFirst(" .*", "")))
                .distinct()
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%s: %s and %s, JDK %s, %d processors, load average %s before the start",
                DAY.format(now),
                java,
                others,
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                load);
    }
}
