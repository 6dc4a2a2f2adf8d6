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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// `bench/run`: measures, prints the tables, and writes them with the command and the machine to `bench/results`.
public final class Bench {
    private static final int USAGE = 64;
    private static final String PARAGRAPH = "\n\n";
    private static final int FAILED = 70;
    private static final Duration BOUND = Duration.ofMinutes(1);
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss").withZone(ZoneOffset.UTC);
    // Of what checks and signs a measurement has so many messages a second that it is to last.
    private static final int AUTHENTICATED_A_SECOND = 600;
    private static final Set<String> OTHERS = Set.of(
            "postfix",
            "exim4-daemon-heavy",
            "opensmtpd",
            "Haraka",
            "opendkim",
            "opendmarc",
            "postfix-policyd-spf-python");
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
            return measure(options);
        } catch (IOException failed) {
            System.err.println("bench: " + failed.getMessage());
            return FAILED;
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    /// A work that fails does not keep the others from being done.
    private static int measure(Options options) throws IOException, InterruptedException {
        Path root = Peers.root();
        Instant now = Clock.systemUTC().instant();
        Path folder = Files.createDirectories(root.resolve("bench/target/run-" + NAME.format(now)));
        String head = "`" + options.command() + "`, " + machine(root, folder, now) + ".";
        Path file = Files.createDirectories(root.resolve("bench/results")).resolve(NAME.format(now) + ".md");
        StringBuilder all = new StringBuilder();
        int code = 0;
        for (Work work : options.works()) {
            String report;
            try {
                report = head + " " + report(options, work, folder);
            } catch (IOException | AssertionError failed) {
                System.err.println("bench: " + work.word() + ": " + failed.getMessage());
                code = FAILED;
                continue;
            }
            System.out.print("\n" + report + "\n");
            all.append("## ").append(work.word()).append("\n\n").append(report).append('\n');
            Files.writeString(file, all);
            if (options.recorded()) {
                Path page = root.resolve("doc/performance.md");
                Files.writeString(page, Page.withLastRun(Files.readString(page), report, work));
            }
        }
        return code;
    }

    private static String report(Options options, Work work, Path folder) throws IOException, InterruptedException {
        Size size = options.size();
        Consumer<String> progress = System.out::println;
        List<Server> there = servers();
        List<Server> two = there.stream()
                .filter(server -> server == Server.POSTERN || server == Server.POSTFIX)
                .toList();
        return switch (work) {
            case ACCEPT, RELAY -> {
                Rounds.Outcome outcome = Rounds.run(size, work, there, folder, progress);
                yield String.join(" ", outcome.notes()) + PARAGRAPH + RowTable.of(outcome.figures());
            }
            case AUTHENTICATION -> {
                int messages = size.messages(AUTHENTICATED_A_SECOND);
                Map<Mode, Map<String, List<Measurement>>> results =
                        SideBySide.run(size.rounds(), messages, folder, progress);
                yield PARAGRAPH + Table.of(results) + "\n" + Table.goals(results);
            }
            case LATENCY -> PARAGRAPH + Latency.run(size, two, folder, progress);
            case DISTANCE -> PARAGRAPH + Distance.run(size, two, folder, progress);
            case TLS -> PARAGRAPH + Secured.run(size, two, folder, progress);
            case IDLE -> PARAGRAPH + IdlePrice.run(size, progress);
            case PROFILE -> Profile.run(size, folder, progress);
        };
    }

    /// Who can be measured on this machine; who cannot is named.
    private static List<Server> servers() {
        List<Server> there = new ArrayList<>();
        for (Server server : Server.values()) {
            Optional<String> why = Peers.obstacle(server.peer());
            if (why.isEmpty()) {
                there.add(server);
            } else {
                System.out.println(server.words() + " is left out: " + why.get());
            }
        }
        return there;
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
