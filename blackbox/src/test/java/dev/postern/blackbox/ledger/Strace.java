package dev.postern.blackbox.ledger;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Peers;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A `strace` that is attached to all threads of a process and lets system calls of it fail; detached by its close.
final class Strace implements AutoCloseable {
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final Process process;
    private final Path calls;

    private Strace(Process process, Path calls) {
        this.process = process;
        this.calls = calls;
    }

    /// Attaches one; returns when it holds all threads.
    ///
    /// @param pid the process
    /// @param folder for its notes
    /// @param fault which calls fail, how and when, as `-e inject=` has it
    /// @param paths of only those calls that concern these files; none for all
    static Strace attach(long pid, Path folder, String fault, List<Path> paths)
            throws IOException, InterruptedException {
        Path calls = Files.createTempFile(folder, "strace", ".calls");
        Path words = Files.createTempFile(folder, "strace", ".words");
        String names = fault.substring(0, fault.indexOf(':'));
        List<String> command = new ArrayList<>(List.of(
                Unpacked.program("strace").toString(),
                "-f",
                "-o",
                calls.toString(),
                "-e",
                "trace=" + names,
                "-e",
                "inject=" + fault,
                "-p",
                Long.toString(pid)));
        for (Path path : paths) {
            command.addAll(List.of("-P", path.toString()));
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(words.toFile())
                .redirectOutput(Redirect.appendTo(words.toFile()));
        Strace strace = new Strace(builder.start(), calls);
        try {
            Await.until(
                    BOUND,
                    () -> {
                        if (!strace.process.isAlive()) {
                            String why = Files.readString(words).strip();
                            if (why.contains("Operation not permitted")) {
                                Peers.lacking("this machine lets no process be traced: " + why);
                            }
                            throw new IOException("strace: " + why);
                        }
                        return Files.readString(words).contains(" attached");
                    },
                    () -> "strace is not attached");
        } catch (IOException | InterruptedException | RuntimeException | Error failed) {
            strace.close();
            throw failed;
        }
        return strace;
    }

    /// How many calls have failed by it.
    long injected() throws IOException {
        try (var lines = Files.lines(calls)) {
            return lines.filter(line -> line.contains("(INJECTED)")).count();
        }
    }

    /// The calls that have failed by it, a line each.
    String failed() throws IOException {
        return String.join(
                "\n",
                Files.readAllLines(calls).stream()
                        .filter(line -> line.contains("(INJECTED)"))
                        .toList());
    }

    @Override
    public void close() {
        process.destroy(); // it lets go of the process then
        try {
            if (!process.waitFor(BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
