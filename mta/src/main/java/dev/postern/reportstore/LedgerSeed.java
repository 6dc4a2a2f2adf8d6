package dev.postern.reportstore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// A number that is another on each server and stays the same there: it spreads the times of reports, and makes their
/// names unlike those of other servers.
public final class LedgerSeed {
    private static final String FILE = "seed";

    private LedgerSeed() {}

    /// The number in the folder of a ledger that is open; one is made where there is none.
    ///
    /// @throws IOException with a sentence, if it can be neither read nor written
    public static long in(Path folder, RandomGenerator random) throws IOException {
        Path file = folder.resolve(FILE);
        if (Files.notExists(file)) {
            String text = HexFormat.of().toHexDigits(random.nextLong()) + "\n";
            Disk.real().replace(file, text.getBytes(StandardCharsets.US_ASCII));
        }
        try {
            return HexFormat.fromHexDigitsToLong(Files.readString(file).strip());
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " holds no number of 16 hexadecimal digits; remove it to have a new one", e);
        }
    }
}
