package dev.postern.app;

import dev.postern.admin.ControlClient;
import dev.postern.admin.ControlRequest;
import dev.postern.app.config.Config;
import dev.postern.app.config.ConfigReader;
import dev.postern.app.config.Fault;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// The option `--config`, shared by every command that needs the configuration file.
final class ConfigOption {
    private static final String NAME = "postern.toml";

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration file. Default: POSTERN_CONFIG, ./postern.toml, /etc/postern/postern.toml.")
    private @Nullable Path file;

    /// The file that is meant.
    Path file() throws Failure {
        if (file != null) {
            return file;
        }
        Optional<Path> named =
                Optional.ofNullable(System.getenv("POSTERN_CONFIG")).map(Path::of);
        if (named.isPresent()) {
            return named.get();
        }
        for (Path candidate : List.of(Path.of(NAME), Path.of("/etc/postern", NAME))) {
            if (Files.exists(candidate)) {
                return candidate;
            }
        }
        throw new Failure(
                Failure.CONFIGURATION,
                "there is no configuration file (./postern.toml, /etc/postern/postern.toml); name it with --config, or"
                        + " make one with 'postern init example.org'");
    }

    /// What the file says; every fault is a line of the failure.
    Config read() throws Failure {
        return switch (ConfigReader.read(file(), System::getenv)) {
            case ConfigReader.Result.Good good -> good.config();
            case ConfigReader.Result.Bad bad -> throw new Failure(Failure.CONFIGURATION, sentence(bad.faults()));
        };
    }

    /// What the file says, for changing accounts: a missing account is no reason not to make it.
    Config readForAccounts() throws Failure {
        return switch (ConfigReader.read(file(), System::getenv)) {
            case ConfigReader.Result.Good good -> good.config();
            case ConfigReader.Result.Bad bad -> {
                Optional<Config> readable = bad.readable()
                        .filter(config -> bad.faults().stream()
                                .noneMatch(f -> f.file().equals(config.domains().accountFile())));
                yield readable.orElseThrow(() -> new Failure(Failure.CONFIGURATION, sentence(bad.faults())));
            }
        };
    }

    /// All faults as one text.
    static String sentence(List<Fault> faults) {
        StringBuilder text = new StringBuilder(
                faults.size() == 1
                        ? "the configuration has a fault:"
                        : "the configuration has " + faults.size() + " faults:");
        faults.forEach(fault -> text.append("\n  ").append(fault));
        return text.toString();
    }

    /// The way to the running server.
    ControlClient control() throws Failure {
        return new ControlClient(controlSocket(read()));
    }

    /// Asks the running server and prints what it answers.
    ///
    /// @param json whether as it comes, one JSON object a line
    /// @param line an answer in words
    /// @return the exit code 0: whatever failed was thrown
    Integer show(ControlRequest request, boolean json, Function<JsonNode, String> line) throws Exception {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        control().call(request, node -> out.println(json ? node.toString() : line.apply(node)));
        return 0;
    }

    /// Where the running server listens for commands.
    static Path controlSocket(Config config) {
        return config.data().resolve("control.sock");
    }
}
