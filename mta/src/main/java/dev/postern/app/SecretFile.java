package dev.postern.app;

import dev.postern.crypto.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/// A file for its owner's eyes only with a secret that a server makes for itself at its first start, and keeps.
final class SecretFile {
    private SecretFile() {}

    /// The file, made where there was none: for the owner's eyes only, and on disk before it is used.
    ///
    /// @param fresh the text of a new one
    static Path at(Path file, Supplier<String> fresh) throws IOException {
        if (!Files.exists(file)) {
            PrivateFile.write(file, fresh.get());
        }
        return file;
    }
}
