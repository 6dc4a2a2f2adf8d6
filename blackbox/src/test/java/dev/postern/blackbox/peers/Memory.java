package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the process of a server holds after a collection of its garbage.
///
/// @param heap octets of the objects that live
/// @param pss octets of memory, what is shared being divided among those that have it
/// @param threads of the system
/// @param classes the octets in {@code heap}, by class
public record Memory(long heap, long pss, int threads, Map<String, Long> classes) {
    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final int KIB = 1024;
    // A line of a histogram: number, instances, octets, class; the last: Total, instances, octets.
    private static final int OCTETS = 2;
    private static final int NAME = 3;

    /// Looks at a JVM of this machine and user, whose garbage is collected by that.
    ///
    /// @throws IOException if it cannot be looked at
    public static Memory of(long pid) throws IOException, InterruptedException {
        Map<String, Long> classes = new TreeMap<>();
        long total = 0;
        for (String line : histogram(pid).lines().toList()) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length > NAME && words[0].endsWith(":")) {
                classes.merge(words[NAME], Long.parseLong(words[OCTETS]), Long::sum);
            } else if (words[0].equals("Total")) {
                total = Long.parseLong(words[OCTETS]);
            }
        }
        return new Memory(
                total,
                number(pid, "smaps_rollup", "Pss:") * KIB,
                (int) number(pid, "status", "Threads:"),
                Map.copyOf(classes));
    }

    private static String histogram(long pid) throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "GC.class_histogram");
        Finished finished = Program.run(command, Path.of("."), Map.of(), new byte[0], BOUND);
        if (finished.exitCode() != 0 || !finished.output().contains("Total")) {
            throw new IOException(finished.toString());
        }
        return finished.output();
    }

    private static long number(long pid, String file, String key) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), file)).stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow(() -> new IOException("no " + key + " in " + file));
    }
}
