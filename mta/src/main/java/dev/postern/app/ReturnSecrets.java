package dev.postern.app;

import dev.postern.srs.SrsSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/// The secrets of return addresses, which a server makes for itself at its first start, and keeps.
final class ReturnSecrets {
    private static final String FILE = "srs.secret";

    private ReturnSecrets() {}

    /// Whether the data folder has secrets.
    static boolean existIn(Path data) {
        return Files.exists(data.resolve(FILE));
    }

    /// The secrets in the data folder; a first one is made there, for the owner's eyes only, and is on
    /// disk before any address is signed with it.
    ///
    /// @param random one that cannot be foretold
    /// @throws IOException with a sentence, if they can be neither read nor written
    static SrsSecrets in(Path data, RandomGenerator random) throws IOException {
        Path file = SecretFile.at(data.resolve(FILE), () -> SrsSecrets.fresh(random) + "\n");
        return switch (SrsSecrets.parse(Files.readString(file))) {
            case SrsSecrets.Reading.Good(SrsSecrets secrets) -> secrets;
            case SrsSecrets.Reading.Bad(int line, String what) ->
                throw new IOException(file + (line == 0 ? "" : ":" + line) + ": " + what);
        };
    }
}
