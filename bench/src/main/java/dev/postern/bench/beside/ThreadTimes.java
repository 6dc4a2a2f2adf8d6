package dev.postern.bench.beside;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// CPU time of a process by the names of its threads, numbers in these left out; of threads that have ended none.
///
/// @param seconds in user and in kernel mode, by name
record ThreadTimes(Map<String, Double> seconds) {
    // proc(5): fields of /proc/PID/task/TID/stat behind the name in parentheses, the state being the first.
    private static final int USER_TIME = 11;
    private static final double TICKS_A_SECOND = 100;

    ThreadTimes {
        seconds = Map.copyOf(seconds);
    }

    /// Looks at a process.
    static ThreadTimes of(long pid) throws IOException {
        Map<String, Double> seconds = new TreeMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads) {
                read(stat(thread), seconds);
            }
        }
        return new ThreadTimes(seconds);
    }

    /// What the kernel says of a thread; empty where it has ended since the look into the folder.
    private static String stat(Path thread) throws IOException {
        try {
            return Files.readString(thread.resolve("stat"));
        } catch (NoSuchFileException ended) {
            return "";
        }
    }

    /// Adds a thread's time to those of its name.
    ///
    /// @param stat as the kernel writes it: number, name in parentheses, state, figures; of an empty one nothing
    static void read(String stat, Map<String, Double> seconds) {
        if (stat.isEmpty()) {
            return;
        }
        String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
                .replaceAll("[#-]?\\d+(?=-|$)", "")
                .strip();
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        long ticks = Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1]);
        seconds.merge(name, ticks / TICKS_A_SECOND, Double::sum);
    }

    /// The seconds of all threads together.
    double all() {
        return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /// What was used since an earlier look.
    ThreadTimes since(ThreadTimes earlier) {
        Map<String, Double> used = new TreeMap<>();
        seconds.forEach((name, now) -> used.put(name, now - earlier.seconds.getOrDefault(name, 0.0)));
        return new ThreadTimes(used);
    }
}
