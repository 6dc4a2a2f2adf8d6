package dev.postern.app;

import dev.postern.acme.TextRecords;
import dev.postern.app.config.Config;
import dev.postern.dns.DomainName;
import dev.postern.event.Unprintable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// TXT records by a program of the administrator, which is run without a shell, in `/`, with an environment of
/// these variables alone: `PATH`, `POSTERN_ACTION` (`add` or `remove`), `POSTERN_RECORD` (the name) and
/// `POSTERN_VALUE`. It returns when the record is published, with 0, and may say a line when it is not.
record HookedRecords(Config.Hook hook) implements TextRecords {
    private static final String SEARCH_PATH = "/usr/local/bin:/usr/bin:/bin";
    private static final int MOST_OUTPUT = 1024;
    private static final int LAST_WORDS_SECONDS = 2;

    @Override
    public void add(DomainName name, String value) throws IOException, InterruptedException {
        run("add", name, value);
    }

    @Override
    public void remove(DomainName name, String value) throws IOException, InterruptedException {
        run("remove", name, value);
    }

    private void run(String action, DomainName name, String value) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(hook.command());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH", SEARCH_PATH,
                        "POSTERN_ACTION", action,
                        "POSTERN_RECORD", name.text(),
                        "POSTERN_VALUE", value));
        Process process = builder.start();
        CompletableFuture<String> output = CompletableFuture.supplyAsync(
                () -> firstWords(process), task -> Thread.ofVirtual().start(task));
        try {
            if (!process.waitFor(hook.timeOut().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException(hook.command().getFirst() + " did not end within " + hook.timeOut());
            }
            String said = output.completeOnTimeout("", LAST_WORDS_SECONDS, TimeUnit.SECONDS)
                    .join();
            if (process.exitValue() != 0) {
                throw new IOException(hook.command().getFirst() + " ended with " + process.exitValue()
                        + (said.isEmpty() ? "" : ": " + said));
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /// The beginning of what it says, on one line; the rest is read and dropped, so that it can end.
    private static String firstWords(Process process) {
        try (InputStream said = process.getInputStream()) {
            byte[] first = said.readNBytes(MOST_OUTPUT);
            said.transferTo(OutputStream.nullOutputStream());
            return Unprintable.replaced(
                    new String(first, StandardCharsets.UTF_8).strip().replace('\n', ' '));
        } catch (IOException killed) {
            return ""; // its exit code tells enough
        }
    }
}
