package dev.postern.app;

import dev.postern.sasl.ScramDecoys;
import dev.postern.sasl.StrictBase64;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The secret by which users who do not exist get salts that stay the same, made at the first start.
final class DecoySecret {
    private static final String FILE = "scram.secret";
    private static final int OCTETS = 32;

    private DecoySecret() {}

    /// The decoys by the secret in the data folder.
    ///
    /// @param random one that cannot be foretold
    /// @throws IOException with a sentence, if the secret can be neither read nor written
    static ScramDecoys in(Path data, RandomGenerator random) throws IOException {
        Path file = SecretFile.at(data.resolve(FILE), () -> fresh(random));
        byte[] text = Files.readString(file).strip().getBytes(StandardCharsets.UTF_8);
        Optional<byte[]> secret = StrictBase64.decode(text).filter(octets -> octets.length == OCTETS);
        return new ScramDecoys(secret.orElseThrow(
                () -> new IOException(file + ": is not the secret that was written there; remove it for a new one")));
    }

    private static String fresh(RandomGenerator random) {
        byte[] octets = new byte[OCTETS];
        random.nextBytes(octets);
        return new String(StrictBase64.encode(octets), StandardCharsets.US_ASCII) + "\n";
    }
}
