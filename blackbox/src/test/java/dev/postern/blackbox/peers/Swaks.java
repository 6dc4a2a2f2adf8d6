package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Runs swaks, the command-line SMTP client: one session, its transcript on standard output.
public final class Swaks {
    private static final Duration BOUND = Duration.ofSeconds(60);

    private Swaks() {}

    /// Runs it against a port of 127.0.0.1.
    ///
    /// @param folder its working folder and its `/mnt`: file arguments are named relative to it
    /// @param options such as `--tls --from a@one.test --to b@two.test`; recipients are one list with commas
    /// @return the transcript; exit code 0 only where the whole session succeeded
    public static Finished run(Path folder, int port, String... options) throws IOException, InterruptedException {
        return run(folder, options, "--server", "127.0.0.1:" + port);
    }

    /// Runs it against a Unix socket that lies in the folder.
    public static Finished run(Path folder, Path socket, String... options) throws IOException, InterruptedException {
        return run(folder, options, "--socket", "/mnt/" + folder.relativize(socket));
    }

    private static Finished run(Path folder, String[] options, String... server)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("swaks"));
        command.addAll(List.of(server));
        command.addAll(List.of(options));
        return Peers.exec("swaks", folder, new byte[0], BOUND, command);
    }
}
