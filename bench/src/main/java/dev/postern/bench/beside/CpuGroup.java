package dev.postern.bench.beside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A control group of Linux for one server, in which the kernel counts the CPU time of all that belongs to it, also of
/// processes that were gone before anybody looked.
///
/// Version 1 (`cpuacct`) and version 2 are known; it is made below the group of this JVM, and removed
/// when it is closed. One at a time enters.
final class CpuGroup implements AutoCloseable {
    private static final Path MOUNTS = Path.of("/sys/fs/cgroup");
    private static final double NANOS_A_SECOND = 1e9;
    private static final double MICROS_A_SECOND = 1e6;
    private static final String PROCESSES = "cgroup.procs";
    // The group is busy until the kernel has buried the last of its processes.
    private static final int TRIES = 250;
    private static final int PAUSE_MILLIS = 20;

    private final Path own;
    private final Path group;

    private CpuGroup(Path own, Path group) {
        this.own = own;
        this.group = group;
    }

    /// Makes one; empty where this machine lets us make none.
    static Optional<CpuGroup> make() throws IOException {
        String name = "postern-bench-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
            // cgroups(7): hierarchy-ID:controller-list:cgroup-path
            String[] fields = line.split(":", 3);
            boolean second = fields[1].isEmpty();
            Path mount = second ? MOUNTS : MOUNTS.resolve(fields[1]);
            boolean counts = second
                    ? Files.exists(mount.resolve("cgroup.controllers"))
                    : List.of(fields[1].split(",", -1)).contains("cpuacct");
            Path own = mount.resolve(fields[2].substring(1));
            if (counts && Files.isWritable(own.resolve(PROCESSES))) {
                return Optional.of(new CpuGroup(own, Files.createDirectory(own.resolve(name))));
            }
        }
        return Optional.empty();
    }

    /// Starts something.
    interface Start<T> {
        T start() throws IOException, InterruptedException;
    }

    /// Does this within the group: what is started in it stays there, this JVM leaves it again.
    <T> T within(Start<T> start) throws IOException, InterruptedException {
        move(group);
        try {
            return start.start();
        } finally {
            move(own);
        }
    }

    private static void move(Path into) throws IOException {
        Files.writeString(
                into.resolve(PROCESSES), Long.toString(ProcessHandle.current().pid()));
    }

    /// CPU seconds that all in it have used until now, in user and in kernel mode.
    double seconds() throws IOException {
        Path first = group.resolve("cpuacct.usage");
        if (Files.exists(first)) {
            return Long.parseLong(Files.readString(first).strip()) / NANOS_A_SECOND;
        }
        for (String line : Files.readAllLines(group.resolve("cpu.stat"))) {
            if (line.startsWith("usage_usec ")) {
                return Long.parseLong(line.substring(line.indexOf(' ') + 1)) / MICROS_A_SECOND;
            }
        }
        throw new IOException("no usage_usec in " + group);
    }

    /// Removes it; what was started in it has ended.
    @Override
    public void close() throws IOException {
        for (int i = 0; !group.toFile().delete(); i++) {
            if (i == TRIES) {
                throw new IOException("the group is not empty: " + group);
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while the processes of " + group + " ended", interrupted);
            }
        }
    }
}
