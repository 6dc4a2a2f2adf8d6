package dev.postern.bench.beside;

import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Postfix;
import dev.postern.blackbox.peers.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;

/// Where the CPU time of a Postern goes that relays as fast as it can: by thread, as the kernel counts, and by package
/// and method of its own, as the flight recorder samples its Java threads. A sample counts for the innermost method of
/// Postern's on its stack.
final class Profile {
    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final int LONGER = 5;
    private static final int LINES = 20;
    private static final double PERCENT = 100;
    private static final double LEAST = 0.005;
    private static final String OURS = "dev.postern.";
    private static final String SETTINGS = """
            <?xml version="1.0" encoding="UTF-8"?>
            <configuration version="2.0" label="bench" description="samples of CPU time">
              <event name="jdk.CPUTimeSample">
                <setting name="enabled">true</setting>
                <setting name="throttle">5ms</setting>
              </event>
              <event name="jdk.ExecutionSample">
                <setting name="enabled">true</setting>
                <setting name="period">10 ms</setting>
              </event>
            </configuration>
            """;

    private Profile() {}

    /// Measures.
    ///
    /// @return tables
    static String run(Size size, Path folder, Consumer<String> progress) throws IOException, InterruptedException {
        Path recording = folder.resolve("postern.jfr");
        try (NextHop next = new NextHop.Sink(folder.resolve("profile-sink"));
                Stage stage = Stage.start(Server.POSTERN, Setup.relay(next.port()), folder.resolve("profile"))) {
            Size longer = new Size(1, size.seconds() * LONGER, size.messages());
            Size.Way way = messages -> send(stage.port(), messages, next, folder);
            longer.warmUp(Server.POSTERN.warmUp().multipliedBy(2), way);
            int messages = longer.look(way);
            Path settings = Files.writeString(folder.resolve("bench.jfc"), SETTINGS);
            jcmd(stage.pid(), "JFR.start", "name=bench", "settings=" + settings.toAbsolutePath());
            ThreadTimes before = ThreadTimes.of(stage.pid());
            double rate = way.send(messages);
            ThreadTimes times = ThreadTimes.of(stage.pid()).since(before);
            jcmd(stage.pid(), "JFR.stop", "name=bench", "filename=" + recording.toAbsolutePath());
            progress.accept(String.format(Locale.ROOT, "profile: %,d messages, %,.0f a second", messages, rate));
            int processors = Runtime.getRuntime().availableProcessors();
            String head = String.format(
                    Locale.ROOT,
                    "%,d messages of 4 KiB, 20 sessions, many a session, relayed: %,.0f a second while it was sampled. "
                            + "The server had %.0f %% of the %d processors, the rest was the sender's, the sink's and the system's.%n%n",
                    messages,
                    rate,
                    times.all() * rate / messages / processors * PERCENT,
                    processors);
            return head + threads(times, messages) + "\n" + samples(recording);
        } finally {
            Files.deleteIfExists(recording);
            Files.deleteIfExists(folder.resolve("bench.jfc"));
        }
    }

    private static double send(int port, int messages, NextHop next, Path folder)
            throws IOException, InterruptedException {
        int before = next.messages();
        long begin = System.nanoTime();
        Finished sent = Postfix.smtpSource(
                folder.resolve("source"),
                BOUND,
                port,
                Row.RELAY_KEPT.load().switches(messages).toArray(String[]::new));
        if (sent.exitCode() != 0 || !sent.errors().isEmpty()) {
            throw new IOException("smtp-source: " + sent);
        }
        next.await(before + messages);
        return messages / ((System.nanoTime() - begin) / 1e9);
    }

    private static void jcmd(long pid, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid)));
        command.addAll(List.of(words));
        Finished finished = Program.run(command, Path.of("."), Map.of(), new byte[0], BOUND);
        if (finished.exitCode() != 0) {
            throw new IOException("jcmd: " + finished);
        }
    }

    /// @param times of all threads
    /// @param messages that went through meanwhile
    static String threads(ThreadTimes times, int messages) {
        double all = times.all();
        StringBuilder table = new StringBuilder("| threads | CPU s per 1000 | of all |\n|---|---:|---:|\n");
        times.seconds().entrySet().stream()
                .filter(thread -> thread.getValue() >= all * LEAST)
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .forEach(thread -> table.append(String.format(
                        Locale.ROOT,
                        "| %s | %.3f | %.0f %% |%n",
                        thread.getKey(),
                        thread.getValue() * 1000 / messages,
                        thread.getValue() / all * PERCENT)));
        return table.toString();
    }

    private static String samples(Path recording) throws IOException {
        Map<String, Integer> packages = new HashMap<>();
        Map<String, Integer> methods = new HashMap<>();
        boolean cpuTime = false;
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                boolean counted = event.getEventType().getName().equals("jdk.CPUTimeSample");
                if (counted && !cpuTime) {
                    // Samples of CPU time are there: the others, which see no native code, are not needed.
                    cpuTime = true;
                    packages.clear();
                    methods.clear();
                }
                if (event.getStackTrace() != null && (counted || !cpuTime)) {
                    RecordedMethod method = innermost(event.getStackTrace().getFrames());
                    // Of a lambda the class that it stands in.
                    String type = method.getType().getName().replaceAll("[$][$].*", "");
                    packages.merge(type.substring(0, type.lastIndexOf('.')), 1, Integer::sum);
                    methods.merge(type.substring(type.lastIndexOf('.') + 1) + "." + method.getName(), 1, Integer::sum);
                }
            }
        }
        String sampled = cpuTime ? "of the CPU time of Java threads" : "of the samples of Java code";
        return shares("package", sampled, packages) + "\n" + shares("method", sampled, methods);
    }

    private static RecordedMethod innermost(List<RecordedFrame> frames) {
        return frames.stream()
                .map(RecordedFrame::getMethod)
                .filter(method -> method.getType().getName().startsWith(OURS))
                .findFirst()
                .orElseGet(() -> frames.getFirst().getMethod());
    }

    /// @param counts samples by name
    static String shares(String what, String of, Map<String, Integer> counts) {
        double all = counts.values().stream().mapToInt(Integer::intValue).sum();
        StringBuilder table = new StringBuilder("| " + what + " | " + of + " |\n|---|---:|\n");
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(LINES)
                .forEach(entry -> table.append(String.format(
                        Locale.ROOT, "| `%s` | %.1f %% |%n", entry.getKey(), entry.getValue() / all * PERCENT)));
        return table.toString();
    }
}
