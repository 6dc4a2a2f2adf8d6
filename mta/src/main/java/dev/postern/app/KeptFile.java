package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.crypto.PrivateFile;
import dev.postern.delivery.QueueJobText;
import dev.postern.guard.BanText;
import dev.postern.kept.KeptStore;
import dev.postern.queue.HoldText;
import dev.postern.tlspolicy.mtasts.KeptText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// A file in which the server keeps what it knows over a restart, for its owner's eyes only.
///
/// @param longest octets of one that is read
record KeptFile(Path file, int longest) implements KeptStore {
    /// That of bans.
    static KeptFile bans(Config config) {
        return new KeptFile(config.data().resolve("bans"), BanText.LONGEST);
    }

    /// That of MTA-STS policies.
    static KeptFile policies(Config config) {
        return new KeptFile(config.data().resolve("mta-sts"), KeptText.LONGEST);
    }

    /// That of rules that keep mail back.
    static KeptFile holds(Config config) {
        return new KeptFile(config.data().resolve("queue-holds"), HoldText.LONGEST);
    }

    /// That of what operators have ordered for many messages.
    static KeptFile jobs(Config config) {
        return new KeptFile(config.data().resolve("queue-jobs"), QueueJobText.LONGEST);
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public byte[] read() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(longest + 1);
        } catch (NoSuchFileException none) {
            return new byte[0]; // nothing was ever kept here
        }
    }

    @Override
    public void write(String text) throws IOException {
        PrivateFile.write(file, text);
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
