package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/// A Maildir that somebody else writes, seen from outside.
///
/// @param root the folder with `new` and `cur` in it; it need not exist yet
public record Maildir(Path root) {
    private static final List<String> SUBFOLDERS = List.of("new", "cur");

    /// The files of all complete messages, by file name; empty while the Maildir does not exist.
    public List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String subfolder : SUBFOLDERS) {
            Path folder = root.resolve(subfolder);
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                    entries.forEach(files::add);
                }
            }
        }
        files.sort(Comparator.comparing(file -> file.getFileName().toString()));
        return files;
    }

    /// The octets of all complete messages, by file name.
    ///
    /// @throws NoSuchFileException when a reader moved a message meanwhile
    public List<byte[]> messages() throws IOException {
        List<byte[]> messages = new ArrayList<>();
        for (Path file : files()) {
            messages.add(Files.readAllBytes(file));
        }
        return messages;
    }

    /// Waits until there are at least this many messages and returns them all.
    ///
    /// @throws AssertionError after the bound
    public List<byte[]> awaitMessages(int count, Duration bound) throws IOException, InterruptedException {
        return awaitMessages(count, bound, () -> "");
    }

    /// The same, with a log of the writer for the message of the failure.
    public List<byte[]> awaitMessages(int count, Duration bound, Supplier<String> log)
            throws IOException, InterruptedException {
        Await.until(
                bound,
                () -> files().size() >= count,
                () -> count + " messages in " + root + ", there are " + seen() + "\n" + log.get());
        return messages();
    }

    private String seen() {
        try {
            return Integer.toString(files().size());
        } catch (IOException failed) {
            return "an unknown number (" + failed + ")";
        }
    }
}
