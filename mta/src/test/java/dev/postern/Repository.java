package dev.postern;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The source tree that these tests stand in.
public final class Repository {

    private Repository() {}

    /// The top folder: the nearest one above the working directory that holds `doc/floors.txt`.
    public static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("doc/floors.txt"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no folder above the working directory holds doc/floors.txt");
    }

    /// The files that are, or are about to be, under version control; in a tree without it, all that no build made.
    ///
    /// @throws IOException when git or the folder cannot be read
    public static List<Path> files() throws IOException {
        Path root = root();
        if (!Files.exists(root.resolve(".git"))) {
            try (Stream<Path> all = Files.walk(root)) {
                return all.filter(Files::isRegularFile)
                        .filter(file -> !root.relativize(file).toString().matches("(?:.*/)?target/.*"))
                        .toList();
            }
        }
        Process git = new ProcessBuilder("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
                .directory(root.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Stream.of(names.split("\0", -1))
                .filter(name -> !name.isEmpty())
                .map(root::resolve)
                .filter(Files::isRegularFile)
                .toList();
    }
}
