package dev.postern.bench.beside;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Processes with all their descendants, as `/proc` of Linux shows them.
///
/// A process that ends between two looks is counted no more; its CPU time is its parent's from then on.
record ProcessTree(List<ProcessHandle> roots) {
    // proc(5): fields of /proc/PID/stat behind the name in parentheses, the state being the first.
    private static final int USER_TIME = 11;
    private static final int TIMES = 4;
    // USER_HZ, the same on every architecture that Java runs on.
    private static final double TICKS_A_SECOND = 100;
    private static final int KIB = 1024;
    private static final Duration LOOK = Duration.ofSeconds(1);
    // CPU seconds within a look; a JVM that waits for work is not quite still.
    private static final double REST = 0.05;

    ProcessTree {
        roots = List.copyOf(roots);
    }

    ProcessTree(ProcessHandle root) {
        this(List.of(root));
    }

    /// The trees of these processes, which run.
    ///
    /// @param pids their numbers
    static ProcessTree of(List<Long> pids) {
        return new ProcessTree(
                pids.stream().map(pid -> ProcessHandle.of(pid).orElseThrow()).toList());
    }

    /// CPU seconds that the tree has used until now, in user and in kernel mode, also by those that have ended and
    /// were waited for.
    double cpuSeconds() throws IOException {
        long ticks = 0;
        for (ProcessHandle process : members()) {
            String stat = read(process, "stat");
            String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
            for (int i = USER_TIME; i < USER_TIME + TIMES && i < fields.length; i++) {
                ticks += Long.parseLong(fields[i]);
            }
        }
        return ticks / TICKS_A_SECOND;
    }

    /// Waits until the tree has used next to no CPU time for a second: it has finished what it was doing.
    ///
    /// @throws IOException after the bound
    void awaitRest(Duration bound) throws IOException, InterruptedException {
        awaitAtMost(REST, bound);
    }

    /// Waits until the tree has used at most so many CPU seconds within a second.
    ///
    /// @throws IOException after the bound
    void awaitAtMost(double cpu, Duration bound) throws IOException, InterruptedException {
        long end = System.nanoTime() + bound.toNanos();
        double before = cpuSeconds();
        while (true) {
            Thread.sleep(LOOK);
            double now = cpuSeconds();
            if (now - before <= cpu) {
                return;
            }
            if (System.nanoTime() - end > 0) {
                throw new IOException(this + " does not come to rest within " + bound);
            }
            before = now;
        }
    }

    /// Octets of memory in use, what is shared being counted for each process that has it.
    long residentOctets() throws IOException {
        return sum("status", "VmRSS:");
    }

    /// Octets of memory in use, what is shared being divided among those that have it.
    long proportionalOctets() throws IOException {
        return sum("smaps_rollup", "Pss:");
    }

    private long sum(String file, String key) throws IOException {
        long octets = 0;
        for (ProcessHandle process : members()) {
            octets += read(process, file)
                    .lines()
                    .filter(line -> line.startsWith(key))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                    .sum();
        }
        return octets;
    }

    private List<ProcessHandle> members() {
        return roots.stream()
                .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                .toList();
    }

    /// A file of a process; empty where the process has ended.
    private static String read(ProcessHandle process, String file) throws IOException {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException ended) {
            return "";
        } catch (IOException failed) {
            // ESRCH: it ended between the opening of the file and the reading of it.
            String reason =
                    failed instanceof FileSystemException withReason ? withReason.getReason() : failed.getMessage();
            if (process.isAlive() && !"No such process".equals(reason)) {
                throw failed;
            }
            return "";
        }
    }
}
