package dev.postern.blackbox.peers;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The server under test: `./postern run`, as a user starts it, with a configuration that the test wrote.
///
/// It knows nothing of the configuration's content. Its folder holds `postern.toml` and is the working folder of the
/// server and of the commands, so that relative paths in the text lead there. Not for more than one thread.
public final class Postern implements AutoCloseable {
    private static final Duration START_BOUND = Duration.ofSeconds(60);
    private static final Duration STOP_BOUND = Duration.ofSeconds(60);
    private static final Duration COMMAND_BOUND = Duration.ofSeconds(60);
    /// Most tests have no DNS, and are not about who sends.
    private static final String NO_DNS = "\n[authentication]\nverify = false\n";

    private static final String CONFIGURATION = "postern.toml";

    private final Path launcher;
    private final Path folder;
    private final Doors doors;
    private @Nullable Process process;

    private Postern(Path launcher, Path folder, Doors doors) {
        this.launcher = launcher;
        this.folder = folder;
        this.doors = doors;
    }

    /// Where the configuration says that it listens: it is up when all of these accept connections.
    ///
    /// @param ports on 127.0.0.1
    /// @param sockets Unix sockets
    public record Doors(List<Integer> ports, List<Path> sockets) {
        public Doors {
            ports = List.copyOf(ports);
            sockets = List.copyOf(sockets);
        }
    }

    /// Writes the configuration and starts the server, which asks no DNS about senders unless the configuration has
    /// `[authentication]`; returns when it listens on all these ports of 127.0.0.1.
    public static Postern start(Path folder, String toml, Integer... ports) throws IOException, InterruptedException {
        return start(folder, toml, new Doors(List.of(ports), List.of()));
    }

    /// Writes the configuration and starts the server; returns when all its doors are open.
    public static Postern start(Path folder, String toml, Doors doors) throws IOException, InterruptedException {
        return start(launcher(), folder, toml + (toml.contains("[authentication]") ? "" : NO_DNS), doors);
    }

    /// Writes the configuration and starts the server with at most so many files and sockets open at once.
    public static Postern startWithin(int descriptors, Path folder, String toml, Integer... ports)
            throws IOException, InterruptedException {
        return startUnder("ulimit -n " + descriptors, folder, toml, ports);
    }

    /// Writes the configuration and starts the server under a shell that did this first, as each later start and
    /// command is.
    ///
    /// @param prelude of a POSIX shell, such as `ulimit -n 100` or `export LD_PRELOAD=…`
    public static Postern startUnder(String prelude, Path folder, String toml, Integer... ports)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path under = folder.resolve("postern-under");
        Files.writeString(under, "#!/bin/sh\n%s\nexec '%s' \"$@\"\n".formatted(prelude, launcher()));
        Files.setPosixFilePermissions(under, PosixFilePermissions.fromString("rwx------"));
        return start(under, folder, toml + NO_DNS, new Doors(List.of(ports), List.of()));
    }

    static Postern start(Path launcher, Path folder, String toml, Doors doors)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(CONFIGURATION), toml);
        Postern postern = new Postern(launcher, folder, doors);
        postern.launch();
        return postern;
    }

    /// Runs one command of the launcher to its end, such as `check --config postern.toml`, whether or not a server
    /// runs.
    ///
    /// @param folder its working folder
    public static Finished command(Path folder, byte[] input, String... arguments)
            throws IOException, InterruptedException {
        return command(launcher(), folder, input, arguments);
    }

    private static Finished command(Path launcher, Path folder, byte[] input, String... arguments)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(launcher.toString()));
        line.addAll(List.of(arguments));
        return Program.run(line, folder, Map.of(), input, COMMAND_BOUND);
    }

    private static Path launcher() {
        return Peers.root().resolve("postern");
    }

    private void launch() throws IOException, InterruptedException {
        Process started = begin();
        try {
            awaitDoors(started);
        } catch (IOException | InterruptedException | RuntimeException | Error failed) {
            kill9();
            throw failed;
        }
    }

    private Process begin() throws IOException {
        // Whoever runs the tests in the background of a shell has SIGINT ignored, and by nohup SIGHUP; a server
        // inherits that.
        Process started = new ProcessBuilder(
                        "env",
                        "--default-signal=INT,HUP",
                        launcher.toString(),
                        "run",
                        "--config",
                        configuration().toString())
                .directory(folder.toFile())
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(logFile().toFile()))
                .start();
        process = started;
        return started;
    }

    private void awaitDoors(Process started) throws IOException, InterruptedException {
        for (int port : doors.ports()) {
            Await.until(
                    START_BOUND,
                    () -> isUp(started) && Ports.isListening(port),
                    () -> "Postern does not listen on port " + port + "\n" + log());
        }
        for (Path socket : doors.sockets()) {
            Await.until(
                    START_BOUND,
                    () -> isUp(started) && Ports.isListening(socket),
                    () -> "Postern does not listen on " + socket + "\n" + log());
        }
    }

    private boolean isUp(Process started) throws IOException {
        if (!started.isAlive()) {
            throw new IOException("Postern ended with exit code " + started.exitValue() + "\n" + log());
        }
        return true;
    }

    /// Asks it to end (SIGTERM) and waits until it has.
    ///
    /// @return its exit code
    /// @throws AssertionError when it did not end within a minute; then it is killed
    public int stop() throws InterruptedException {
        Process running = running();
        running.destroy();
        if (!running.waitFor(STOP_BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
            kill9();
            throw new AssertionError("Postern did not end within " + STOP_BOUND + " of SIGTERM\n" + log());
        }
        process = null;
        return running.exitValue();
    }

    /// Asks it to read its configuration again (SIGHUP).
    public void reload() throws IOException, InterruptedException {
        List<String> kill = List.of("kill", "-HUP", Long.toString(pid()));
        Finished sent = Program.run(kill, folder, Map.of(), new byte[0], COMMAND_BOUND);
        if (sent.exitCode() != 0) {
            throw new IOException("SIGHUP could not be sent: " + sent);
        }
    }

    /// Kills it (SIGKILL) and waits until it is gone.
    public void kill9() throws InterruptedException {
        Program.end(running());
        process = null;
    }

    /// The same server with another configuration from its next start on.
    public void reconfigure(String toml) throws IOException {
        Files.writeString(configuration(), toml + (toml.contains("[authentication]") ? "" : NO_DNS));
    }

    /// Starts it again after {@link #stop} or {@link #kill9}, or, where it still runs, after a stop; with the
    /// configuration as it lies in the folder now. Returns when all its doors are open.
    public void restart() throws IOException, InterruptedException {
        if (process != null) {
            stop();
        }
        launch();
    }

    /// Begins to start it again after {@link #stop} or {@link #kill9} and returns at once, whatever becomes of it.
    public void beginRestart() throws IOException {
        if (process != null) {
            throw new IllegalStateException("Postern still runs");
        }
        begin();
    }

    /// Whether its process, which was started and not ended by us, is alive.
    public boolean isAlive() {
        return running().isAlive();
    }

    /// Runs one command of the launcher against this server's configuration: `--config FILE` is put behind the given
    /// words.
    public Finished cli(String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--config", configuration().toString()));
        return command(launcher, folder, new byte[0], words.toArray(String[]::new));
    }

    /// Its process id, for looking at its memory and time under `/proc`.
    public long pid() {
        return running().pid();
    }

    /// Its working folder.
    public Path folder() {
        return folder;
    }

    /// Its configuration file.
    public Path configuration() {
        return folder.resolve(CONFIGURATION).toAbsolutePath();
    }

    /// Everything that it has written to its outputs, all runs together.
    public String log() {
        return ServedPeer.read(logFile());
    }

    private Path logFile() {
        return folder.resolve("postern.out");
    }

    private Process running() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("Postern does not run");
        }
        return running;
    }

    /// Kills it where it still runs.
    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            try {
                Program.end(running);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
