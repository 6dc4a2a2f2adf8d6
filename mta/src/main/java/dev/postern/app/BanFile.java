package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.guard.BanStore;
import dev.postern.guard.BanText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The file that bans are kept in, for its owner's eyes only.
record BanFile(Path file) implements BanStore {
    /// The one of a configuration.
    static Path in(Config config) {
        return config.data().resolve("bans");
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public byte[] read() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(BanText.LONGEST + 1);
        } catch (NoSuchFileException none) {
            return new byte[0]; // nobody was ever banned here
        }
    }

    @Override
    public void write(String text) throws IOException {
        SecretFile.write(file, text);
    }

    @Override
    public void putAside() throws IOException {
        Files.move(
                file,
                file.resolveSibling(file.getFileName() + ".unreadable"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
