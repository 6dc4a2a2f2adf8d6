package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How many files and connections a process of this machine and user may have open.
public final class OpenFiles {
    private static final String LIMIT = "Max open files";
    private static final int HARD = 4;

    private OpenFiles() {}

    /// The hard limit, up to which a JVM raises the one that it was started with.
    public static long permitted() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith(LIMIT))
                .map(line -> line.split("\\s+", -1)[HARD])
                .mapToLong(limit -> limit.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(limit))
                .findFirst()
                .orElseThrow(() -> new IOException("no limit of open files"));
    }
}
