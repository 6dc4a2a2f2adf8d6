package dev.postern;

import java.nio.file.Files;
import java.nio.file.Path;

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
}
