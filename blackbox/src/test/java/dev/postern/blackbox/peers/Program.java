package dev.postern.blackbox.peers;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// One run of a program to its end, with its input given and both outputs kept.
public final class Program {
    private Program() {}

    /// Runs it and waits for its end.
    ///
    /// @param folder its working folder
    /// @param environment variables on top of this process's own
    /// @param input all that it can read from standard input
    /// @param bound how long it may run; then it is ended with its children
    /// @throws AssertionError when it had to be ended
    public static Finished run(
            List<String> command, Path folder, Map<String, String> environment, byte[] input, Duration bound)
            throws IOException, InterruptedException {
        Path in = Files.createTempFile("run", ".in");
        Path out = Files.createTempFile("run", ".out");
        Path err = Files.createTempFile("run", ".err");
        try {
            Files.write(in, input);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(in.toFile())
                    .redirectOutput(Redirect.to(out.toFile()))
                    .redirectError(Redirect.to(err.toFile()));
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                end(process);
                throw new AssertionError(command + " ran longer than " + bound + "\n" + read(out) + "\n" + read(err));
            }
            return new Finished(process.exitValue(), read(out), read(err));
        } finally {
            Files.delete(in);
            Files.delete(out);
            Files.delete(err);
        }
    }

    /// Ends a process and all its children at once and waits until it is gone.
    static void end(Process process) throws InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
    }

    /// A file as text; what is not UTF-8 in it becomes the replacement character.
    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
