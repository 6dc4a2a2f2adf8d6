package dev.postern.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A file `postern.toml` that tests write.
///
/// @param folder where it stands
/// @param start what it always begins with
record WrittenConfig(Path folder, String start) {
    /// What it is read to, without an environment.
    ConfigReader.Result read(String more) throws IOException {
        Path file = Files.writeString(folder.resolve("postern.toml"), start + more);
        return ConfigReader.read(file, _ -> null);
    }

    /// What it says; the test fails where something is wrong with it.
    Config good(String more) throws IOException {
        return switch (read(more)) {
            case ConfigReader.Result.Good(Config config) -> config;
            case ConfigReader.Result.Bad bad -> throw new AssertionError(bad.faults());
        };
    }

    /// All that is wrong with it.
    List<Fault> faults(String more) throws IOException {
        return switch (read(more)) {
            case ConfigReader.Result.Good _ -> List.of();
            case ConfigReader.Result.Bad bad -> bad.faults();
        };
    }
}
