package dev.postern.blackbox.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// The foreign programs under `dev/peers`: whether they are there, and running them.
public final class Peers {
    /// The environment variable or system property that turns a missing peer from a reason to skip into a failure.
    public static final String MODE = "POSTERN_PEERS";

    private static final String REQUIRED = "required";
    private static final Duration BOUND = Duration.ofSeconds(60);

    private Peers() {}

    /// The folder of the sources: the one with `check` and `dev/peers` in it, from the property `postern.root` or
    /// from the working folder upwards.
    public static Path root() {
        Path start =
                Path.of(System.getProperty("postern.root", "")).toAbsolutePath().normalize();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("check")) && Files.isRegularFile(folder.resolve("dev/peers"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no folder with 'check' and 'dev/peers' in it at or above " + start);
    }

    /// Goes on only where all these peers can be run. Otherwise the test is skipped with the reason, or fails with it
    /// where {@link #MODE} says `required`.
    ///
    /// @param peers names as `dev/peers check` prints them, such as `postfix` or `openssl`
    public static void require(String... peers) {
        for (String peer : peers) {
            obstacle(peer).ifPresent(why -> {
                refuse("peer " + peer + ": " + why, isRequired());
            });
        }
    }

    /// Skips the test where this machine itself cannot do what it needs, such as mounting a file: nothing that could
    /// be installed mends that, so it is no failure where {@link #MODE} says `required` either.
    ///
    /// @param reason as the report of the tests tells it
    public static void lacking(String reason) {
        Assumptions.abort(reason);
    }

    static void refuse(String reason, boolean required) {
        if (required) {
            Assertions.fail(reason);
        }
        Assumptions.abort(reason);
    }

    private static boolean isRequired() {
        return REQUIRED.equals(System.getProperty(MODE)) || REQUIRED.equals(System.getenv(MODE));
    }

    /// Why this peer cannot be run; empty where it can.
    public static Optional<String> obstacle(String peer) {
        String state = Survey.TAKEN.states.getOrDefault(peer, "unknown to dev/peers");
        if (!state.equals("there")) {
            return Optional.of(state + "; 'dev/peers install' brings it");
        }
        return Survey.TAKEN.machine;
    }

    /// Runs a program of a peer to its end, with the folder as its working folder and as its `/mnt`.
    public static Finished exec(String peer, Path folder, byte[] input, Duration bound, List<String> command)
            throws IOException, InterruptedException {
        return Program.run(line("exec", peer, folder, command), folder, Map.of(), input, bound);
    }

    /// Runs a program of a peer to its end, without input, within a minute.
    public static Finished exec(String peer, Path folder, String... command) throws IOException, InterruptedException {
        return exec(peer, folder, new byte[0], BOUND, List.of(command));
    }

    static List<String> line(String mode, String peer, Path folder, List<String> command) {
        List<String> line = new ArrayList<>(List.of(
                root().resolve("dev/peers").toString(),
                mode,
                peer,
                folder.toAbsolutePath().toString()));
        line.addAll(command);
        return line;
    }

    /// What `dev/peers check` said, asked once a JVM.
    private record Survey(Map<String, String> states, Optional<String> machine) {
        static final Survey TAKEN = take();

        private static Survey take() {
            try {
                Path folder = Files.createTempDirectory("peers");
                try {
                    String script = root().resolve("dev/peers").toString();
                    return read(Program.run(List.of(script, "check"), folder, Map.of(), new byte[0], BOUND));
                } finally {
                    Files.delete(folder);
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while dev/peers check ran", interrupted);
            }
        }

        /// Reads lines `peers: NAME: there|missing`; what stands in standard error instead of `missing: …` concerns
        /// the machine and so every peer.
        private static Survey read(Finished check) {
            Map<String, String> states = new LinkedHashMap<>();
            for (String line : check.output().lines().toList()) {
                String[] words = line.split(": ", 3);
                if (words.length == 3) {
                    states.put(words[1], words[2]);
                }
            }
            String errors = check.errors().strip();
            boolean concernsTheMachine = check.exitCode() != 0 && !errors.startsWith("peers: missing:");
            return new Survey(states, concernsTheMachine ? Optional.of(errors) : Optional.empty());
        }
    }
}
